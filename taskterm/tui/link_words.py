"""What link mode says in the tree and the diagram: its keys, what is being picked, and what picking would do. Pure."""

from taskterm.tui.footing import Hint
from taskterm.tui.linking import Link, path_words
from taskterm.tui.picture import Picture
from taskterm.tui.rows import Row, Span, fit_spans, gap, spread, width_of
from taskterm.tui.text import visible
from taskterm.tui.theme import Glyphs


def hints(walk: str) -> tuple[Hint, ...]:
    """The keys of the footer; `walk` are those that move."""
    return (
        Hint(walk, "walk"),
        Hint("enter", "link"),
        Hint("tab", "other direction"),
        Hint("ctrl+k", "all tasks"),
        Hint("esc", "cancel"),
    )


def source(picture: Picture, link: Link, glyphs: Glyphs) -> list[Span]:
    """`Link #17 Write release notes → pick what waits for it`."""
    task = picture.snapshot.tasks[link.source]
    what = "pick what waits for it" if link.forward else "pick what it waits for"
    return [
        Span("Link ", "accent", True),
        Span(f"#{task.id} {visible(task.title)}", "text", True),
        Span(f" {glyphs.arrow if link.forward else glyphs.waits} {what}", "soft"),
    ]


def all_tasks(glyphs: Glyphs) -> Span:
    """`ctrl+k lists all tasks`: the way out of a view that does not show the other end."""
    key = (glyphs.keys.all("link") or ("",))[-1]
    return Span(f"{key} lists all tasks".strip(), "soft")


def effect(link: Link, other: int | None, glyphs: Glyphs) -> list[Span]:
    """What picking a task would do, in a few words: the link, the cycle or the reason against it."""
    verdict = link.verdict
    if verdict is None or other is None:
        return []
    first, second = link.ends(other)
    if verdict.path:
        chain = glyphs.words(path_words(verdict.path))
        return [Span("refused: it would close a cycle  ", "fail", True), Span(chain, "fail")]
    if verdict.kind == "refused":
        return [Span(f"not possible: #{other} {verdict.why}", "soft")]
    if verdict.kind == "unlink":
        return [Span("linked already  ", "soft"), Span(glyphs.words(f"#{first} → #{second}"), "soft")]
    return [Span("enter links  ", "accent", True), Span(glyphs.words(f"#{first} → #{second}"), "text")]


def banner_row(picture: Picture, link: Link, other: int | None, width: int, glyphs: Glyphs) -> Row:
    """The line on the ground of the mode: from where at the left, which is cut first, what it would do at the right."""
    right = effect(link, other, glyphs) or [all_tasks(glyphs)]
    if width_of(right) + 3 > width:  # too narrow for a sentence: the path says it
        right = fit_spans(right[1:], width - 3, glyphs.ellipsis)
    left = [Span(glyphs.cursor, "accent"), gap(1), *source(picture, link, glyphs)]
    return Row(spread(left, [*right, gap(1)], width, glyphs.ellipsis), on="t_acc")
