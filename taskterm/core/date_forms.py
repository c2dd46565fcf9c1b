"""The forms in which a date can be typed, with what each means on a fixed day: the table that the help prints."""

from __future__ import annotations

from taskterm.core.lean import UTC, datetime

TODAY = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
"""The moment that the examples are counted from: Monday 23 November 2026, 14:32."""

EXPRESSIONS: tuple[tuple[str, str, str], ...] = (
    ("2026-11-27", "Fri 27 Nov", "that day; 20261127 is the same"),
    ("2026-11-27T17:00", "Fri 27 Nov 17:00", "that day at 17:00; a space may stand for the T, seconds may follow"),
    ("2026-11-27T17:00+02:00", "Fri 27 Nov 15:00", "with a zone of its own: Z is UTC, else hours ahead of it"),
    ("2026-W48-5", "Fri 27 Nov", "Friday of ISO week 48; 2026W485 is the same"),
    ("2026-331", "Fri 27 Nov", "day 331 of the year; 2026331 is the same"),
    ("2026-W48", "Sun 29 Nov", "that ISO week: due on its Sunday, scheduled on its Monday"),
    ("2026-12", "Thu 31 Dec", "that month: due on its last day, scheduled on its first"),
    ("now", "Mon 23 Nov 14:32", "this moment"),
    ("today", "Mon 23 Nov", "today"),
    ("tomorrow", "Tue 24 Nov", "the day after today"),
    ("tomorrow 9am", "Tue 24 Nov 09:00", "tomorrow at 09:00; every day can be followed by a time"),
    ("yesterday", "Sun 22 Nov", "the day before today"),
    ("fri", "Fri 27 Nov", "the next Friday; on a Friday the one in 7 days"),
    ("fri 17:00", "Fri 27 Nov 17:00", "the next Friday at 17:00"),
    ("next fri", "Fri 4 Dec", "Friday of the week (Monday to Sunday) after this one"),
    ("next week", "Sun 6 Dec", "the week after this one: due on its Sunday, scheduled on its Monday"),
    ("next month", "Thu 31 Dec", "the month after this one: due on its last day, scheduled on its first"),
    ("next quarter", "Wed 31 Mar 2027", "the quarter after this one, likewise"),
    ("next year", "Fri 31 Dec 2027", "the year after this one, likewise"),
    ("dec", "Thu 31 Dec", "the next December (in December, next year's): due on its last day, scheduled on its first"),
    ("27 nov", "Fri 27 Nov", "the next 27 November, which may be today; nov 27 is the same"),
    ("27 nov 2027", "Sat 27 Nov 2027", "that day; nov 27 2027 and Sat 27 Nov 2027 are the same"),
    ("15th", "Tue 15 Dec", "the next 15th of a month, never today; 31st skips the months that have none"),
    ("17:00", "Mon 23 Nov 17:00", "today at 17:00, or tomorrow if that is past"),
    ("5pm", "Mon 23 Nov 17:00", "the same on a clock of 12 hours"),
    ("noon", "Tue 24 Nov 12:00", "12:00"),
    ("midnight", "Tue 24 Nov 00:00", "24:00, the end of the day: fri midnight is when Friday ends"),
    ("in 3 days", "Thu 26 Nov", "the day 3 days from today; 3 days, 3d and +3d are the same"),
    ("3 days ago", "Fri 20 Nov", "the day 3 days before today; -3d is the same"),
    ("+2d", "Wed 25 Nov", "the day 2 days from today"),
    ("+2w", "Mon 7 Dec", "the day 2 weeks from today"),
    ("+1m", "Wed 23 Dec", "the day one calendar month from today; from the 31st the last day of a shorter month"),
    ("+1q", "Tue 23 Feb 2027", "the day 3 calendar months from today"),
    ("+1y", "Tue 23 Nov 2027", "the day one year from today"),
    ("+3h", "Mon 23 Nov 17:32", "3 hours from now, to the second"),
    ("+30min", "Mon 23 Nov 15:02", "30 minutes from now"),
    ("eod", "Mon 23 Nov", "the end of today, 23:59:59"),
    ("eow", "Sun 29 Nov", "the end of this week, Sunday 23:59:59"),
    ("eom", "Mon 30 Nov", "the end of the last day of this month"),
    ("eoq", "Thu 31 Dec", "the end of the last day of this quarter"),
    ("eoy", "Thu 31 Dec", "the end of 31 December"),
    ("sod", "Mon 23 Nov 00:00", "the start of today, 00:00"),
    ("sow", "Mon 30 Nov 00:00", "the start of the next week, Monday 00:00"),
    ("som", "Tue 1 Dec 00:00", "the start of the next month, its first day 00:00"),
    ("soq", "Fri 1 Jan 2027 00:00", "the start of the next quarter, its first day 00:00"),
    ("soy", "Fri 1 Jan 2027 00:00", "the start of the next year, 1 January 00:00"),
)
"""(spelling, the due date that it is at TODAY, meaning). A day without a time is its last second for a due date, and
its first second for scheduled and wait."""
