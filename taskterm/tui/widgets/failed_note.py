"""Two tinted lines at the bottom of the narrow Runs view: the newest failure that nobody has seen to."""

from taskterm.core import dates, story
from taskterm.core.model import Run
from taskterm.tui import run_lines
from taskterm.tui.messages import Picture
from taskterm.tui.rows import BLANK, Row, Span, gap, spread
from taskterm.tui.text import visible
from taskterm.tui.widgets.canvas import Canvas


class FailedNote(Canvas):
    """Names the failed run, what went wrong and what it holds up. It is shown while another run is chosen."""

    DEFAULT_CSS = """
    FailedNote { height: 3; display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._picture: Picture | None = None
        self.run: Run | None = None

    def show(self, picture: Picture, chosen: int | None, *, wanted: bool) -> None:
        """Show the newest failed run, unless it is the chosen one or the note is not wanted."""
        self._picture = picture
        failed = next((group.runs for group in run_lines.groups(picture) if group.name == "Failed"), ())
        self.run = failed[0] if wanted and failed and failed[0].id != chosen else None
        self.display = self.run is not None
        self.redraw()

    def rows(self, width: int, height: int) -> list[Row]:
        """A blank line and the two of the note."""
        if self.run is None or self._picture is None:
            return []
        snapshot, glyphs = self._picture.snapshot, self.glyphs
        edge = Span(glyphs.cursor, "fail")
        head = [
            edge,
            gap(1),
            Span(glyphs.state["failed"], "fail"),
            Span(f" {self.run.id} {visible(self.run.title)}", "text", True),
        ]
        tail = [edge, gap(1)]
        for part in snapshot.run_tasks(self.run.id):
            attempts = [
                a for a in snapshot.attempts(self.run.id, part.task_id) if a.state in ("failed", "timeout", "lost")
            ]
            if part.state not in ("failed", "lost"):
                continue
            if attempts:
                last = attempts[-1]
                ago = f", {dates.relative(last.ended_at, self._picture.now)}" if last.ended_at else ""
                head += [
                    gap(2),
                    Span(story.failure_word(last), "fail", True),
                    Span(f" {visible(last.name)}{ago}", "soft"),
                ]
            held = snapshot.held_up(part.task_id) if part.task_id in snapshot.tasks else set()
            tail.append(Span(visible(part.reason or "failed"), "soft"))
            if held:
                names = " ".join(f"#{i}" for i in sorted(held)[:3]) + (f" +{len(held) - 3}" if len(held) > 3 else "")
                tail.append(Span(glyphs.words(f" · holds up {names}"), "mute"))
            break
        show = [Span("n", "accent", True), Span(" show ", "soft")]
        return [
            BLANK,
            Row(spread(head, show, width, glyphs.ellipsis), on="t_fail"),
            Row(spread(tail, [], width, glyphs.ellipsis), on="t_fail"),
        ]
