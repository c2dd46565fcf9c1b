"""Lengths of time, read and written: estimates in minutes, timeouts in seconds, ages and running clocks.

In a length of time `m` is a minute; in a date (`core.dates`) `+1m` is a calendar month. An estimate counts working
time: a day is 8 hours and a week 5 days. A timeout counts elapsed time: a day is 24 hours.
"""

from taskterm.core.errors import UsageError

HOURS_PER_DAY = 8
DAYS_PER_WEEK = 5

_DIGITS = "0123456789"
_LONGEST_SECONDS = 100 * 366 * 86400.0
_NAMES = {
    "ms": ("ms", "millisecond", "milliseconds"),
    "s": ("s", "sec", "secs", "second", "seconds"),
    "m": ("m", "min", "mins", "minute", "minutes"),
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "d": ("d", "day", "days"),
    "w": ("w", "wk", "wks", "week", "weeks"),
}
_WORKING_MINUTES = {
    "s": 1 / 60,
    "m": 1.0,
    "h": 60.0,
    "d": HOURS_PER_DAY * 60.0,
    "w": DAYS_PER_WEEK * HOURS_PER_DAY * 60.0,
}
_ELAPSED_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def parse_duration(text: str) -> int | None:
    """Minutes of work of an estimate: `45` (minutes), `30 min`, `2h`, `1.5h`, `1h30m`, `2d` (16 hours), `1w`.

    None where the text does not begin like a length of time; UsageError where it does and is not one. A part of a
    minute (`5s`) is rounded, but never to nothing.
    """
    minutes = _measure(text, _WORKING_MINUTES, "m", "write 30m, 2h, 1h30m, 2d (8 hours each) or 1w (5 days)")
    if minutes is None:
        return None
    return max(1, round(minutes)) if minutes else 0


def parse_seconds(text: str) -> float | None:
    """Seconds of a timeout: `90` (seconds), `30s`, `500ms`, `10m`, `1h`, `1h30m`, `1d` (24 hours).

    None where the text does not begin like a length of time; UsageError where it does and is not one.
    """
    return _measure(text, _ELAPSED_SECONDS, "s", "write 500ms, 30s, 10m, 1h or 1h30m")


def format_minutes(minutes: int) -> str:
    """An estimate as lists show it: `30 min`, `2 h`, `1 h 30 min`; whole working days as `2 d`."""
    if minutes and minutes % (HOURS_PER_DAY * 60) == 0:
        return f"{minutes // (HOURS_PER_DAY * 60)} d"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def age(seconds: float) -> str:
    """How long something has lasted, in its largest whole unit: `48 s`, `3 min`, `2 h`, `5 d`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 86400:
        return f"{whole // 3600} h"
    return f"{whole // 86400} d"


def since(seconds: float) -> str:
    """As `age`, for what stands on a screen that does not count the seconds: `< 1 min`, `3 min`, `2 h`."""
    return age(seconds) if seconds >= 60 else "< 1 min"


def clock(seconds: float) -> str:
    """A running clock: `0:48`, `4:12`, `1:02:03`; parts of a second are dropped."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _measure(text: str, units: dict[str, float], bare: str, hint: str) -> float | None:
    """The sum of the amounts in `text`, in the base of `units`; a number alone counts in `bare`."""
    amounts = _amounts(text.strip().lower())
    if amounts is None:
        return None
    from taskterm.core.wording import shown

    if len(amounts) == 1 and not amounts[0][1]:
        amounts = [(amounts[0][0], bare)]
    total, used = 0.0, set()
    for number, name in amounts:
        unit = next((unit for unit in units if name in _NAMES[unit]), None)
        if unit is None:
            wrong = f"{shown(name)} is not a unit of time here" if name else f"{shown(number)} has no unit"
            raise UsageError(f"{shown(text)} is not a length of time: {wrong}", hint)
        if unit in used:
            raise UsageError(f"{shown(text)} is not a length of time: {shown(name)} is there twice", hint)
        if number.count(".") > 1 or number.endswith("."):
            raise UsageError(f"{shown(text)} is not a length of time: {shown(number)} is not a number", hint)
        used.add(unit)
        total += float(number) * units[unit]
    if total * (60.0 if bare == "m" else 1.0) > _LONGEST_SECONDS:
        raise UsageError(f"{shown(text)} is too long: it would last more than a hundred years", hint)
    return total


def _amounts(text: str) -> list[tuple[str, str]] | None:
    """`1h 30min` as [("1", "h"), ("30", "min")], whatever the units are; None if it does not begin with a digit."""
    if not text or text[0] not in _DIGITS:
        return None
    amounts, i = [], 0
    while i < len(text):
        start = i
        while i < len(text) and text[i] in _DIGITS + ".":
            i += 1
        number = text[start:i]
        start = i
        while i < len(text) and text[i] not in _DIGITS:
            i += 1
        amounts.append((number, text[start:i].strip()))
    return amounts
