"""Many lines that are to be tasks, as rows: what each would create, or what is the matter with it. Pure."""

from collections.abc import Mapping
from datetime import datetime

from taskterm.core import dates
from taskterm.core.capture import Capture
from taskterm.core.commands.many import ABOVE
from taskterm.core.manylines import TypedLine
from taskterm.core.snapshot import Snapshot
from taskterm.tui.glyphs import Glyphs
from taskterm.tui.naming import find
from taskterm.tui.rows import Row, Span, field, fit_spans, gap, spread, width_of
from taskterm.tui.text import visible


def unknown(line: TypedLine, above: Mapping[int, str], snapshot: Snapshot) -> str:
    """The first task that the line names and that is neither there nor made by a line above it; empty for none.

    `above` are the titles of the lines above that become tasks, by their numbers.
    """
    if line.capture is None:
        return ""
    for ref in (*line.capture.after, *line.capture.before):
        part = ref.strip().casefold()
        if part == ABOVE:
            known = bool(above)
        else:
            fits = [title for title in above.values() if part and part in title.casefold()]
            exact = [title for title in fits if title.casefold() == part]
            known = find(snapshot, ref) is not None or len(exact or fits) == 1
        if not known:
            return ref
    return ""


def trouble(line: TypedLine, above: Mapping[int, str], snapshot: Snapshot) -> str:
    """Why a line cannot become a task, as a sentence with what to do; empty where it can."""
    if line.problem is not None:
        return f"{line.problem.message} · {line.problem.hint}" if line.problem.hint else line.problem.message
    ref = unknown(line, above, snapshot)
    if not ref:
        return ""
    if (bare := ref.strip().removeprefix("#")).isdigit():
        return f"there is no task #{bare} · give another id, or a part of a title"
    return f"{visible(ref)} names no task, or several · give an id"


def row(line: TypedLine, problem: str, *, skipped: bool, width: int, now: datetime, glyphs: Glyphs) -> Row:
    """One line: its number, a sign, the title, and what else was understood at the right."""
    number = field(str(line.number), 5, "mute", "right")
    if skipped:
        text = Span(visible(line.text.strip()), "mute", strike=True)
        return Row([gap(1), number, gap(4), *spread([text], [Span("left out ", "mute")], width - 10, glyphs.ellipsis)])
    if problem or line.capture is None:
        text = Span(visible(line.text.strip()), "warn", underline=True)
        right = [Span(glyphs.words(problem.partition(" · ")[0]), "soft"), gap(1)]
        room = max((width - 10) // 2, width - 12 - width_of([text]))
        right = fit_spans(right, room, glyphs.ellipsis)
        return Row(
            [gap(1), number, gap(2), Span("? ", "warn", True), *spread([text], right, width - 10, glyphs.ellipsis)]
        )
    facts = fit_spans(facts_of(line.capture, now), max((width - 10) // 2, 8), glyphs.ellipsis)
    sign = Span(f"{glyphs.state['ready']} ", "ready")
    title = Span(visible(line.capture.title), "text")
    return Row([gap(1), number, gap(2), sign, *spread([title], [*facts, gap(1)], width - 10, glyphs.ellipsis)])


def facts_of(capture: Capture, now: datetime) -> list[Span]:
    """What a line says besides its title, in few words."""
    words: list[str] = []
    if capture.after or capture.before:
        words += [f"after {', '.join(capture.after)}"] if capture.after else []
        words += [f"before {', '.join(capture.before)}"] if capture.before else []
    words += [f"${' ' + command}" for command in capture.run]
    words += [f"@{capture.assignee}"] if capture.assignee else []
    words += [f"+{tag}" for tag in capture.tags]
    words += [capture.project] if capture.project else []
    words += [capture.priority] if capture.priority else []
    words += [dates.format_minutes(capture.estimate_minutes)] if capture.estimate_minutes else []
    words += [dates.format_moment(capture.due, now, end=True)] if capture.due else []
    return [Span(visible("  ".join(words)), "accent")] if words else []
