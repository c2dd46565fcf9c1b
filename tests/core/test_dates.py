"""What people may type as a date or a length of time, what it means, and how it is shown again."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.core import dates
from taskterm.core.date_forms import EXPRESSIONS, TODAY
from taskterm.core.errors import UsageError

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
NOW = datetime(2026, 11, 23, 14, 32, 5, tzinfo=BERLIN)  # a Monday

days = st.dates(date(1980, 1, 1), date(2037, 12, 31))
moments = st.datetimes(datetime(1980, 1, 2), datetime(2037, 12, 30))
zones = st.sampled_from(ZONES).map(ZoneInfo)


def local(text: str, now: datetime = NOW, *, end: bool = True) -> str:
    """What `text` means, on the local wall clock: `2026-11-27 17:00:00`."""
    utc = dates.parse_moment(text, now, end=end)
    assert utc is not None, f"{text!r} is not taken for a date"
    return f"{dates.from_utc_text(utc).astimezone(now.tzinfo):%Y-%m-%d %H:%M:%S}"


def error(text: str, now: datetime = NOW) -> str:
    with pytest.raises(UsageError) as raised:
        dates.parse_moment(text, now, end=True)
    return raised.value.message


def both(day: str, last: str | None = None) -> tuple[str, str]:
    """A due date and a scheduled date that name the same day, or the same days."""
    return f"{last or day} 23:59:59", f"{day} 00:00:00"


def exact(moment: str) -> tuple[str, str]:
    return moment, moment


MEANING = {
    "2026-11-27": both("2026-11-27"),
    "2026-11-27T17:00": exact("2026-11-27 17:00:00"),
    "2026-11-27T17:00+02:00": exact("2026-11-27 16:00:00"),
    "2026-W48-5": both("2026-11-27"),
    "2026-331": both("2026-11-27"),
    "2026-W48": both("2026-11-23", "2026-11-29"),
    "2026-12": both("2026-12-01", "2026-12-31"),
    "now": exact("2026-11-23 14:32:05"),
    "today": both("2026-11-23"),
    "tomorrow": both("2026-11-24"),
    "tomorrow 9am": exact("2026-11-24 09:00:00"),
    "yesterday": both("2026-11-22"),
    "fri": both("2026-11-27"),
    "fri 17:00": exact("2026-11-27 17:00:00"),
    "next fri": both("2026-12-04"),
    "next week": both("2026-11-30", "2026-12-06"),
    "next month": both("2026-12-01", "2026-12-31"),
    "next quarter": both("2027-01-01", "2027-03-31"),
    "next year": both("2027-01-01", "2027-12-31"),
    "dec": both("2026-12-01", "2026-12-31"),
    "27 nov": both("2026-11-27"),
    "27 nov 2027": both("2027-11-27"),
    "15th": both("2026-12-15"),
    "17:00": exact("2026-11-23 17:00:00"),
    "5pm": exact("2026-11-23 17:00:00"),
    "noon": exact("2026-11-24 12:00:00"),
    "midnight": exact("2026-11-24 00:00:00"),
    "in 3 days": both("2026-11-26"),
    "3 days ago": both("2026-11-20"),
    "+2d": both("2026-11-25"),
    "+2w": both("2026-12-07"),
    "+1m": both("2026-12-23"),
    "+1q": both("2027-02-23"),
    "+1y": both("2027-11-23"),
    "+3h": exact("2026-11-23 17:32:05"),
    "+30min": exact("2026-11-23 15:02:05"),
    "eod": exact("2026-11-23 23:59:59"),
    "eow": exact("2026-11-29 23:59:59"),
    "eom": exact("2026-11-30 23:59:59"),
    "eoq": exact("2026-12-31 23:59:59"),
    "eoy": exact("2026-12-31 23:59:59"),
    "sod": exact("2026-11-23 00:00:00"),
    "sow": exact("2026-11-30 00:00:00"),
    "som": exact("2026-12-01 00:00:00"),
    "soq": exact("2027-01-01 00:00:00"),
    "soy": exact("2027-01-01 00:00:00"),
}


def test_the_help_documents_exactly_the_expressions_that_are_proven_here():
    assert [spelling for spelling, _, _ in EXPRESSIONS] == list(MEANING)
    assert all(meaning for _, _, meaning in EXPRESSIONS)


@pytest.mark.parametrize(("spelling", "example"), [row[:2] for row in EXPRESSIONS])
def test_every_example_of_the_help_is_what_its_expression_means_on_that_day(spelling, example):
    due = dates.parse_moment(spelling, TODAY, end=True)
    assert due is not None
    assert dates.format_moment(due, TODAY, end=True) == example


@pytest.mark.parametrize("spelling", MEANING)
def test_every_documented_expression_means_what_it_says(spelling):
    assert (local(spelling, end=True), local(spelling, end=False)) == MEANING[spelling]


@pytest.mark.parametrize(
    ("spelling", "meaning"),
    [
        ("20261127", "2026-11-27 23:59:59"),
        ("2026W485", "2026-11-27 23:59:59"),
        ("2026331", "2026-11-27 23:59:59"),
        ("2026W48", "2026-11-29 23:59:59"),
        ("2026-W53-7", "2027-01-03 23:59:59"),
        ("2027-W01-1", "2027-01-04 23:59:59"),
        ("2028-366", "2028-12-31 23:59:59"),
        ("2026-11-27 17:00", "2026-11-27 17:00:00"),
        ("2026-11-27t17:00:30", "2026-11-27 17:00:30"),
        ("2026-11-27T17:00:30.75", "2026-11-27 17:00:30"),
        ("2026-11-27T17:00:30,75", "2026-11-27 17:00:30"),
        ("fri, 17:00,", "2026-11-27 17:00:00"),
        ("20261127T17+0200", "2026-11-27 16:00:00"),
        ("20261127T1700", "2026-11-27 17:00:00"),
        ("20261127T170030Z", "2026-11-27 18:00:30"),
        ("2026-331T17", "2026-11-27 17:00:00"),
        ("2026-W48-5T17:00Z", "2026-11-27 18:00:00"),
        ("2026-11-27T17:00-0530", "2026-11-27 23:30:00"),
        ("2026-11-27T24:00", "2026-11-28 00:00:00"),
        ("FRIDAY", "2026-11-27 23:59:59"),
        ("mon", "2026-11-30 23:59:59"),
        ("next monday", "2026-11-30 23:59:59"),
        ("next sun", "2026-12-06 23:59:59"),
        ("fri at 5pm", "2026-11-27 17:00:00"),
        ("5:30 PM fri", "2026-11-27 17:30:00"),
        ("fri 12am", "2026-11-27 00:00:00"),
        ("fri 12pm", "2026-11-27 12:00:00"),
        ("fri noon", "2026-11-27 12:00:00"),
        ("fri midnight", "2026-11-28 00:00:00"),
        ("9:15", "2026-11-24 09:15:00"),
        ("14:32", "2026-11-24 14:32:00"),
        ("14:33", "2026-11-23 14:33:00"),
        ("17:00Z", "2026-11-23 18:00:00"),
        ("november", "2027-11-30 23:59:59"),
        ("nov 27", "2026-11-27 23:59:59"),
        ("27 November", "2026-11-27 23:59:59"),
        ("27th nov", "2026-11-27 23:59:59"),
        ("Nov 27, 2027", "2027-11-27 23:59:59"),
        ("23 nov", "2026-11-23 23:59:59"),
        ("22 nov", "2027-11-22 23:59:59"),
        ("29 feb", "2028-02-29 23:59:59"),
        ("feb 2028", "2028-02-29 23:59:59"),
        ("Fri 27 Nov 17:00", "2026-11-27 17:00:00"),
        ("1st", "2026-12-01 23:59:59"),
        ("23rd", "2026-12-23 23:59:59"),
        ("24th", "2026-11-24 23:59:59"),
        ("31st 8:00", "2026-12-31 08:00:00"),
        ("3d", "2026-11-26 23:59:59"),
        ("3 days", "2026-11-26 23:59:59"),
        ("in a week", "2026-11-30 23:59:59"),
        ("in 2 weeks 9am", "2026-12-07 09:00:00"),
        ("-2d", "2026-11-21 23:59:59"),
        ("2 months ago", "2026-09-23 23:59:59"),
        ("in an hour", "2026-11-23 15:32:05"),
        ("2 hours ago", "2026-11-23 12:32:05"),
        ("eom 17:00", "2026-11-30 17:00:00"),
        ("  Tomorrow   9AM ", "2026-11-24 09:00:00"),
    ],
)
def test_dates_can_be_spelled_in_many_ways(spelling, meaning):
    assert local(spelling) == meaning


def test_a_weekday_named_on_that_day_is_in_seven_days():
    friday = datetime(2026, 11, 27, 8, 0, tzinfo=BERLIN)
    assert local("fri", friday) == "2026-12-04 23:59:59"
    assert local("next fri", friday) == "2026-12-04 23:59:59"
    assert local("sat", friday) == "2026-11-28 23:59:59"


def test_a_time_alone_is_tomorrow_from_its_very_second_on():
    assert local("14:32", NOW.replace(second=0)) == "2026-11-24 14:32:00"
    assert local("14:32", NOW.replace(minute=31, second=59)) == "2026-11-23 14:32:00"


def test_the_31st_skips_months_that_have_none():
    assert local("31st", datetime(2026, 1, 31, tzinfo=BERLIN)) == "2026-03-31 23:59:59"


@pytest.mark.parametrize(
    ("spelling", "message"),
    [
        ("fryday", "fryday is not a date; did you mean friday?"),
        ("tomorow 9am", "tomorow 9am is not a date; did you mean tomorrow 9am?"),
        ("next thursdy", "next thursdy is not a date; did you mean next thursday?"),
        ("2th", "2th is not a date; did you mean 2nd?"),
        ("11st", "11st is not a date; did you mean 11th?"),
        ("32nd", "32nd is not a date: no month has that day"),
        ("2026-02-30", "there is no 30 February 2026"),
        ("20260230", "there is no 30 February 2026"),
        ("29 feb 2027", "there is no 29 February 2027"),
        ("31 nov", "there is no 31 November"),
        ("2026-13-01", "there is no month 13: months run from 01 to 12"),
        ("2026-W54-1", "there is no week 54 in 2026: its weeks run from 01 to 53"),
        ("2027-W53", "there is no week 53 in 2027: its weeks run from 01 to 52"),
        ("2026-W48-8", "there is no day 8 in a week: Monday is 1 and Sunday is 7"),
        ("2026-366", "there is no day 366 in 2026: its days run from 001 to 365"),
        ("25:00", "25:00 is not a time: a day runs from 00:00 to 24:00"),
        ("fri 17:60", "17:60 is not a time: a day runs from 00:00 to 24:00"),
        ("13pm", "13pm is not a time: with pm hours run from 1 to 12"),
        ("mon 27 nov", "mon 27 nov is not a date: 27 Nov 2026 is a Friday"),
        ("dec 9am", "dec is more than one day and has no time"),
        ("27/11/2026", "27/11/2026 is not a date"),
        ("27.11.", "27.11. is not a date"),
        ("0000-01-01", "0000-01-01 lies outside the years 1 to 9999"),
        ("+9000y", "+9000y lies outside the years 1 to 9999"),
        ("+99999999999999999999d", "+99999999999999999999d lies outside the years 1 to 9999"),
    ],
)
def test_a_near_miss_or_impossible_date_is_refused_by_name(spelling, message):
    assert error(spelling) == message


@pytest.mark.parametrize(
    "text", ["", "   ", "release", "2.0 release", "12", "x" * 5000, "next", "in", "+", "at noonish"]
)
def test_text_that_is_no_date_at_all_answers_none_and_is_refused_where_a_date_is_required(text):
    assert dates.parse_moment(text, NOW, end=True) is None
    with pytest.raises(UsageError, match="is not a date") as raised:
        dates.require_moment(text, NOW, end=True)
    assert raised.value.hint == dates.DATE_HINT


@given(
    st.text() | st.lists(st.sampled_from([*MEANING, "-", "9", "99:99", "th", "ago", "t", "Z", "\ud800"])).map(" ".join)
)
def test_no_text_raises_anything_but_a_usage_error(text):
    for parse in (lambda: dates.parse_moment(text, NOW, end=True), lambda: dates.parse_duration(text)):
        try:
            parse()
        except UsageError as raised:
            raised.message.encode()  # it can be printed


@given(days, zones, st.booleans())
def test_every_day_reads_the_same_in_all_three_iso_calendars_and_holds_its_own_limits(day, zone, end):
    now = datetime(2026, 11, 23, 12, tzinfo=zone)
    spellings = {day.isoformat(), f"{day:%Y%m%d}", f"{day:%G-W%V-%u}", f"{day:%GW%V%u}", f"{day:%Y-%j}", f"{day:%Y%j}"}
    (utc,) = {dates.parse_moment(spelling, now, end=end) for spelling in spellings}
    assert utc is not None
    moment = dates.from_utc_text(utc)
    outside = moment + timedelta(seconds=1 if end else -1)
    assert moment.astimezone(zone).date() == day
    assert outside.astimezone(zone).date() == day + timedelta(days=1 if end else -1)


@given(moments, zones, st.integers(0, 4000))
def test_plus_days_is_calendar_arithmetic_on_the_wall_clock(wall, zone, count):
    now = wall.replace(tzinfo=zone)
    assert local(f"+{count}d", now) == f"{wall.date() + timedelta(days=count)} 23:59:59"
    assert local(f"in {count} days 9:30", now) == f"{wall.date() + timedelta(days=count)} 09:30:00"


@given(moments, zones, st.integers(0, 5000))
def test_plus_hours_is_elapsed_time_also_over_a_clock_change(wall, zone, count):
    now = wall.replace(tzinfo=zone, microsecond=0)
    utc = dates.parse_moment(f"+{count}h", now, end=True)
    assert utc is not None
    assert dates.from_utc_text(utc) - now.astimezone(UTC) == timedelta(hours=count)


@given(days, st.integers(-600, 600))
def test_months_keep_the_day_or_clamp_to_the_last_of_the_month(day, count):
    moved = dates.add_months(day, count)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == count
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


def test_31_january_plus_one_month_is_the_last_of_february():
    assert local("+1m", datetime(2026, 1, 31, 9, tzinfo=BERLIN)) == "2026-02-28 23:59:59"
    assert local("+1m", datetime(2028, 1, 31, 9, tzinfo=BERLIN)) == "2028-02-29 23:59:59"
    assert local("+1y", datetime(2028, 2, 29, 9, tzinfo=BERLIN)) == "2029-02-28 23:59:59"
    assert dates.add_months(date(2026, 12, 31), -1) == date(2026, 11, 30)


def test_a_time_the_clock_skips_moves_forward_and_of_a_repeated_one_the_first_is_meant():
    assert local("2026-03-29 02:30") == "2026-03-29 03:30:00"
    assert dates.parse_moment("2026-10-25 02:30", NOW, end=True) == "2026-10-25T00:30:00Z"


def test_a_day_keeps_its_limits_where_the_clock_changes_at_midnight():
    nuuk = datetime(2024, 3, 1, tzinfo=ZoneInfo("America/Nuuk"))  # 30 March 2024 has no hour from 23 to 24
    havana = datetime(2024, 3, 1, tzinfo=ZoneInfo("America/Havana"))  # 10 March 2024 has none from 0 to 1
    sao_paulo = datetime(2018, 1, 1, tzinfo=ZoneInfo("America/Sao_Paulo"))  # 17 February 2018 has 23 to 24 twice
    assert dates.parse_moment("2024-03-30", nuuk, end=True) == "2024-03-31T00:59:59Z"
    assert dates.parse_moment("2024-03-10", havana, end=False) == "2024-03-10T05:00:00Z"
    assert dates.parse_moment("2018-02-17", sao_paulo, end=True) == "2018-02-18T02:59:59Z"
    assert dates.format_moment("2024-03-31T00:59:59Z", nuuk, end=True) == "Sat 30 Mar"
    assert dates.format_moment("2024-03-10T05:00:00Z", havana, end=False) == "Sun 10 Mar"


@pytest.mark.parametrize("zone", ZONES)
def test_the_system_zone_agrees_with_the_zone_database_around_every_clock_change(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        known, system = ZoneInfo(zone), dates.SystemZone()
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        while moment.year == 2026:
            ours, theirs = moment.astimezone(system), moment.astimezone(known)
            assert ours.replace(tzinfo=None) == theirs.replace(tzinfo=None)
            assert (ours.fold, ours.utcoffset(), ours.tzname()) == (theirs.fold, theirs.utcoffset(), theirs.tzname())
            assert ours.astimezone(UTC) == moment
            wall = moment.replace(tzinfo=None)  # any wall time, skipped and repeated ones among them
            for fold in (0, 1):
                there = [wall.replace(tzinfo=z, fold=fold).astimezone(UTC) for z in (system, known)]
                assert there[0] == there[1]
            moment += timedelta(minutes=30)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_date_in_summer_typed_in_winter_gets_the_offset_of_summer(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        now = datetime(2026, 1, 15, 12, 0, tzinfo=dates.SystemZone())
        assert dates.parse_moment("2026-07-01 12:00", now, end=True) == "2026-07-01T10:00:00Z"
        assert dates.format_moment("2026-07-01T10:00:00Z", now, end=True) == "Wed 1 Jul 12:00"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_stored_text_is_utc_to_the_second():
    moment = datetime(2026, 11, 23, 6, 31, 4, 999_999, tzinfo=BERLIN)
    assert dates.to_utc_text(moment) == "2026-11-23T05:31:04Z"
    assert dates.from_utc_text("2026-11-23T05:31:04Z") == datetime(2026, 11, 23, 5, 31, 4, tzinfo=UTC)


@given(st.datetimes(datetime(2026, 11, 23, 15), datetime(2029, 1, 1)), zones, st.booleans())
def test_what_an_answer_echoes_can_be_typed_again(wall, zone, end):
    now = NOW.astimezone(zone)
    moment = wall.replace(tzinfo=zone, second=0, microsecond=0).astimezone(UTC).astimezone(zone)
    if moment.fold:
        return  # of an hour that happens twice the text names the first
    for utc in (dates.to_utc_text(moment), dates.parse_moment(moment.date().isoformat(), now, end=end)):
        assert utc is not None
        if utc >= dates.to_utc_text(now) and moment.date() >= now.date():
            assert dates.parse_moment(dates.format_moment(utc, now, end=end), now, end=end) == utc


@pytest.mark.parametrize(
    ("spelling", "echo", "in_list", "distance"),
    [
        ("fri 17:00", "Fri 27 Nov 17:00", "Fri 27", "in 4 days"),
        ("fri", "Fri 27 Nov", "Fri 27", "in 4 days"),
        ("17:00", "Mon 23 Nov 17:00", "17:00", "in 2 hours"),
        ("today", "Mon 23 Nov", "today", "in 9 hours"),
        ("tomorrow 23:00", "Tue 24 Nov 23:00", "Tue 24", "in 1 day"),
        ("wed", "Wed 25 Nov", "Wed 25", "in 2 days"),
        ("sun", "Sun 29 Nov", "Sun 29", "in 6 days"),
        ("30 nov", "Mon 30 Nov", "30 Nov", "in 7 days"),
        ("+3w", "Mon 14 Dec", "14 Dec", "in 3 weeks"),
        ("+3m", "Tue 23 Feb 2027", "23 Feb 27", "in 3 months"),
        ("30 nov 2027", "Tue 30 Nov 2027", "30 Nov 27", "in 12 months"),
        ("+5y", "Sun 23 Nov 2031", "23 Nov 31", "in 5 years"),
        ("now", "Mon 23 Nov 14:32", "14:32", "now"),
        ("+1min", "Mon 23 Nov 14:33", "14:33", "in 1 minute"),
        ("-5min", "Mon 23 Nov 14:27", "5 min late", "5 minutes ago"),
        ("-3h", "Mon 23 Nov 11:32", "3 h late", "3 hours ago"),
        ("yesterday 17:00", "Sun 22 Nov 17:00", "21 h late", "21 hours ago"),
        ("yesterday", "Sun 22 Nov", "1 d late", "14 hours ago"),
        ("-2d", "Sat 21 Nov", "2 d late", "2 days ago"),
        ("2026-11-21 17:00", "Sat 21 Nov 17:00", "2 d late", "2 days ago"),
        ("2025-11-23", "Sun 23 Nov 2025", "365 d late", "12 months ago"),
    ],
)
def test_a_date_is_shown_as_echo_as_list_entry_and_as_distance(spelling, echo, in_list, distance):
    utc = dates.parse_moment(spelling, NOW, end=True)
    assert utc is not None
    assert dates.format_moment(utc, NOW, end=True) == echo
    assert dates.format_due(utc, NOW) == in_list
    assert dates.relative(utc, NOW) == distance


def test_a_date_at_the_end_of_the_calendar_is_shown_and_not_a_crash():
    utc = "9999-12-31T23:59:59Z"
    assert dates.format_moment(utc, NOW, end=True) == "Fri 31 Dec 9999"
    assert dates.format_due(utc, NOW) == "31 Dec 99"
    assert dates.relative(utc, NOW).endswith("years")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45),
        ("2h", 120),
        ("90m", 90),
        ("30 min", 30),
        ("1h30m", 90),
        ("1h 30m", 90),
        ("1.5h", 90),
        ("2 Hours", 120),
        ("2d", 2 * 8 * 60),
        ("1w", 5 * 8 * 60),
        ("1w 2d", 7 * 8 * 60),
        ("0.1m", 1),
        ("0", 0),
        ("soon", None),
        ("", None),
        ("-2h", None),
    ],
)
def test_an_estimate_counts_minutes_of_working_time(text, minutes):
    assert dates.parse_duration(text) == minutes


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("30s", 30), ("500ms", 0.5), ("10m", 600), ("1h", 3600), ("1m30s", 90), ("1d", 86400), ("x", None)],
)
def test_a_timeout_counts_seconds_of_elapsed_time(text, seconds):
    assert dates.parse_seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2x", "2x is not a length of time: x is not a unit of time here"),
        ("1h30", "1h30 is not a length of time: 30 has no unit"),
        ("1h 2h", "1h 2h is not a length of time: h is there twice"),
        ("1..5h", "1..5h is not a length of time: 1..5 is not a number"),
        ("30ms", "30ms is not a length of time: ms is not a unit of time here"),
        ("9" * 400 + "h", "99999999999999999999999999999999999999999999999999999999999… is too long"),
    ],
)
def test_a_near_miss_of_a_length_of_time_is_refused_by_name(text, message):
    with pytest.raises(UsageError) as raised:
        dates.parse_duration(text)
    assert raised.value.message.startswith(message)
    assert raised.value.hint


@given(st.integers(1, 100_000))
def test_a_shown_estimate_can_be_typed_again(minutes):
    assert dates.parse_duration(dates.format_minutes(minutes)) == minutes


def test_estimates_ages_and_clocks_are_shown_short():
    assert [dates.format_minutes(m) for m in (6, 60, 90, 480, 960, 500)] == [
        *("6 min", "1 h", "1 h 30 min", "1 d", "2 d", "8 h 20 min")
    ]
    assert [dates.age(s) for s in (-5, 48, 200, 7300, 5 * 86400)] == ["0 s", "48 s", "3 min", "2 h", "5 d"]
    assert [dates.clock(s) for s in (-1, 48.9, 252, 3723)] == ["0:00", "0:48", "4:12", "1:02:03"]


def test_what_does_not_count_along_names_no_seconds() -> None:
    assert [dates.since(s) for s in (-5, 48, 60, 7300)] == ["< 1 min", "< 1 min", "1 min", "2 h"]
