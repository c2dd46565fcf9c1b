"""Saved views, which are filters with a name: showing one, saving the filter as one, taking one away."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm


def views(app: "TaskTerm") -> None:
    """All of them, to choose from."""
    from taskterm.tui.screens.views import Views

    lens = app.lens

    def chosen(answer: str | None) -> None:
        kind, _, name = (answer or "").partition(":")
        if kind == "show":
            app.set_filter(f"view:{name}")
        elif kind == "remove":
            app.work.execute("view_remove", {"names": [name]})
        elif kind == "save":
            save(app)

    app.push_screen(Views(lens.everything.snapshot.views, lens.view, lens.query.text.strip()), chosen)


def save(app: "TaskTerm") -> None:
    """Ask for the name of the filter that is on."""
    from taskterm.tui.screens.prompt import Prompt

    text = app.lens.query.text.strip()
    problem = app.lens.problem(typing=False)
    if not text or problem:
        app.say(problem or app.keys.said("there is no filter to save: {filter} begins one"), bad=True)
        return

    def submit(_prompt: Prompt, name: str) -> None:
        app.work.execute("view_save", {"name": name.strip(), "query": text})

    app.push_screen(
        Prompt(f"Save as a view: {text}", "taskterm view save", placeholder="a name, such as urgent", submit=submit)
    )


ACTS: dict[str, Callable[["TaskTerm"], None]] = {"views": views, "save_view": save}
