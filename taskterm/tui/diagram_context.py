"""What the diagram says about itself: the context row, the footer's keys, the banner of link mode. Pure."""

from taskterm.tui import link_words
from taskterm.tui.diagram_scope import Drawn, steps_shown
from taskterm.tui.linking import Link
from taskterm.tui.messages import Hint, Picture
from taskterm.tui.rows import Row, Span, fit_spans, gap
from taskterm.tui.text import visible
from taskterm.tui.theme import Glyphs

FULL_WIDTH = 110


def line(drawn: Drawn, selected: int | None, lit: str, width: int, glyphs: Glyphs) -> Row:
    """`Diagram release 2.4.0 · 14 tasks · #17 and what waits for it`."""
    # Signs are tasks, all of them, and there may be thousands; boxes may count what is left out.
    count = len(drawn.boxes) if drawn.kind == "overview" else sum(1 for node in drawn.boxes if node > 0)
    tasks = f"{count} task{'s' if count != 1 else ''}"
    spans = [gap(1), Span("Diagram ", "mute")]
    if drawn.kind == "overview":
        spans.append(Span("overview", "text", True))
    elif drawn.kind == "near":
        steps = steps_shown(drawn)
        spans.append(Span(f"around #{drawn.centre}", "text", True))
        spans.append(Span(f", {steps} step{'s' if steps > 1 else ''} each way", "mute"))
        tasks = f"{count} of {drawn.total} tasks"
    else:
        spans.append(Span(_title(drawn), "text", True))
    spans.append(Span(f" {glyphs.dot} {tasks}", "mute"))
    if selected is not None and lit:
        words = "and what it waits for" if lit == "before" else "and what waits for it"
        spans += [Span(f" {glyphs.dot} ", "mute"), Span(f"#{selected}", "text"), Span(f" {words}", "mute")]
    return Row(fit_spans(spans, width, glyphs.ellipsis))


def _title(drawn: Drawn) -> str:
    """The workflow or the project that all tasks are of, else that it is everything."""
    snapshot = drawn.wanted.snapshot
    tasks = [snapshot.tasks[i] for i in drawn.picture.ids]
    workflows = {task.workflow_id for task in tasks}
    if len(workflows) == 1 and (only := workflows.pop()) is not None and only in snapshot.workflows:
        return visible(snapshot.workflows[only].name)
    projects = {task.project for task in tasks}
    if len(projects) == 1 and (project := projects.pop()):
        return visible(project)
    return "of everything open"


def hints(drawn: Drawn | None) -> tuple[Hint, ...]:
    """Keys for the footer, the most useful first."""
    if drawn is not None and drawn.kind == "overview":
        return (
            Hint("hjkl", "walk"),
            Hint("enter", "around it"),
            Hint("HJKL", "pan"),
            Hint("esc", "back"),
            Hint("g", "tree"),
        )
    near = drawn is not None and drawn.kind == "near"
    around = (Hint("[ ]", "steps"), Hint("o", "overview")) if near else ()
    return (
        Hint("hjkl", "walk"),
        Hint("HJKL", "pan"),
        Hint("+ -", "zoom"),
        *around,
        Hint("g", "tree"),
        Hint("ctrl+k", "link"),
        Hint("f", "follow running"),
        Hint("p", "critical only"),
        *(() if near else (Hint("o", "overview"),)),
        Hint("Y", "copy as Mermaid"),
    )


def banner(picture: Picture, link: Link, glyphs: Glyphs) -> tuple[list[Span], list[Span]]:
    """The two ends of the line that says what is being picked."""
    return link_words.source(picture, link, glyphs), [link_words.all_tasks(glyphs)]
