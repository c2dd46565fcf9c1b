"""Tasks and their dependencies as a graph in the DOT language of Graphviz."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from taskterm.core import dates
from taskterm.core.diagram.tasks import urgency_at, whole
from taskterm.core.palette import LIGHT
from taskterm.core.snapshot import Snapshot, shown_state
from taskterm.exchange.labels import label_lines

_BORDERS = {"running": "run", "failed": "fail", "doing": "run", "ready": "ready", "done": "done"}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "&": "&amp;", "<": "&lt;", ">": "&gt;"})

_HEAD = f"""\
digraph tasks {{
    graph [rankdir=LR, bgcolor="transparent"]
    node [shape=box, style="rounded", fontname="sans-serif", fontsize=11, color="{LIGHT["line2"]}"]
    edge [color="{LIGHT["line2"]}", arrowsize=0.7]
"""


def render(snapshot: Snapshot, ids: Collection[int], now: datetime) -> str:
    """A digraph of these tasks and the dependencies among them; ends in a newline.

    Nodes are called by their ids. Edges of the critical path have `penwidth=2.5`, blocked tasks a dashed border.
    """
    picture = whole(snapshot, ids, urgency_at(snapshot, now))
    at = dates.to_utc_text(now)
    lines = []
    for task_id in (*picture.ids, *picture.alone):
        state = shown_state(snapshot.tasks[task_id], at)
        label = "\\l".join(escape(line) for line in label_lines(snapshot.tasks[task_id], state)) + "\\l"
        more = f', color="{LIGHT[_BORDERS[state]]}"' if state in _BORDERS else ""
        if state == "blocked":
            more += ', style="rounded,dashed"'
        lines.append(f'    {task_id} [label="{label}"{more}]')
    for edge in picture.edges:
        heavy = f' [penwidth=2.5, color="{LIGHT["text"]}"]' if edge in picture.critical else ""
        lines.append(f"    {edge[0]} -> {edge[1]}{heavy}")
    return _HEAD + "\n".join(lines) + ("\n" if lines else "") + "}\n"


def escape(text: str) -> str:
    """Harmless text for a quoted string. Graphviz reads HTML entities and backslashes there."""
    return text.translate(_ESCAPES)
