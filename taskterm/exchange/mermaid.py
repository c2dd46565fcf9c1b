"""Tasks and their dependencies as a Mermaid flowchart, which many wikis and code hosts draw."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from taskterm.core import dates
from taskterm.core.diagram.tasks import urgency_at, whole
from taskterm.core.palette import LIGHT
from taskterm.core.snapshot import Snapshot, shown_state
from taskterm.exchange.labels import label_lines

# What Mermaid gives a meaning inside quoted text: entities, quotes, markup, Markdown, formulas, directives, icons.
_MEANT = '&#";<>`$%\\*_~:|'
_ESCAPES = {ord(char): f"#{ord(char)};" for char in _MEANT}

WIDTH = 22
"""Cells of a line of a label; Mermaid itself wraps wider ones a second time."""

_STYLES = {
    "running": ("run", ""),
    "failed": ("fail", "t_fail"),
    "doing": ("run", ""),
    "ready": ("ready", ""),
    "blocked": ("line2", ""),
    "waiting": ("line2", ""),
    "done": ("done", "surface"),
    "cancelled": ("line2", "surface"),
}
"""The colour roles of a state: its border, and its ground where that is not the page."""


def render(snapshot: Snapshot, ids: Collection[int], now: datetime) -> str:
    """A flowchart of these tasks and the dependencies among them; ends in a newline.

    Nodes are called `t12` after their ids. What would steer Mermaid is written as entities, so a title is only ever
    text. Edges of the critical path are thick (`==>`).
    """
    picture = whole(snapshot, ids, urgency_at(snapshot, now))
    at = dates.to_utc_text(now)
    lines = ["flowchart LR"]
    used: dict[str, list[str]] = {}
    for task_id in (*picture.ids, *picture.alone):
        state = shown_state(snapshot.tasks[task_id], at)
        label = "<br/>".join(escape(line) for line in label_lines(snapshot.tasks[task_id], state, WIDTH))
        lines.append(f'    t{task_id}["{label}"]')
        used.setdefault(state, []).append(f"t{task_id}")
    for edge in picture.edges:
        arrow = "==>" if edge in picture.critical else "-->"
        lines.append(f"    t{edge[0]} {arrow} t{edge[1]}")
    for state, nodes in used.items():
        lines.append(f"    classDef {state} {_css(state)}")
        lines.append(f"    class {','.join(nodes)} {state}")
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Harmless text for a quoted label, on one line. `$$` would begin a formula and `:fa-` an icon even as entities, so
    a joiner that takes no place parts them."""
    for meant, instead in (("$$", "$\u2060$"), ("$$", "$\u2060$"), (":fa-", ":\u2060fa-")):
        text = text.replace(meant, instead)
    return text.translate(_ESCAPES)


def _css(state: str) -> str:
    border, ground = _STYLES[state]
    style = f"fill:{LIGHT[ground or 'bg']},stroke:{LIGHT[border]},color:{LIGHT['text']}"
    return style + ",stroke-dasharray:4 3" if state == "blocked" else style
