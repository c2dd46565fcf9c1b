"""Every action of the TUI in one table: its key, its words, and the command line that does the same.

The bindings of the app, the footer, the help and the palette are all read from here.
"""

from __future__ import annotations

from taskterm.core.lean import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Action(NamedTuple):
    """`id` names the function in acts/. `command` may hold {id} for the numbers of the tasks that are meant.

    `section` groups the help and the palette: `task` acts on the marked tasks or the selected one, `mark` marks, `any`
    works everywhere, `go` changes what is shown. `word` is the footer's, `title` the palette's, `about` says more in
    the help and under the palette.
    """

    id: str
    keys: tuple[str, ...]
    word: str
    title: str
    command: str
    section: str
    about: str = ""


ACTIONS: tuple[Action, ...] = (
    Action("open", ("enter",), "open", "Open", "taskterm show {id}", "task", "Everything about the task."),
    Action("edit", ("e",), "edit", "Edit…", "taskterm edit {id}", "task", "A form with every field."),
    Action(
        "notes",
        ("E",),
        "notes in editor",
        "Notes in your editor",
        "taskterm note {id}",
        "task",
        "Opens $VISUAL or $EDITOR on its notes.",
    ),
    Action(
        "change",
        ("w",),
        "change",
        "Change by words…",
        "taskterm edit {id} …",
        "task",
        "Words as in Add a task; only what they say changes, in all that are marked.",
    ),
    Action("assign", ("@",), "assign", "Assign…", "taskterm assign {id} …", "task", "Gives it to somebody."),
    Action("done", ("space",), "done", "Done", "taskterm done {id}", "task", "Finishes it, and names what is free."),
    Action(
        "anyway",
        ("!",),
        "anyway",
        "Do it anyway",
        "taskterm … {id} --force",
        "task",
        "What was just refused for a limit or a blocker, and only that. The history says so.",
    ),
    Action("start", ("s",), "start", "Start", "taskterm start {id}", "task", "Somebody begins: it moves to Doing."),
    Action("put_back", ("S",), "put back", "Put back", "taskterm stop {id}", "task", "Work is put down: todo again."),
    Action("run", ("r",), "run", "Run its steps", "taskterm run {id}", "task", "Starts its shell steps."),
    Action(
        "run_needs",
        ("R",),
        "run with needs",
        "Run with what it needs",
        "taskterm run {id} --with-needs",
        "task",
        "Runs everything before it first; people's tasks in between are waited for.",
    ),
    Action(
        "run_workflow",
        ("f5",),
        "run workflow",
        "Run all of its workflow",
        "taskterm run --workflow …",
        "task",
        "Runs every open task of the workflow that it belongs to, in order.",
    ),
    Action(
        "steps",
        ("$",),
        "steps",
        "Its shell steps…",
        "taskterm step list {id}",
        "task",
        "See, add, change and take out its commands.",
    ),
    Action("stop", ("x",), "stop", "Stop the run", "taskterm stop-run RUN", "task", "Ends the processes of its run."),
    Action("comment", ("c",), "comment", "Comment…", "taskterm comment {id} …", "task", "Says something about it."),
    Action(
        "link",
        ("l", "ctrl+k"),
        "link",
        "Link…",
        "taskterm link {id} --after …",
        "task",
        "Pick the other end on screen.",
    ),
    Action(
        "unlink",
        ("X",),
        "unlink",
        "Unlink…",
        "taskterm unlink {id} --after …",
        "task",
        "In the tree: cuts its link to the line above; elsewhere you pick what it is cut from.",
    ),
    Action(
        "left",
        ("<",),
        "move left",
        "Move one column left",
        "taskterm move {id} …",
        "task",
        "Towards Ready on the board.",
    ),
    Action(
        "right",
        (">",),
        "move right",
        "Move one column right",
        "taskterm move {id} …",
        "task",
        "Towards Done on the board.",
    ),
    Action(
        "copy_diagram",
        ("Y",),
        "copy as Mermaid",
        "Copy the diagram as Mermaid",
        "taskterm graph --format mermaid",
        "go",
        "The tasks of the diagram, for a page or a chat.",
    ),
    Action("copy", ("y",), "copy", "Copy", "", "task", "Number and title to the clipboard."),
    Action("cancel", ("C",), "cancel", "Cancel", "taskterm cancel {id}", "task", "Not to be done; blocks no more."),
    Action("reopen", ("O",), "reopen", "Reopen", "taskterm reopen {id}", "task", "A finished task is todo again."),
    Action("delete", ("d", "delete"), "delete", "Delete…", "taskterm delete {id}", "task", "Takes it out altogether."),
    Action("mark", ("m",), "mark", "Mark", "", "mark", "The next action is about all that are marked."),
    Action("mark_to", ("M",), "mark up to here", "Mark up to here", "", "mark", "From the task that was marked last."),
    Action("mark_down", ("shift+down",), "mark down", "Mark on downwards", "", "mark", "This task and the next one."),
    Action("mark_up", ("shift+up",), "mark up", "Mark on upwards", "", "mark", "This task and the one before."),
    Action(
        "mark_all",
        ("*",),
        "mark all",
        "Mark all, or none",
        "",
        "mark",
        "What is open in this view; with a filter, all that it shows.",
    ),
    Action("mark_invert", (), "invert marks", "Mark the others instead", "", "mark", "What is not marked, is."),
    Action("unmark", (), "no marks", "Take all marks away", "", "mark", "As esc does."),
    Action("add", ("a",), "add", "Add a task…", "taskterm add …", "any", "One line; dates, people and tags in words."),
    Action(
        "workflow",
        ("W",),
        "workflow",
        "Start a workflow…",
        "taskterm workflow start FILE",
        "any",
        "A template with steps and questions.",
    ),
    Action("undo", ("u",), "undo", "Undo", "taskterm undo", "any", "Takes back what you did last."),
    Action(
        "undo_this",
        ("U",),
        "undo this one",
        "Undo this operation",
        "taskterm undo OPERATION",
        "any",
        "The one under the cursor of the history, whoever did it.",
    ),
    Action("redo", ("ctrl+r",), "redo", "Redo", "taskterm redo", "any", "Brings back what you undid last."),
    Action("filter", ("/",), "filter", "Filter…", "taskterm list …", "any", "Words, +tag, @person, project:x, states."),
    Action(
        "save_view",
        (),
        "save view",
        "Save the filter as a view…",
        "taskterm view save NAME …",
        "any",
        "The filter gets a name and a place at the top.",
    ),
    Action("palette", (":", "ctrl+p"), "palette", "Palette…", "taskterm help", "any", "Every action, every task."),
    Action(
        "theme",
        ("T",),
        "theme",
        "Theme…",
        "taskterm config set theme …",
        "any",
        "Other colours, seen while you choose.",
    ),
    Action("help", ("?", "f1"), "help", "Help", "taskterm --help", "any", "Keys, signs and the words of a filter."),
    Action("quit", ("q", "ctrl+q"), "quit", "Quit", "", "any", "A run goes on without this screen."),
    Action("suspend", ("ctrl+z",), "suspend", "Back to the shell", "", "any", "The shell's fg brings the screen back."),
    Action("tasks", ("1",), "tasks", "Go to Tasks", "taskterm list", "go", "What needs a look first."),
    Action("board", ("2",), "board", "Go to Board", "taskterm board", "go", "The same tasks by stage."),
    Action(
        "lanes",
        ("L",),
        "lanes",
        "Swimlanes of the board",
        "taskterm board --by person",
        "go",
        "A lane a person, a lane a project, or none.",
    ),
    Action(
        "columns",
        ("B",),
        "columns",
        "Columns of the board…",
        "taskterm column list",
        "any",
        "Stages: added, renamed, limited, moved, taken out.",
    ),
    Action("tree", ("3",), "deps", "Go to Deps", "taskterm tree {id}", "go", "What comes before and after a task."),
    Action(
        "diagram",
        ("g",),
        "diagram",
        "Tree or diagram",
        "taskterm graph",
        "go",
        "The same dependencies as boxes and lines, and back.",
    ),
    Action(
        "views",
        ("v",),
        "views",
        "Saved views…",
        "taskterm view list",
        "go",
        "Filters that have a name; alt+1 to alt+9 show the first nine.",
    ),
    Action("runs", ("4",), "runs", "Go to Runs", "taskterm runs", "go", "Executions and their output."),
    Action("history", ("7",), "history", "Go to History", "taskterm history", "go", "Who did what, newest first."),
    Action("tab_left", ("[",), "tab", "Previous tab of the task", "taskterm show {id}", "go", "In the detail pane."),
    Action("tab_right", ("]",), "tab", "Next tab of the task", "taskterm show {id}", "go", "Steps, comments, history."),
)
"""In the order in which help and palette list them."""

SECTIONS = (
    ("task", "On the marked tasks, or the selected one"),
    ("mark", "Several at once"),
    ("any", "Everywhere"),
    ("go", "Views"),
)
"""The sections in their order, each with its head in the help."""

BY_ID = {action.id: action for action in ACTIONS}


def command_for(action: Action, task_ids: Sequence[int] = ()) -> str:
    """The command line of an action for these tasks; `ID` stands where there are none."""
    return action.command.replace("{id}", " ".join(map(str, task_ids)) or "ID")
