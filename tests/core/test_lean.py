"""Records made without typing behave as those made with it, and JSON written without json is the same text."""

from __future__ import annotations

import copy
import json
import pickle
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.core import jsontext, lean


class Lean(lean.NamedTuple):
    """A record with and without defaults."""

    id: int
    title: str
    tags: tuple[str, ...] = ()
    due: str | None = None

    @property
    def loud(self) -> str:
        return self.title.upper()


class Standard(NamedTuple):
    """The same, from the standard library."""

    id: int
    title: str
    tags: tuple[str, ...] = ()
    due: str | None = None

    @property
    def loud(self) -> str:
        return self.title.upper()


VALUES = st.lists(st.integers() | st.text(), max_size=6)
NAMED = st.dictionaries(st.sampled_from(["id", "title", "tags", "due", "other"]), st.integers() | st.text(), max_size=5)


def outcome(make, *values, **named):
    """What a call answers as a plain tuple, or the kind of error it raises."""
    try:
        return tuple(make(*values, **named))
    except (TypeError, ValueError) as error:
        return type(error)


@given(VALUES, NAMED)
def test_a_record_takes_and_refuses_the_same_values(values, named):
    assert outcome(Lean, *values, **named) == outcome(Standard, *values, **named)


@given(VALUES, VALUES)
def test_defaults_of_one_call_do_not_reach_another(first, second):
    for values in (first, second, first):
        assert outcome(Lean, *values) == outcome(Standard, *values)


@given(VALUES)
def test_a_record_is_made_of_any_values_that_are_as_many_as_its_fields(values):
    assert outcome(Lean._make, values) == outcome(Standard._make, values)


@given(NAMED)
def test_a_field_is_replaced_and_an_unknown_one_refused(named):
    ours, theirs = outcome(Lean(1, "a")._replace, **named), outcome(Standard(1, "a")._replace, **named)
    if theirs is TypeError:  # from Python 3.13 on, where it was a ValueError before
        theirs = ValueError
    assert ours == theirs


@given(st.integers(), st.text(), st.text() | st.none())
def test_a_record_is_read_compared_shown_unpacked_and_hashed_as_the_standard_one(number, title, due):
    ours, theirs = Lean(number, title, due=due), Standard(number, title, due=due)
    assert (ours.id, ours.title, ours.tags, ours.due, ours.loud) == (number, title, (), due, title.upper())
    assert tuple(ours) == tuple(theirs) == (number, title, (), due)
    assert hash(ours) == hash(theirs)
    assert repr(ours) == repr(theirs).replace("Standard(", "Lean(")
    assert ours._asdict() == {"id": number, "title": title, "tags": (), "due": due}
    assert ours == (number, title, (), due)
    assert (Lean._fields, Lean._field_defaults) == (Standard._fields, Standard._field_defaults)
    assert Lean.__match_args__ == Standard.__match_args__
    assert isinstance(ours, tuple)


@given(st.integers(), st.text())
def test_a_record_survives_pickle_and_copy(number, title):
    record = Lean(number, title, ("a",))
    for again in (pickle.loads(pickle.dumps(record)), copy.copy(record), copy.deepcopy(record)):
        assert again == record
        assert type(again) is Lean


def test_a_record_can_neither_be_changed_nor_extended():
    record = Lean(1, "a")
    with pytest.raises(AttributeError):
        record.title = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        record.colour = "red"  # type: ignore[attr-defined]


def test_a_record_matches_by_position():
    match Lean(7, "a"):
        case Lean(number, title):
            assert (number, title) == (7, "a")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(PLAIN)
def test_json_is_written_as_the_standard_library_writes_it(value):
    assert jsontext.dumps(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@given(PLAIN)
def test_json_that_was_written_is_read_again(value):
    assert jsontext.loads(jsontext.dumps(value)) == json.loads(json.dumps(value))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: "a"}, {None: 1}, {"a": object()}, b"text", {1, 2}])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        jsontext.dumps(value)
