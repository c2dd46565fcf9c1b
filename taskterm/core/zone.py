"""Local time and UTC: the computer's own zone, the text times are stored as, and where a local day begins and ends.

Times are stored as UTC text, `2026-11-23T05:31:04Z`, which sorts as time does; local time only exists on the way in
and on the way out.
"""

from __future__ import annotations

from taskterm.core.lean import UTC, date, datetime, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1)


class SystemZone(tzinfo):
    """The zone this computer is set to (`TZ`, else the system's), right on both sides of a clock change.

    It asks the C library about the very moment in question, which costs no import; `astimezone().tzinfo` would be
    one fixed offset, an hour wrong for half the year. All instances are equal.
    """

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """How far local time at `dt` is ahead of UTC; `fold` tells apart the two passes of a repeated hour."""
        if dt is None:
            return None
        wall = dt.replace(tzinfo=None, microsecond=0)
        return wall - _EPOCH - timedelta(seconds=int(wall.timestamp()))

    def dst(self, dt: datetime | None) -> timedelta | None:
        """None: the C library does not say which part of the offset is daylight saving."""
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        """The abbreviation in force at `dt`, such as `CET`."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, dt: datetime) -> datetime:
        """Local time for `dt`, whose fields are UTC."""
        since = dt.replace(tzinfo=None, microsecond=0) - _EPOCH
        local = datetime.fromtimestamp(since.days * 86400 + since.seconds)
        return local.replace(microsecond=dt.microsecond, tzinfo=self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SystemZone)

    def __hash__(self) -> int:
        return hash(SystemZone)

    def __repr__(self) -> str:
        return "SystemZone()"


def to_utc_text(moment: datetime) -> str:
    """An aware datetime as the text that is stored, `2026-11-23T05:31:04Z`; parts of a second are dropped.

    Raises OverflowError or ValueError where its UTC time lies outside the years 1 to 9999.
    """
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def from_utc_text(text: str) -> datetime:
    """Stored text as an aware datetime in UTC; ValueError where it is not ISO 8601. Without a zone it counts as UTC."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def epoch_of(text: str) -> float:
    """Stored text as seconds since the epoch; ValueError where it is not ISO 8601."""
    moment = datetime.fromisoformat(text)
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).timestamp()


def day_start(day: date, zone: tzinfo | None) -> datetime:
    """The first second of a local day: 00:00:00, or what follows where the clock skips midnight."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def day_end(day: date, zone: tzinfo | None) -> datetime:
    """The last second of a local day, 23:59:59.

    Where that hour happens twice the later one ends the day, and where it is skipped the day ends before the gap
    and not after it: both is what fold=1 says.
    """
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone, fold=1)


def month_length(year: int, month: int) -> int:
    """The number of days of a month, 28 to 31."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def add_months(day: date, months: int) -> date:
    """`day` some calendar months later, or earlier if negative; a day the month does not have becomes its last one.

    Raises OverflowError outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"year {year} is out of range")
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))
