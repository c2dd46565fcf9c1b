"""Keys for a text field do what they do at once and in their order, whichever widget has to do it.

Textual puts letters into a field when the field sees them, but runs bindings (backspace, tab, enter) only when the key
has come up from the field to the app: of keys that come quickly, letters would overtake what was typed before them.
"""

from typing import TYPE_CHECKING

from textual import events

from taskterm.tui.early import EarlyKeys
from taskterm.tui.widgets.entry import Entry, Typed

if TYPE_CHECKING:
    from taskterm.tui.app import TaskTerm


async def typed(event: events.Event, app: "TaskTerm", early: EarlyKeys) -> bool:
    """Whether the event was for the field with the focus and is done; others go their usual way."""
    if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
        return False
    field: object = app.focused
    if not isinstance(field, Typed):
        return False
    if isinstance(event, events.Paste):
        await field.takes_paste(event)
        return True
    if await app._check_bindings(event.key, priority=True) or await field.takes(event):
        return True
    if event.key != "enter" or not isinstance(field, Entry):
        return await app._check_bindings(event.key)
    early.hold()
    await field.action_submit()
    field.entered()
    return True
