"""Repetitions: what may be typed, which rule it becomes, and which date comes next."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.errors import UsageError
from taskterm.core.recurrence import EXPRESSIONS, checked, describe, following, parse_repeat

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 9)


def series(rule: str, first: datetime, count: int) -> list[str]:
    """The days of a series from `first` on, each worked out from the one before it, as tasks do."""
    days, date = [f"{first:%Y-%m-%d}"], first
    for _ in range(count - 1):
        found = following(rule, date, date.replace(tzinfo=UTC))
        if found is None:
            break
        date, rule = found.at, found.rule
        days.append(f"{date:%Y-%m-%d}")
    return days


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("daily", ["2026-11-23", "2026-11-24", "2026-11-25"]),
        ("weekdays", ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"]),
        ("weekly", ["2026-11-23", "2026-11-30"]),
        ("every fri", ["2026-11-23", "2026-11-27", "2026-12-04"]),
        ("every mon, thu", ["2026-11-23", "2026-11-26", "2026-11-30"]),
        ("every 15th", ["2026-11-23", "2026-12-15", "2027-01-15"]),
        ("2w", ["2026-11-23", "2026-12-07"]),
        ("every 2 weeks", ["2026-11-23", "2026-12-07"]),
        ("monthly", ["2026-11-23", "2026-12-23"]),
        ("quarterly", ["2026-11-23", "2027-02-23"]),
        ("yearly", ["2026-11-23", "2027-11-23"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["2026-11-23", "2026-11-27", "2026-12-25"]),
        ("rrule:freq=weekly; count=3", ["2026-11-23", "2026-11-30", "2026-12-07"]),
        ("FREQ=DAILY;UNTIL=20261125", ["2026-11-23", "2026-11-24", "2026-11-25"]),
    ],
)
def test_a_repetition_leads_from_one_date_to_the_next(typed, days):
    more = 5 if "COUNT" in typed.upper() or "UNTIL" in typed.upper() else 0
    assert series(parse_repeat(typed), MONDAY, len(days) + more) == days


def test_every_form_that_the_help_names_is_understood():
    for spelling, _ in EXPRESSIONS:
        assert series(parse_repeat(spelling), MONDAY, 2)[1:]


def test_a_month_is_a_calendar_month_and_the_series_returns_to_the_31st():
    assert series(parse_repeat("monthly"), datetime(2027, 1, 31), 6) == [
        *("2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"),
    ]
    assert series(parse_repeat("every 2 months"), datetime(2026, 12, 30), 4) == [
        *("2026-12-30", "2027-02-28", "2027-04-30", "2027-06-30"),
    ]
    assert series(parse_repeat("every 31st"), datetime(2027, 1, 20), 3) == ["2027-01-20", "2027-01-31", "2027-02-28"]


def test_a_year_from_29_february_returns_to_it():
    assert series(parse_repeat("yearly"), datetime(2024, 2, 29), 6) == [
        *("2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"),
    ]


def test_an_rrule_with_a_day_of_the_month_means_what_the_standard_says():
    assert series("FREQ=MONTHLY;BYMONTHDAY=31", datetime(2027, 1, 31), 3) == ["2027-01-31", "2027-03-31", "2027-05-31"]


def test_dates_that_passed_meanwhile_are_left_out_and_counted():
    now = datetime(2026, 11, 23, 14, 32, tzinfo=BERLIN)
    found = following("FREQ=DAILY;COUNT=20", datetime(2026, 11, 18, 23, 59, 59), now)
    assert found is not None
    assert (found.at, found.missed, found.rule) == (datetime(2026, 11, 23, 23, 59, 59), 4, "FREQ=DAILY;COUNT=15")
    assert following("FREQ=DAILY;COUNT=5", datetime(2026, 11, 18, 23, 59, 59), now) is None


def test_a_series_ends_with_its_count_its_last_day_and_the_calendar():
    at = MONDAY.replace(tzinfo=UTC)
    assert following("FREQ=DAILY;COUNT=1", MONDAY, at) is None
    assert following("FREQ=DAILY;UNTIL=20261124T085959Z", MONDAY, at) is None
    assert following("FREQ=DAILY;UNTIL=20261124T090000Z", MONDAY, at) is not None
    assert following("FREQ=YEARLY;INTERVAL=999", datetime(9500, 1, 1), at) is None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("wekly", "wekly is not a repetition; did you mean weekly?"),
        ("every 32nd", "every 32nd is not a repetition: no month has that day"),
        ("FREQ=DALY", "a task does not repeat DALY; did you mean DAILY?"),
        ("FREQ=HOURLY", "a task does not repeat HOURLY"),
        ("BYDAY=FR", "BYDAY=FR is not an RRULE: it has no FREQ"),
        ("FREQ=DAILY;BYHOUR=3", "a task repeats by days, so BYHOUR has no meaning"),
        ("FREQ=DAILY;BIDAY=FR", "an RRULE has no part BIDAY; did you mean BYDAY?"),
        ("FREQ=DAILY;COUNT=0", "COUNT=0 is not a number from 1 to 999"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20271231", "FREQ=DAILY;COUNT=2;UNTIL=20271231 ends twice: by COUNT and by UNTIL"),
        ("FREQ=DAILY;UNTIL=20271332", "UNTIL=20271332 is not a date"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY=32 is not understood"),
        ("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2 never comes about"),
        ("FREQ=WEEKLY;BYDAY=FRI", "BYDAY=FRI is not understood"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ is there twice"),
        ("FREQ=", "FREQ= is not a part of an RRULE"),
    ],
)
def test_what_is_no_repetition_is_refused_by_name(typed, message):
    with pytest.raises(UsageError) as raised:
        parse_repeat(typed)
    assert raised.value.message == message


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("daily", "every day"),
        ("2w", "every 2 weeks"),
        ("weekdays", "every weekday"),
        ("every fri", "every Fri"),
        ("every 15th", "every month on the 15th"),
        ("every 31st", "every month on the 31st, or its last day"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "every month that has a 31st"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;COUNT=3", "every 2 weeks on Fri, 3 times"),
        ("FREQ=YEARLY;UNTIL=20301231", "every year until 2030-12-31"),
        ("FREQ=YEARLY;BYDAY=20MO", "FREQ=YEARLY;BYDAY=20MO"),
    ],
)
def test_a_rule_is_echoed_in_words_where_there_are_short_ones(typed, words):
    assert describe(parse_repeat(typed)) == words


def test_what_is_no_rule_is_shown_as_it_is():
    assert describe("whenever") == "whenever"


days_of_week = st.lists(
    st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=3, unique=True
)
rules: st.SearchStrategy[tuple[str, dict[str, str]]] = st.one_of(
    st.tuples(st.just("DAILY"), st.just({})),
    st.tuples(st.just("WEEKLY"), days_of_week.map(lambda days: {"BYDAY": ",".join(days)})),
    st.tuples(st.just("MONTHLY"), st.integers(1, 31).map(lambda day: {"BYMONTHDAY": str(day)})),
    st.tuples(st.just("MONTHLY"), st.sampled_from(["-1FR", "1MO", "3TH"]).map(lambda day: {"BYDAY": day})),
    st.tuples(st.just("YEARLY"), st.integers(1, 12).map(lambda month: {"BYMONTH": str(month), "BYMONTHDAY": "7"})),
)


@given(
    rules,
    st.integers(1, 4),
    st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)).map(lambda at: at.replace(microsecond=0)),
    st.integers(0, 400),
)
def test_the_next_date_is_the_one_that_the_standard_names(rule, interval, last, passed):
    frequency, parts = rule
    text = ";".join([f"FREQ={frequency}", f"INTERVAL={interval}", *(f"{k}={v}" for k, v in parts.items())])
    now = last + timedelta(days=passed)
    dates = rrulestr(text, dtstart=last)
    wanted = dates.after(now)
    found = following(checked(text), last, now.replace(tzinfo=UTC))
    assert found is not None
    assert found.at == wanted
    assert found.missed == len(dates.between(last, wanted))


@given(st.text(max_size=40) | st.text("FREQ=DAILYBMNTHU;,-+0123456789", max_size=40))
def test_whatever_is_typed_it_is_a_rule_or_a_usage_error(text):
    try:
        rule = parse_repeat(text)
    except UsageError as error:
        assert error.message
        assert error.message.isprintable()
    else:
        assert checked(rule) == rule
        describe(rule)
