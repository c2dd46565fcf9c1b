"""What the footer says just now: the keys of what has the focus, and how far the view has got. Called by the app."""

from typing import TYPE_CHECKING

from taskterm.tui import footing
from taskterm.tui.text import visible

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm
    from taskterm.tui.messages import Hint


def said(app: "TaskTerm", *, typing: bool, problem: str) -> tuple[tuple["Hint", ...], str]:
    """Hints and status; `typing` into the filter field, where `problem` says what is wrong with the filter."""
    desk, picture = app.desk, app.picture
    if typing:
        return footing.FILTERING, visible(problem) or app.view.status()
    if desk.welcoming:
        return app.keys.hints(footing.WELCOME, ""), ""
    if getattr(app.view, "searching", False):  # every letter is text
        return app.view.hints(), app.view.status()
    if getattr(app.view, "in_mode", False):  # an end is picked, a card is carried: only that matters now
        return app.keys.hints((*app.view.hints(), footing.HELP), desk.view_id), app.view.status()
    in_detail = desk.detail.has_focus
    hints = footing.hints_for(
        desk.view_id,
        app.view.hints(),
        app.selected,
        picture.snapshot,
        in_detail=in_detail,
        marked=len(picture.marked),
    )
    return app.keys.hints(hints, "detail" if in_detail else desk.view_id), app.view.status()
