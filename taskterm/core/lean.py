"""Standard parts in the form that costs least at start: named tuples and dates, for core, store and the command line.

`typing.NamedTuple` brings in `collections`, `re`, `enum` and more, eleven milliseconds in all, and in Python 3.11
`datetime` runs its Python half before it takes the C one. A quick command as a whole should take little more. Type
checkers see the originals; a test holds both alike.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
    from typing import Any, NamedTuple
else:
    try:
        from _datetime import date, datetime, time, timedelta, timezone, tzinfo
    except ImportError:  # an interpreter without the C half
        from datetime import date, datetime, time, timedelta, timezone, tzinfo

    UTC = timezone.utc  # noqa: UP017

__all__ = ["UTC", "NamedTuple", "date", "datetime", "time", "timedelta", "timezone", "tzinfo"]

try:
    from _collections import _tuplegetter as _getter  # type: ignore[import-not-found]  # what collections.namedtuple itself uses
except ImportError:

    def _getter(index: int, doc: str) -> Any:
        return property(lambda record: tuple.__getitem__(record, index), doc=doc)


class _Record(tuple):  # type: ignore[type-arg]
    """What every named tuple made here can do; the same as those of the standard library."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()
    _field_defaults: Mapping[str, Any] = {}
    _tails: dict[int, tuple[Any, ...]] = {}  # noqa: RUF012  # every class has its own
    """By the number of values given: the defaults of the others, once they were asked for."""

    def __new__(cls, *values: Any, **named: Any) -> Any:
        if named or len(values) != len(cls._fields):
            tail = None if named else cls._tails.get(len(values))
            values = _complete(cls, values, named) if tail is None else values + tail
        return tuple.__new__(cls, values)

    @classmethod
    def _make(cls, values: Iterable[Any]) -> Any:
        record = tuple.__new__(cls, values)
        if len(record) != len(cls._fields):
            raise TypeError(f"{cls.__name__} takes {len(cls._fields)} values, got {len(record)}")
        return record

    def _replace(self, **values: Any) -> Any:
        record = self._make(map(values.pop, self._fields, self))
        if values:
            raise ValueError(f"{type(self).__name__} has no field called {', '.join(values)}")
        return record

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({values})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)


def _complete(cls: type[_Record], values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """The values of all fields, from those given in order, by name and by default."""
    fields = cls._fields
    if len(values) > len(fields):
        raise TypeError(f"{cls.__name__} takes {len(fields)} values, got {len(values)}")
    found = list(values)
    by_default = not named
    for name in fields[len(values) :]:
        if name in named:
            found.append(named.pop(name))
        elif name in cls._field_defaults:
            found.append(cls._field_defaults[name])
        else:
            raise TypeError(f"{cls.__name__} needs a value for {name}")
    if named:
        raise TypeError(f"{cls.__name__} got {', '.join(named)} twice, or has no such field")
    if by_default:
        cls._tails[len(values)] = tuple(found[len(values) :])
    return tuple(found)


if not TYPE_CHECKING:

    class _Maker(type):
        """Turns a class statement with annotated fields into a plain subclass of _Record."""

        def __new__(meta, name, bases, space):
            if not bases:
                return type.__new__(meta, name, bases, space)
            fields = tuple(space.get("__annotations__", ()))
            space["_field_defaults"] = {field: space[field] for field in fields if field in space}
            space["_fields"] = space["__match_args__"] = fields
            space["__slots__"] = ()
            space["_tails"] = {}
            for index, field in enumerate(fields):
                space[field] = _getter(index, "")
            return type(name, (_Record,), space)

    class NamedTuple(metaclass=_Maker):
        """Base of a record: `class Point(NamedTuple): x: int; y: int = 0`, its annotations kept as text."""
