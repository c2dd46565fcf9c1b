"""What works whatever is selected: adding, taking back, copying, finding, help, leaving."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from taskterm.core.manylines import is_left_out
from taskterm.tui.widgets.entry import LINES_PASTED, TOO_MANY_LINES

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm


def add(app: "TaskTerm") -> None:
    """The capture line, or the list of several lines, with the draft that was left."""
    draft = app.drafts.take()
    if "\n" in draft:
        if not all(is_left_out(line) for line in draft.split("\n")):
            add_lines(app, draft)
            return
        draft = ""  # comments alone are nothing to go on with
    from taskterm.tui.screens.capture import CaptureScreen

    def pasted(text: str | None) -> None:
        if text:
            add_lines(app, text)

    app.push_screen(CaptureScreen(app.picture, app.work, lambda: app.lens.index, draft, app.drafts.keep), pasted)


def add_lines(app: "TaskTerm", text: str) -> None:
    """Several lines, each of them a task to be: shown before anything is added."""
    from taskterm.tui.screens.many import ManyScreen

    app.push_screen(ManyScreen(text, app.picture, app.work, lambda: app.lens.index, app.drafts.keep))


def paste(app: "TaskTerm", text: str) -> None:
    """Text that was pasted into no field: tasks to be, below the draft that was left."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if text.count("\n") >= LINES_PASTED:
        app.say(TOO_MANY_LINES, bad=True)
    elif text.strip():
        draft = app.drafts.take()
        app.drafts.keep(f"{draft}\n{text}" if draft else text)
        add(app)


def undo(app: "TaskTerm") -> None:
    """Take back the last operation of this user."""
    app.work.execute("undo", {})


def undo_this(app: "TaskTerm") -> None:
    """Take back the operation that the cursor of the history is on, whoever did it."""
    number = app.desk.history.operation if app.desk.view_id == "history" else None
    if number is None:
        app.say(app.keys.said("choose an operation in the history first: {history} shows it"), bad=True)
    else:
        app.work.execute("undo", {"operation": number})


def redo(app: "TaskTerm") -> None:
    """Bring it back."""
    app.work.execute("redo", {})


def copy(app: "TaskTerm") -> None:
    """To the terminal's clipboard (OSC 52)."""
    copy_text: Callable[[], str | None] = getattr(app.view, "copy_text", lambda: None)
    text = copy_text()
    things = "lines" if text is not None else "tasks"
    if text is None:
        text = "\n".join(f"#{task.id} {task.title}" for task in app.targets)
    if text:
        app.copy_to_clipboard(text)
        lines = text.count("\n") + 1
        app.say(f"{lines} {things} copied" if lines > 1 else f"copied: {text}")


def copy_diagram(app: "TaskTerm") -> None:
    """What the diagram shows, as Mermaid."""
    drawn = app.desk.diagram.drawn
    if drawn is None or app.desk.view_id != "diagram" or drawn.kind == "overview":
        app.say(f"open a diagram first, with {app.keys.of('diagram')}", bad=True)
        return
    from taskterm.exchange import mermaid

    app.copy_to_clipboard(mermaid.render(drawn.wanted.snapshot, drawn.picture.ids, app.picture.now))
    app.say(f"copied as Mermaid: {len(drawn.picture.ids)} tasks")


def filter_tasks(app: "TaskTerm") -> None:
    """The filter field."""
    app.open_filter()


def palette(app: "TaskTerm") -> None:
    """Every action, and everything there is."""
    from taskterm.tui.actions import BY_ID
    from taskterm.tui.jumping import RECENT, Finder
    from taskterm.tui.screens.palette import PaletteScreen
    from taskterm.tui.view_keys import MOVES, VIEW_KEYS
    from taskterm.tui.widgets.runs import Runs

    def chosen(target: str | None) -> None:
        if target is None:
            return
        kind, _, value = target.partition(":")
        if kind == "key":
            app.do_here(value)
            return
        app.recent[:] = [target, *(other for other in app.recent if other != target)][:RECENT]
        if kind in ("task", "workflow"):
            app.go_to(int(value))
        elif kind == "filter":
            app.set_filter(value)
        elif kind == "run":
            app.switch_to("runs")
            app.desk.query_one(Runs).select_run(int(value))
        else:
            app.action_do(value)

    picture = app.lens.everything
    place = "detail" if app.desk.detail.has_focus else app.desk.view_id
    named = [key for key in VIEW_KEYS if place in key.places and key.id and key.id not in MOVES | BY_ID.keys()]
    here = [(key.id, key.title, app.keys.of(key.id, place)) for key in named]
    finder = Finder(app.lens.index, app.selected, app.recent, refused=app.refused is not None, here=here)
    app.push_screen(PaletteScreen(picture, app.targets, finder), chosen)


def show_help(app: "TaskTerm") -> None:
    """Keys and words."""
    from taskterm.tui.screens.help import Help

    app.push_screen(Help())


def theme(app: "TaskTerm") -> None:
    """Another theme, seen while it is chosen; the choice is written into config.toml."""
    from taskterm.tui.screens.themes import Themes
    from taskterm.tui.theme import PREFIX

    if app.no_color:
        app.say("there are no colours to choose: NO_COLOR is set, or color is false", bad=True)
        return
    worn = app.theme.removeprefix(PREFIX)

    def chosen(name: str | None) -> None:
        if name is not None:
            app.work.prefer("theme", name)

    app.push_screen(Themes(worn), chosen)


def quit_app(app: "TaskTerm") -> None:
    """Leave; runs have their own supervisors and go on."""
    app.leave()


def suspend(app: "TaskTerm") -> None:
    """To the shell for a while; runs and what others write go on, and the screen catches up."""
    app.action_suspend_process()


ACTS: dict[str, Callable[["TaskTerm"], None]] = {
    "add": add,
    "undo": undo,
    "undo_this": undo_this,
    "redo": redo,
    "copy": copy,
    "copy_diagram": copy_diagram,
    "filter": filter_tasks,
    "palette": palette,
    "theme": theme,
    "help": show_help,
    "quit": quit_app,
    "suspend": suspend,
}
