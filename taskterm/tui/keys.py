"""Which key does what: the keys of actions.py and of the views, or those that config.toml names instead. Pure.

The code names actions, or the keys that they have by themselves; what the screen shows goes through a `Keys`.
"""

from __future__ import annotations

from taskterm.core.lean import NamedTuple
from taskterm.tui.actions import ACTIONS, BY_ID
from taskterm.tui.footing import Hint
from taskterm.tui.keynames import canonical, label, textual
from taskterm.tui.view_keys import FIXED, PLACES, VIEW_KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NO_KEY = "none"
"""What config.toml may say instead of an empty text for an action without a key."""


def unreachable(action_id: str) -> str:
    """What Textual is told for an action without a key: a key that no terminal has."""
    return f"no_key_for_{action_id}"


class Keys:
    """`changed` holds, by the id of an action, the keys that it has instead of its own; () for none."""

    def __init__(self, changed: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.changed = dict(changed or {})
        self._ids: dict[str, dict[str, str]] = {}  # by place: the id of each key as it is by itself

    def all(self, action_id: str, place: str = "") -> tuple[str, ...]:
        """The keys of an action as the screen writes them; `place` is the view whose own action is meant."""
        if action_id in self.changed:
            return tuple([label(key) for key in self.changed[action_id]])
        return tuple([label(key) for key in _own(action_id, place)])

    def of(self, action_id: str, place: str = "") -> str:
        """The first key of an action; where it has none, how the palette is asked for it: `:Done`."""
        keys = self.all(action_id, place)
        return keys[0] if keys else f":{BY_ID[action_id].title.rstrip('…')}" if action_id in BY_ID else ""

    def said(self, sentence: str, place: str = "") -> str:
        """A sentence in which a word in braces is an action: the key that it has stands there instead."""
        words = sentence.split(" ")
        return " ".join([self.of(word[1:-1], place) if word[:1] == "{" else word for word in words])

    def hints(self, hints: Iterable[Hint], place: str) -> tuple[Hint, ...]:
        """Hints that name keys as they are by themselves, as they are now; what has no key any more is left out."""
        return tuple([found for hint in hints if (found := self._hint(hint, place)).key])

    def keymap(self) -> dict[str, str]:
        """The changes as Textual's keymap."""
        return {i: ",".join(map(textual, keys)) or unreachable(i) for i, keys in self.changed.items()}

    def _hint(self, hint: Hint, place: str) -> Hint:
        ids = self._ids_in(place)
        words = list(hint.key) if hint.key == "hjkl" else hint.key.split(" ")
        found, click = [], ""
        for word in words:
            action_id = ids.get(word, "")
            if action_id in self.changed:
                now = self.all(action_id)
                word = now[0] if now else ""
            found.append(word)
            if len(words) == 1 and word:
                click = f"do:{action_id}" if action_id in BY_ID and action_id != "open" else f"key:{textual(word)}"
        if found == words:
            return hint._replace(click=click)
        return Hint(" ".join(filter(None, found)), hint.word, click)

    def _ids_in(self, place: str) -> dict[str, str]:
        if place not in self._ids:
            ids = {label(key): action.id for action in ACTIONS for key in action.keys}
            for own in VIEW_KEYS:
                if place in own.places:
                    ids.update({label(key): own.id for key in own.keys})
            self._ids[place] = ids
        return self._ids[place]


DEFAULT = Keys()
"""The keys as they are by themselves."""


class Owner(NamedTuple):
    """Who has a key: an action by its id, which is empty for keys that always do the same; what it is called."""

    id: str
    title: str


def read(table: Mapping[str, object]) -> tuple[Keys, dict[str, str]]:
    """The keys that the table `[keys]` asks for, and by entry what is wrong with it. What is wrong is left out."""
    asked: dict[str, tuple[str, ...]] = {}
    wrong: dict[str, str] = {}
    for action_id, value in table.items():
        keys, mistake = _keys(action_id, value)
        if mistake:
            wrong[action_id] = mistake
        else:
            asked[action_id] = keys
    while clash := _clash(asked):
        action_id, mistake = clash
        wrong[action_id] = mistake
        del asked[action_id]
    return Keys(asked), wrong


def ids() -> tuple[str, ...]:
    """Every id that can be given another key, in the order in which they are listed."""
    return tuple(
        dict.fromkeys([*(a.id for a in ACTIONS if a.id not in FIXED), *(own.id for own in VIEW_KEYS if own.id)])
    )


def title_of(action_id: str) -> str:
    """What the action does."""
    return BY_ID[action_id].title if action_id in BY_ID else next(o.title for o in VIEW_KEYS if o.id == action_id)


def _own(action_id: str, place: str) -> tuple[str, ...]:
    for own in VIEW_KEYS:
        if own.id == action_id and (not place or place in own.places):
            return own.keys
    return BY_ID[action_id].keys if action_id in BY_ID else ()


def _keys(action_id: str, value: object) -> tuple[tuple[str, ...], str]:
    """The keys of one entry, each once, and what is wrong with it."""
    if action_id not in ids():
        if action_id in FIXED:
            return (), f"{action_id} always has the key {label(BY_ID[action_id].keys[0])}"
        from taskterm.core.wording import closest, shown

        meant = closest(action_id, ids(), 0.6)
        return (), f"there is no action {shown(action_id)}" + (f"; did you mean {meant}?" if meant else "")
    words = value.split() if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return (), 'write a key in quotes, or several: "u f8"'
    found: list[str] = []
    for word in words:
        if word.lower() == NO_KEY and len(words) == 1:
            return (), ""
        key, mistake = canonical(word.strip())
        if mistake:
            from taskterm.core.wording import shown

            return (), f"{shown(word, 20)!r} {mistake}"
        found.append(key)
    return tuple(dict.fromkeys(found)), ""


def _clash(asked: Mapping[str, tuple[str, ...]]) -> tuple[str, str] | None:
    """The last entry that takes a key which something else has in the same place, and what that is; or None.

    Where a key of a view comes before one of the app by itself, that is meant so.
    """
    order = list(asked)
    for place in PLACES:
        taken: dict[str, list[Owner]] = {}
        for owner, own in _owners(place):
            for key in asked.get(owner.id, own):
                others = taken.setdefault(key, [])
                for other in others:
                    changed = [i for i in (owner.id, other.id) if i in asked and key not in _own(i, place)]
                    if changed:
                        worse = max(changed, key=order.index)
                        first = other if worse == owner.id else owner
                        return worse, _taken(key, first, place)
                others.append(owner)
    return None


def _taken(key: str, first: Owner, place: str) -> str:
    where = "" if first.id in BY_ID else f" in {PLACES[place]}"
    what = f"the key of {first.id} ({first.title})" if first.id else f"a key that always does the same ({first.title})"
    advice = f"; give {first.id} another one too, or choose another here" if first.id else "; choose another"
    return f"{label(key)} is {what}{where}{advice}"


def _owners(place: str) -> list[tuple[Owner, tuple[str, ...]]]:
    """What has keys in a place, with those it has by itself."""
    found = [(Owner(own.id, own.title), own.keys) for own in VIEW_KEYS if place in own.places]
    of_view = {owner.id for owner, _ in found if owner.id}
    return found + [(Owner(a.id, a.title), a.keys) for a in ACTIONS if a.id not in of_view]
