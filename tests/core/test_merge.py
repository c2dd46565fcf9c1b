"""Notes that two people changed: what each of them wrote is still there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.merge import Marks, merged

MARKS = Marks("<<< yours", "===", ">>> @ben")
TEXTS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=6).map("\n".join)


def test_changes_in_different_places_are_both_taken() -> None:
    assert merged("one\ntwo\nthree", "ONE\ntwo\nthree", "one\ntwo\nTHREE") == "ONE\ntwo\nTHREE"


def test_lines_that_both_added_are_all_kept_theirs_first() -> None:
    assert merged("", "Courier says Thursday.", "Tracking: DHL 0034") == "Tracking: DHL 0034\nCourier says Thursday."
    assert merged("Head", "Head\nmine\nsame", "Head\ntheirs\nsame") == "Head\ntheirs\nsame\nmine"


def test_what_one_took_out_and_the_other_left_is_gone() -> None:
    assert merged("one\ntwo\nthree", "one\nthree", "one\ntwo\nthree\nfour") == "one\nthree\nfour"


def test_in_an_editor_both_stand_between_marks() -> None:
    found = merged("Head\nold", "Head\nmine", "Head\ntheirs", MARKS)
    assert found == "Head\n<<< yours\nmine\n===\ntheirs\n>>> @ben"


@given(TEXTS, TEXTS, TEXTS)
def test_no_line_that_somebody_wrote_anew_is_lost(base: str, yours: str, theirs: str) -> None:
    found = merged(base, yours, theirs).split("\n")
    for text in (yours, theirs):
        assert {line for line in text.split("\n") if line not in base.split("\n")} <= set(found)


@given(TEXTS, TEXTS)
def test_where_one_person_changed_nothing_the_text_of_the_other_stays_as_it_is(base: str, text: str) -> None:
    assert merged(base, text, base) == merged(base, base, text) == text
