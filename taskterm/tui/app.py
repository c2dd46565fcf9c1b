"""The application: puts the widgets together and passes messages on.

What an action does is in acts/, what comes back from the worker in answers.py, all input and output in work.py, what
the filter lets through in lens.py, the views and the detail pane in widgets/desk.py.
"""

import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer

from taskterm.core.model import Task
from taskterm.core.snapshot import Snapshot
from taskterm.store.store import Store
from taskterm.tui import endings, foot
from taskterm.tui.actions import ACTIONS
from taskterm.tui.acts import ACTS, going, marking
from taskterm.tui.acts.everywhere import paste
from taskterm.tui.answers import Answers
from taskterm.tui.containment import Fault
from taskterm.tui.drafts import Drafts, Forms
from taskterm.tui.driver import taking_over
from taskterm.tui.early import ALL, SOME, EarlyKeys, KeysMayGo
from taskterm.tui.filtering import Filtering
from taskterm.tui.first import Screen
from taskterm.tui.header_rows import where
from taskterm.tui.keynames import textual
from taskterm.tui.keys import DEFAULT, Keys, unreachable
from taskterm.tui.lens import Lens
from taskterm.tui.manner import Manner, Opening
from taskterm.tui.marks import Marks
from taskterm.tui.messages import ActRequested, DoRequested, MarkRequested, Picture, Said, View
from taskterm.tui.reports import Refused
from taskterm.tui.screens.overlay import Overlay
from taskterm.tui.theme import THEMES
from taskterm.tui.typed import typed
from taskterm.tui.view_keys import FIXED
from taskterm.tui.widgets.attendant import Attendant
from taskterm.tui.widgets.canvas import Canvas
from taskterm.tui.widgets.context import Context
from taskterm.tui.widgets.desk import Desk
from taskterm.tui.widgets.footer import Footer
from taskterm.tui.widgets.header import Header
from taskterm.tui.widgets.sparing import MainScreen
from taskterm.tui.widgets.tiny import Tiny
from taskterm.tui.work import Work, default_clock

if TYPE_CHECKING:
    from taskterm.tui.widgets.diagram import Diagram

LOOK_SECONDS = 0.08
"""How long the cursor rests on a task before its history and output are read."""
KEYS_SECONDS = 0.03
"""How long the first keys have to find their way before the rest is loaded, which keeps them waiting."""
TYPING_SECONDS = 0.4
"""The same while a filter is typed, whose every letter may select another task."""


class TaskTerm(Filtering):
    """One database on one screen. It owns the picture and the filter; everything else asks it."""

    CSS = """
    Screen { background: $background; color: $foreground; }
    Screen:inline { height: 18; border: none; }
    Header:inline { display: none; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            ",".join(action.keys) or unreachable(action.id),
            f"do('{action.id}')",
            action.title,
            show=False,
            id=action.id,
        )
        for action in ACTIONS
        if action.id not in FIXED  # enter belongs to the views, which post TaskActivated
    ]

    def __init__(
        self,
        store: Store,
        *,
        actor: str,
        ascii_only: bool = False,
        theme: str | None = None,
        clock: Callable[[], datetime] = default_clock,
        opening: Opening | None = None,
        screen: Screen | None = None,
        manner: Manner = Manner(),  # noqa: B008
        keys: Keys = DEFAULT,
    ) -> None:
        # Without colour Textual must not translate the terminal's own colours, or all text would be black on black.
        plain = "NO_COLOR" in os.environ
        super().__init__(
            ansi_color=True if plain or theme == "taskterm-ansi" else None,
            driver_class=taking_over(screen) if screen else None,
        )
        for known in THEMES:
            self.register_theme(known)
        self.theme = "taskterm-plain" if plain else theme or "taskterm-dark"
        self.animation_level = "none"
        self.title = f"taskterm · {os.path.basename(store.path)}"
        self.ascii_only = ascii_only
        self.keys = keys
        self.set_keymap(keys.keymap())
        self.lens = Lens(screen.picture if screen else Picture(Snapshot(operation=-1), clock()), actor, clock)
        self.recent = []
        self.goes_on: tuple[int, ...] = ()  # runs that were going on when the user left
        self._clock = clock
        self._opening = opening
        self._first = screen
        self.early = EarlyKeys()
        self._looking: Timer | None = None
        self._answers = Answers(id="answers")
        self.attendant = Attendant(manner, lambda: self._clock())
        self.work = Work(self._answers, store, actor, clock)
        self.drafts = Drafts(self.work.write_draft, self.set_timer)
        self.forms = Forms(self.work.write_forms, self.set_timer)

    def get_default_screen(self) -> MainScreen:
        """What everything stands on."""
        return MainScreen(self._first.size if self._first else None)

    def compose(self) -> ComposeResult:
        """Tabs, context, desk, footer."""
        database, place = where(self.work.store.path, os.path.expanduser("~"))
        yield Header(database=database, place=place, id="header")
        yield Context(lambda: self.lens.index, id="context")
        yield Desk(self.work, self.picture, id="desk")
        yield Footer(id="footer")
        yield self._answers
        yield self.attendant
        yield Tiny()

    def on_mount(self) -> None:
        """Show what is on the screen already, if anything is; the whole picture comes as a message."""
        self.query_one(Header).set_clock(self.picture.now)
        endings.listen(self)
        self.work.read_drafts()  # before anything is typed, which would be written over them
        self.set_interval(1.0, self.attendant.tick)
        if self._first is not None:
            self._link(self._first.read_only)
            self.desk.show(self.picture)
            self.redraw()

    def on_desk_standing(self) -> None:
        """The first picture stands and can be typed into; now the other views are made and the database is read."""
        self.desk.refocus()
        if self._first is not None:
            self.post_message(KeysMayGo(SOME))  # after the focus, which is on its way
        else:
            self.call_after_refresh(self._complete)

    async def _complete(self) -> None:
        await self.query_one(Context).complete()
        await self.desk.complete()
        self.work.start()

    def on_unmount(self) -> None:
        """Let the threads end."""
        endings.deafen()
        self.drafts.flush()
        self.forms.flush()
        self.work.close()

    # what actions and answers use

    @property
    def picture(self) -> Picture:
        """What is shown: the newest state of the database, as far as the filter lets it through."""
        return self.lens.picture

    @property
    def desk(self) -> Desk:
        """The views and the detail pane."""
        return self.base.query_one(Desk)

    @property
    def view(self) -> View:
        """The view that is on."""
        return self.desk.view

    @property
    def selected(self) -> Task | None:
        """The task that keys act on."""
        task_id = self.desk.selected_task
        return self.picture.snapshot.tasks.get(task_id) if task_id is not None else None

    @property
    def targets(self) -> tuple[Task, ...]:
        """The tasks that an action acts on: the marked ones, else the selected one."""
        tasks = self.picture.snapshot.tasks
        if marked := [tasks[task_id] for task_id in sorted(self.marks.ids) if task_id in tasks]:
            return tuple(marked)
        return () if self.selected is None else (self.selected,)

    @property
    def marks(self) -> Marks:
        """Which tasks are marked."""
        return self.lens.marks

    @property
    def refused(self) -> Refused | None:
        """What was refused last and `!` does all the same."""
        return self._answers.overridable

    def say(self, sentence: str, *, bad: bool = False, offer: str = "", seconds: float | None = None) -> None:
        """An answer at the right end of the footer; `offer` is the action that takes back what was done."""
        self.base.query_one("#footer", Footer).say(sentence, bad=bad, offer=offer, seconds=seconds)

    def tell_fault(self, fault: Fault) -> None:
        """Say it; what is new is written down, and the answer says where."""
        self.say(fault.sentence, bad=True)
        if fault not in self.faults[:-1]:
            self.work.keep_report(fault)

    def copy_to_clipboard(self, text: str) -> None:
        """By OSC 52, which tmux takes from nobody by default: it is given the text directly."""
        super().copy_to_clipboard(text)
        if "TMUX" in os.environ:
            self.work.copy_in_tmux(text)

    def switch_to(self, view_id: str) -> None:
        """Show another view."""
        self.base.query_one(Header).activate(view_id)
        self.desk.switch_to(view_id)
        self.redraw()

    def go_to(self, task_id: int) -> None:
        """Select a task, taking a filter away that would hide it."""
        if task_id in self.picture.snapshot.tasks and not self.picture.shows(task_id):
            self.set_filter("")
        self.desk.go_to(task_id)
        self.redraw()

    def leave(self) -> None:
        """Quit; whatever runs has a supervisor of its own."""
        runs = self.picture.snapshot.runs.values()
        self.goes_on = tuple(run.id for run in runs if run.state in ("planned", "running"))
        self.exit()

    # the picture

    def refresh_picture(self, picture: Picture, read_only: str) -> None:
        """The database has another state, or it is another minute."""
        self.goes_on_after_faults = True
        self._link(read_only)
        self.attendant.see(picture.snapshot)
        changed = picture.snapshot is not self.picture.snapshot
        self.show_picture(self.lens.look_at(picture))
        if self._first is not None:
            self._first = None
            self.screen_stack[0].refresh()  # once all of it, in case the first picture had anything otherwise
        if changed and self.selected is not None:
            self.work.look(self.selected.id)
        if self._opening is not None:
            opening, self._opening = self._opening, None
            going.begin(self, opening)
        self._let_keys_go()

    def _link(self, read_only: str) -> None:
        header = self.base.query_one(Header)
        header.set_link(*(("warn", "read-only") if read_only else ("ready", "live")))

    def out_of_reach(self, sentence: str) -> None:
        """The database cannot be read now; the last picture stays."""
        self.base.query_one(Header).set_link("warn", "out of reach")
        self.say(sentence, bad=True)
        self._let_keys_go()

    async def on_event(self, event: events.Event) -> None:
        """As ever; keys that came before there is what they act on are kept until then."""
        if not self.early.keep(event, self) and not await typed(event, self, self.early):
            await super().on_event(event)

    def _let_keys_go(self) -> None:
        if not self.early.over:
            self.call_after_refresh(self.post_message, KeysMayGo(ALL))

    async def on_keys_may_go(self, message: KeysMayGo) -> None:
        """The keys that were kept, in their order and before any other."""
        screen = self.screen_stack[0]
        if isinstance(screen, MainScreen):
            screen.uncover()
        went = False
        for event in self.early.let_go(message, self):
            went = True
            if not await typed(event, self, self.early):
                await super().on_event(event)
        if message.there == SOME:
            self.set_timer(KEYS_SECONDS if went else 0.001, partial(self.call_after_refresh, self._complete))

    def show_picture(self, picture: Picture) -> None:
        """The views and the pane, then what stands around them."""
        self.desk.show(picture)
        self.redraw()

    def redraw(self) -> None:
        """Context and footer anew: the view, the selection, the focus or the numbers have changed."""
        screen, picture = self.base, self.picture
        if not screen.is_mounted or picture.snapshot.operation < 0:
            return
        context = screen.query_one(Context)
        problem = self.lens.problem(typing=context.typing)
        told = "" if context.typing else problem  # while the field is open the row below has more room for it
        left = self.view.context(self.size.width)
        hint = "" if self.desk.welcoming else self.attendant.hint(self.desk.view_id)
        context.set(picture.counts, left, self.lens.query.text, told, len(picture.marked), hint)
        saved = tuple([view.name for view in picture.snapshot.views])
        header = screen.query_one(Header)
        header.activate(self.desk.view_id)  # which may have gone where something new is to be seen
        header.set_saved(saved, self.lens.view)
        screen.query_one("#footer", Footer).set_hints(*foot.said(self, typing=context.typing, problem=problem))

    # keys, clicks and messages

    def action_do(self, action_id: str) -> None:
        """A key of the table, or the palette."""
        ACTS[action_id](self)

    def do_here(self, key_id: str) -> None:
        """What the key of this id does where the focus is."""
        for widget in self.base.focused.ancestors_with_self if self.base.focused is not None else ():
            for binding in chain.from_iterable(widget._bindings.key_to_bindings.values()):
                if binding.id == key_id:
                    self.call_later(self.run_action, binding.action, widget)
                    return

    def on_key(self, event: events.Key) -> None:
        """Whoever types on while a field is about to open means the field, and neither the view nor a binding."""
        top = self.screen
        if isinstance(top, Overlay):
            if not top.has_passed(event):
                event.prevent_default()
                top.take(event)
        elif (context := top.query_one(Context)).typing and context.wants(event):
            event.prevent_default()
            self.early.type_first([event], self)

    def on_paste(self, event: events.Paste) -> None:
        """Text pasted outside any field wants to become tasks."""
        if len(self.screen_stack) == 1:
            paste(self, event.text)

    def action_help_quit(self) -> None:
        """Ctrl+C says how to leave."""
        self.say(self.keys.said("{quit} quits"))

    def on_cursor_position(self, event: events.CursorPosition) -> None:
        """The terminal says how far a sign has moved its cursor."""
        self.attendant.measured(event.x)

    def on_canvas_clicked(self, message: Canvas.Clicked) -> None:
        """Tabs, counts and keys of the footer can be clicked."""
        kind, _, value = message.target.partition(":")
        if kind == "tab":
            self.switch_to(self.desk.deps_view if value == "tree" else value)
        elif kind == "filter":
            self.set_filter(value)
        elif kind == "do":
            self.action_do(value)
        elif kind == "key":
            self.simulate_key(textual(value))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The footer follows the focus."""
        self.redraw()

    def on_selection_changed(self) -> None:
        """The footer follows the selection."""
        self.redraw()

    def on_view_changed(self) -> None:
        """A view says something else about itself."""
        self.redraw()

    def on_desk_looking(self, message: Desk.Looking) -> None:
        """The detail pane wants history and output."""
        if self._looking is not None:
            self._looking.stop()
        if message.task_id is not None:
            # Whoever moves on at once is not made to wait for what nobody reads.
            seconds = TYPING_SECONDS if self.screen_stack[0].query_one(Context).typing else LOOK_SECONDS
            self._looking = self.set_timer(seconds, partial(self.work.look, message.task_id))

    def on_mark_requested(self, message: MarkRequested) -> None:
        """A click with ctrl or shift, or in the margin."""
        marking.click(self, message.task_id, stretch=message.stretch)

    def on_act_requested(self, message: ActRequested) -> None:
        """A view wants a command executed."""
        self.work.execute(message.verb, message.args)

    def on_do_requested(self, message: DoRequested) -> None:
        """A view wants an action done."""
        self.action_do(message.action)

    def on_diagram_asked(self, message: "Diagram.Asked") -> None:
        """The diagram wants something laid out."""
        self.work.draw(message.wanted, message.known)

    def on_said(self, message: Said) -> None:
        """A view has something to say."""
        self.say(message.sentence, bad=message.bad)
