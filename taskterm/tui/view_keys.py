"""The keys of the views, beside those of actions.py: what they are called in config.toml, and where they work.

The views bind them under these ids; a test holds both alike. Arrows, enter, escape and tab always do the same.
"""

from __future__ import annotations

from taskterm.core.lean import NamedTuple

PLACES = {
    "tasks": "the list",
    "board": "the board",
    "tree": "the tree",
    "diagram": "the diagram",
    "runs": "the runs",
    "history": "the history",
    "detail": "the detail pane",
}
"""Where keys go, each as messages call it."""

EVERYWHERE = tuple(PLACES)

FIXED = ("open",)
"""Actions whose key cannot be another."""


MOVES = frozenset(
    ("down", "up", "go_left", "go_right", "page_down", "page_up", "half_down", "half_up", "first", "last")
)
"""Keys that only move; nobody looks for these by name."""


class ViewKey(NamedTuple):
    """Keys of views: `id` in config.toml, empty for those that nobody can change."""

    id: str
    keys: tuple[str, ...]
    title: str
    places: tuple[str, ...]


VIEW_KEYS = (
    ViewKey("down", ("j",), "One line down", EVERYWHERE),
    ViewKey("up", ("k",), "One line up", EVERYWHERE),
    ViewKey("go_left", ("h",), "To the left: a column, a neighbour, a run", ("board", "diagram", "runs")),
    ViewKey("go_right", ("l",), "To the right: a column, a neighbour, a run", ("board", "diagram", "runs")),
    ViewKey("page_down", ("ctrl+f",), "A page down", EVERYWHERE),
    ViewKey("page_up", ("ctrl+b",), "A page up", EVERYWHERE),
    ViewKey("half_down", ("ctrl+d",), "Half a page down", EVERYWHERE),
    ViewKey("half_up", ("ctrl+u",), "Half a page up", EVERYWHERE),
    ViewKey("first", ("g",), "The first line", ("tasks", "board", "runs", "history", "detail")),
    ViewKey("last", ("G",), "The last line", EVERYWHERE),
    ViewKey("fold", ("z",), "Fold or unfold", ("tasks", "board", "tree", "runs")),
    ViewKey("copy", ("y",), "Copy the text that the mouse has marked", ("runs", "history", "detail")),
    ViewKey("next_waited", ("n",), "The next task that is waited for", ("tree",)),
    ViewKey("back", ("backspace",), "The task of the tree before", ("tree",)),
    ViewKey("diagram", ("g",), "Tree or diagram", ("tree", "diagram")),
    ViewKey("pan_left", ("H", "ctrl+left"), "Move the picture to the left", ("diagram",)),
    ViewKey("pan_right", ("L", "ctrl+right"), "Move the picture to the right", ("diagram",)),
    ViewKey("pan_up", ("K", "ctrl+up"), "Move the picture up", ("diagram",)),
    ViewKey("pan_down", ("J", "ctrl+down"), "Move the picture down", ("diagram",)),
    ViewKey("nearer", ("+", "="), "Zoom in", ("diagram",)),
    ViewKey("farther", ("-",), "Zoom out", ("diagram",)),
    ViewKey("boxes", ("0",), "Boxes", ("diagram",)),
    ViewKey("fewer", ("[",), "Fewer steps around a task", ("diagram",)),
    ViewKey("more", ("]",), "More steps around a task", ("diagram",)),
    ViewKey("centre", ("z",), "The selected task in the middle", ("diagram",)),
    ViewKey("overview", ("o",), "Overview, and back", ("diagram",)),
    ViewKey("critical_only", ("p",), "Only the critical path", ("tree", "diagram")),
    ViewKey("next_running", ("f",), "The next task that runs", ("diagram",)),
    ViewKey("split", ("s",), "One pane or several", ("runs",)),
    ViewKey("follow", ("f",), "Follow the output", ("runs",)),
    ViewKey("search", ("/",), "Search in the output", ("runs",)),
    ViewKey("next_match", ("n",), "The next place found", ("runs",)),
    ViewKey("previous_match", ("N",), "The place found before", ("runs",)),
    ViewKey("only_task", ("t",), "Only the task under the cursor, or everything", ("history",)),
    ViewKey("only_mine", ("w",), "Only what you did, or everything", ("history",)),
    ViewKey("pager", ("o",), "The output in the pager", ("runs",)),
    ViewKey("", ("up", "down", "left", "right", "home", "end", "pageup", "pagedown"), "it moves", EVERYWHERE),
    ViewKey("", ("enter",), "it opens or chooses", EVERYWHERE),
    ViewKey("", ("escape",), "it goes back", EVERYWHERE),
    ViewKey("", ("tab", "shift+tab"), "it goes to the other side", EVERYWHERE),
    ViewKey("", tuple([f"alt+{number}" for number in range(1, 10)]), "it shows a saved view", EVERYWHERE),
    ViewKey("", ("ctrl+c",), "it says how to leave", EVERYWHERE),
)
