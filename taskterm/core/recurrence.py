"""Repetition: what people type becomes an RRULE (RFC 5545), and an RRULE and a date become the next date.

A rule counts in local days and keeps the time of day, so a clock change moves nothing. `FREQ=MONTHLY` alone means a
calendar month: from 31 January it goes to the last day of February and returns to the 31st. What goes beyond whole
days, weeks, months and years, and weekdays of a week, is worked out by dateutil.
"""

from __future__ import annotations

from taskterm.core.errors import UsageError
from taskterm.core.lean import UTC, NamedTuple, datetime, timedelta
from taskterm.core.wording import closest, shown
from taskterm.core.zone import add_months

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

EXPRESSIONS: tuple[tuple[str, str], ...] = (
    ("daily", "every day; every 3 days, 3 days and 3d count more"),
    ("weekdays", "Monday to Friday"),
    ("weekly", "every 7 days; biweekly, every 2 weeks and 2w are every 14"),
    ("every fri", "every Friday; every mon, thu is every Monday and Thursday"),
    ("monthly", "every calendar month: from the 31st to the last day of a shorter month, and back to the 31st"),
    ("every 15th", "the 15th of every month; every 31st is the last day of a shorter month"),
    ("quarterly", "every 3 calendar months"),
    ("yearly", "every year; from 29 February to the 28th, and back"),
    ("FREQ=MONTHLY;BYDAY=-1FR", "any RRULE of RFC 5545 from FREQ=DAILY up; this one is the last Friday of a month"),
)
"""The forms a repetition can be typed in, as (spelling, meaning); the help prints them."""

HINT = "write daily, weekdays, weekly, every fri, monthly, every 15th, yearly, 2w, every 3 months or an RRULE"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_NAMED = {
    "daily": "FREQ=DAILY",
    "weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "every weekday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "weekly": "FREQ=WEEKLY",
    "biweekly": "FREQ=WEEKLY;INTERVAL=2",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "yearly": "FREQ=YEARLY",
    "annually": "FREQ=YEARLY",
}
_UNIT = {
    **dict.fromkeys(("d", "day", "days"), ("DAILY", 1)),
    **dict.fromkeys(("w", "week", "weeks"), ("WEEKLY", 1)),
    **dict.fromkeys(("m", "mo", "month", "months"), ("MONTHLY", 1)),
    **dict.fromkeys(("q", "quarter", "quarters"), ("MONTHLY", 3)),
    **dict.fromkeys(("y", "year", "years"), ("YEARLY", 1)),
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = {name: full[:2].upper() for full in _WEEKDAYS for name in (full, full[:3])}
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
# The greatest number that a part may hold; those that may also count from the end are in _SIGNED.
_NUMBERS = {"BYMONTHDAY": 31, "BYMONTH": 12, "BYSETPOS": 366, "BYYEARDAY": 366, "BYWEEKNO": 53}
_SIGNED = ("BYMONTHDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO")
_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_NUMBERS)
_DIGITS = "0123456789"
_DAY = timedelta(days=1)
_ANY_DAY = datetime(2000, 1, 1)


class Following(NamedTuple):
    """The next date of a series: the wall clock, the rule the next task carries, and how many dates went by unseen."""

    at: datetime  # without a zone
    rule: str
    missed: int


# ── typed ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def parse_repeat(text: str) -> str:
    """The RRULE of what was typed (see EXPRESSIONS). UsageError says what is not understood, and guesses."""
    value = " ".join(text.lower().replace(",", " ").split())
    if value in _NAMED:
        return _NAMED[value]
    if "=" in value:
        return checked(text)
    every = value.startswith("every ")
    words = value.removeprefix("every ").split()
    if every and words and all(word in _WEEKDAY for word in words):
        days = {_WEEKDAY[word] for word in words}
        return "FREQ=WEEKLY;BYDAY=" + ",".join(day for day in DAYS if day in days)
    if every and len(words) == 1 and words[0][-2:] in ("st", "nd", "rd", "th") and words[0][:-2].isdecimal():
        return _monthly_on(text, int(words[0][:2].strip("stndrh") or 0))
    rest = "".join(words)
    unit = rest.lstrip(_DIGITS)
    digits = rest[: len(rest) - len(unit)]
    if unit in _UNIT and (digits or every):
        frequency, factor = _UNIT[unit]
        if len(digits) > 3 or not int(digits or 1):
            raise UsageError(f"{shown(text)} does not repeat: the number must be from 1 to 999", HINT)
        return _rule(frequency, int(digits or 1) * factor)
    raise UsageError(f"{shown(text)} is not a repetition{_guess(value, _NAMED)}", HINT)


def _guess(word: str, choices: Iterable[str]) -> str:
    meant = closest(word, choices)
    return f"; did you mean {meant}?" if meant else ""


def _monthly_on(text: str, day: int) -> str:
    if not 1 <= day <= 31:
        raise UsageError(f"{shown(text)} is not a repetition: no month has that day", HINT)
    return _on_day("MONTHLY", 1, 1, day) if day > 28 else f"FREQ=MONTHLY;BYMONTHDAY={day}"


def _rule(frequency: str, interval: int) -> str:
    return f"FREQ={frequency}" + (f";INTERVAL={interval}" if interval > 1 else "")


def _on_day(frequency: str, interval: int, month: int, day: int) -> str:
    """The rule for a day that not every month has: the last of those days that the month does have."""
    last = ",".join(map(str, range(28, day + 1)))
    months = f";BYMONTH={month}" if frequency == "YEARLY" else ""
    return f"{_rule(frequency, interval)}{months};BYMONTHDAY={last};BYSETPOS=-1"


def checked(text: str) -> str:
    """An RRULE in its usual spelling, with or without `RRULE:` before it. UsageError names the part that is wrong."""
    parts = _split(text)
    if "FREQ" not in parts:
        raise UsageError(f"{shown(text)} is not an RRULE: it has no FREQ", "for example: FREQ=MONTHLY;BYMONTHDAY=15")
    for name, value in parts.items():
        _check_part(name, value)
    if "COUNT" in parts and "UNTIL" in parts:
        raise UsageError(f"{shown(text)} ends twice: by COUNT and by UNTIL", "keep one of them")
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    if _simple(parts) is None and next(_by_dateutil(parts, _ANY_DAY, _ANY_DAY), None) is None:
        raise UsageError(f"{shown(text)} never comes about", "there is no such day")
    return rule


def _split(text: str) -> dict[str, str]:
    """The parts of an RRULE by name, in upper case."""
    parts: dict[str, str] = {}
    for piece in text.strip().upper().removeprefix("RRULE:").strip(";").split(";"):
        name, equals, value = (side.strip() for side in piece.partition("="))
        if not equals or not value:
            raise UsageError(f"{shown(piece) or 'an empty part'} is not a part of an RRULE", HINT)
        if name not in _PARTS:
            if name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
                raise UsageError(f"a task repeats by days, so {name} has no meaning", "the time of its date stays")
            meant = closest(name, _PARTS)
            raise UsageError(
                f"an RRULE has no part {shown(name)}" + (f"; did you mean {meant}?" if meant else ""), HINT
            )
        if name in parts:
            raise UsageError(f"{name} is there twice", "keep one of them")
        parts[name] = ",".join(item.strip() for item in value.split(","))
    return parts


def _check_part(name: str, value: str) -> None:
    wrong = UsageError(f"{name}={shown(value)} is not understood", HINT)
    if name == "FREQ":
        if value not in _FREQUENCIES:
            meant = closest(value, _FREQUENCIES)
            guess = f"; did you mean {meant}?" if meant else ""
            raise UsageError(
                f"a task does not repeat {shown(value)}{guess}", "FREQ is DAILY, WEEKLY, MONTHLY or YEARLY"
            )
    elif name in ("INTERVAL", "COUNT"):
        if not (value.isascii() and value.isdigit() and len(value) < 4 and int(value)):
            raise UsageError(f"{name}={shown(value)} is not a number from 1 to 999", HINT)
    elif name == "UNTIL":
        try:
            _until(value)
        except ValueError:
            hint = "write UNTIL=20271231 or UNTIL=20271231T170000Z"
            raise UsageError(f"UNTIL={shown(value)} is not a date", hint) from None
    elif name == "WKST":
        if value not in DAYS:
            raise wrong
    else:
        for item in value.split(","):
            figures = item[:-2] if name == "BYDAY" else item
            sign, digits = (figures[:1], figures[1:]) if figures[:1] in ("+", "-") else ("", figures)
            most = _NUMBERS.get(name, 53)
            number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 0
            if name == "BYDAY":
                if item[-2:] not in DAYS or (figures and not 1 <= number <= most):
                    raise wrong
            elif not 1 <= number <= most or (sign == "-" and name not in _SIGNED):
                raise wrong


def _until(value: str) -> datetime:
    """The last moment of a series: of a bare day its end, else with the zone UTC where a Z says so."""
    day, letter, clock = value.partition("T")
    if len(day) != 8 or not day.isdigit() or not day.isascii():
        raise ValueError(value)
    start = datetime(int(day[:4]), int(day[4:6]), int(day[6:]))
    if not letter:
        return start + _DAY - timedelta(seconds=1)
    figures = clock.removesuffix("Z")
    if len(figures) != 6 or not figures.isdigit() or not figures.isascii():
        raise ValueError(value)
    at = start.replace(hour=int(figures[:2]), minute=int(figures[2:4]), second=int(figures[4:]))
    return at.replace(tzinfo=UTC) if clock.endswith("Z") else at


# ── the next date ──────────────────────────────────────────────────────────────────────────────────────────────────


def following(rule: str, last: datetime, now: datetime) -> Following | None:
    """The first date of the series after `last` that is still to come at `now`; None where the series has ended.

    `last` is the wall clock of the date that is done, without a zone; `now` is an aware local time. UsageError for a
    rule that is none. COUNT counts down with every date, also with those that passed unseen.
    """
    parts = _split(rule)
    if "FREQ" not in parts or parts["FREQ"] not in _FREQUENCIES:
        raise UsageError(f"{shown(rule)} is not a repetition", HINT)
    for name, value in parts.items():
        _check_part(name, value)
    wall = now.replace(tzinfo=None)
    left = int(parts.get("COUNT", 0))
    until = _until(parts["UNTIL"]) if "UNTIL" in parts else None
    if until is not None and until.tzinfo is not None:
        until = until.astimezone(now.tzinfo).replace(tzinfo=None)
    passed = 0
    try:
        for date in _simple(parts, last) or _by_dateutil(parts, last, wall):
            passed += 1
            if (left and passed >= left) or (until is not None and date > until):
                return None
            if date > wall:
                return Following(date, _carried(parts, last, passed), passed - 1)
    except (OverflowError, ValueError):  # beyond the year 9999
        return None
    return None


def _simple(parts: dict[str, str], last: datetime | None = None) -> Iterator[datetime] | None:
    """The dates after `last` of a rule that needs no library; None for every other rule."""
    inner = [name for name in parts if name not in ("FREQ", "INTERVAL", "COUNT", "UNTIL")]
    frequency, interval = parts["FREQ"], int(parts.get("INTERVAL", 1))
    if last is None:
        last = _ANY_DAY
    if not inner:
        return _whole(frequency, interval, last)
    if inner == ["BYDAY"] and frequency == "WEEKLY" and all(day in DAYS for day in parts["BYDAY"].split(",")):
        return _weekly({DAYS.index(day) for day in parts["BYDAY"].split(",")}, interval, last)
    return None


def _whole(frequency: str, interval: int, last: datetime) -> Iterator[datetime]:
    count = 0
    while True:
        count += interval
        if frequency in ("DAILY", "WEEKLY"):
            yield last + count * (7 if frequency == "WEEKLY" else 1) * _DAY
        else:
            day = add_months(last.date(), count * (12 if frequency == "YEARLY" else 1))
            yield last.replace(year=day.year, month=day.month, day=day.day)


def _weekly(days: Iterable[int], interval: int, last: datetime) -> Iterator[datetime]:
    monday = last - last.weekday() * _DAY
    while True:
        for day in sorted(days):
            date = monday + day * _DAY
            if date > last:
                yield date
        monday += 7 * interval * _DAY


def _by_dateutil(parts: dict[str, str], last: datetime, wall: datetime) -> Iterator[datetime]:
    from datetime import datetime as whole_datetime

    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # late: only rules of more than one part need it

    text = ";".join(f"{name}={value}" for name, value in parts.items() if name not in ("COUNT", "UNTIL"))
    start = whole_datetime(last.year, last.month, last.day, last.hour, last.minute, last.second)
    # Leap days that are Mondays lie 28 years apart, or 40; a rule that looks at every day would take long to get there.
    years = {"YEARLY": 60 * int(parts.get("INTERVAL", 1)), "MONTHLY": 60}.get(parts["FREQ"], 12)
    end = start.replace(year=min(max(start.year, wall.year) + years, 9999), day=1)
    rule: Any = rrulestr(text, dtstart=start).replace(until=end)
    return (date for date in rule if date > start)


def _carried(parts: dict[str, str], last: datetime, passed: int) -> str:
    """The rule for the task after this one: COUNT counts down, and a day that not every month has is written down."""
    found = dict(parts)
    if "COUNT" in found:
        found["COUNT"] = str(int(found["COUNT"]) - passed)
    plain = not any(name.startswith("BY") for name in parts)
    leap = parts["FREQ"] == "YEARLY" and (last.month, last.day) == (2, 29)
    if plain and ((parts["FREQ"] == "MONTHLY" and last.day > 28) or leap):
        rule = _on_day(parts["FREQ"], int(parts.get("INTERVAL", 1)), last.month, last.day)
        ends = (f"{name}={found[name]}" for name in ("COUNT", "UNTIL") if name in found)
        return ";".join((rule, *ends))
    return ";".join(f"{name}={value}" for name, value in found.items())


# ── shown ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def describe(rule: str) -> str:
    """A rule as an answer echoes it: `every 2 weeks`, `every Fri`, `every month on the 31st`; others as they are."""
    try:
        parts = _split(rule)
    except UsageError:
        return rule
    inner = {name: value for name, value in parts.items() if name not in ("FREQ", "INTERVAL", "COUNT", "UNTIL")}
    unit = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}.get(parts.get("FREQ", ""))
    interval = parts.get("INTERVAL", "1")
    if unit is None or not interval.isdecimal():
        return rule
    every = f"every {unit}" if interval == "1" else f"every {interval} {unit}s"
    if inner:
        where = _where(unit, inner, interval)
        if where is None:
            return rule
        every = where if where.startswith("every ") else f"{every} {where}"
    if "COUNT" in parts:
        every += ", the last time" if parts["COUNT"] == "1" else f", {parts['COUNT']} times"
    if "UNTIL" in parts:
        day = parts["UNTIL"][:8]
        every += f" until {day[:4]}-{day[4:6]}-{day[6:]}"
    return every


def _where(unit: str, inner: dict[str, str], interval: str) -> str | None:
    """The days inside a week or a month in words; None where there are no short ones."""
    if unit == "week" and set(inner) == {"BYDAY"}:
        days = inner["BYDAY"].split(",")
        if not all(day in DAYS for day in days):
            return None
        names = ", ".join(_WEEKDAYS[DAYS.index(day)][:3].capitalize() for day in days)
        if interval != "1":
            return f"on {names}"
        return "every weekday" if sorted(map(DAYS.index, days)) == [0, 1, 2, 3, 4] else f"every {names}"
    day = inner.get("BYMONTHDAY", "").rpartition(",")[2]
    for frequency, words in (("MONTHLY", "on the {}, or its last day"), ("YEARLY", "on 29 Feb, or the 28th")):
        if day in ("29", "30", "31") and _split(_on_day(frequency, 1, 2, int(day))) == {"FREQ": frequency, **inner}:
            return words.format(ordinal(int(day)))
    if unit == "month" and set(inner) == {"BYMONTHDAY"} and day == inner["BYMONTHDAY"]:
        if not day.isdecimal():
            return "on the last day" if day == "-1" else None
        return f"{'on the' if int(day) < 29 else 'that has a'} {ordinal(int(day))}"
    return None


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    suffix = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
