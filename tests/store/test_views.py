"""Saved views: kept with who saved them, replaced, removed, undone, and seen by everybody who looks."""

import pytest

from taskterm.core.errors import NotFound, RuleError, UsageError
from taskterm.core.model import View
from taskterm.store.store import Store
from tests.store.conftest import Do


def saved(store: Store) -> tuple[View, ...]:
    """The views as a fresh picture has them."""
    return store.snapshot().views


def test_a_view_is_kept_with_who_saved_it_behind_the_others(do: Do, store: Store) -> None:
    do("view_save", name="urgent", query=" ready pri.min:M sort:-urgency ")
    do("view_save", by="ben", name="mine", query="@me")
    assert saved(store) == (
        View("urgent", "ready pri.min:M sort:-urgency", 1, "ana"),
        View("mine", "@me", 2, "ben"),
    )


def test_a_view_of_the_same_name_is_replaced_in_one_operation_and_undo_brings_it_back(do: Do, store: Store) -> None:
    do("view_save", name="urgent", query="ready")
    replaced = do("view_save", by="ben", name="Urgent", query="late")
    assert dict(replaced.outcome.created) == {"name": "urgent", "before": "ready"}
    assert saved(store) == (View("urgent", "late", 1, "ben"),)
    do("undo", by="ben")
    assert saved(store) == (View("urgent", "ready", 1, "ana"),)
    do("redo", by="ben")
    assert saved(store) == (View("urgent", "late", 1, "ben"),)


def test_saving_what_is_saved_already_changes_nothing_and_that_is_said(do: Do) -> None:
    do("view_save", name="urgent", query="ready")
    again = do("view_save", by="ben", name="URGENT", query="ready")
    assert (again.operation_id, again.outcome.notes) == (None, ("the view urgent is like that already",))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("due.befor:fri", "did you mean due.before:"),
        ("ready (", "is not closed"),
        ("view:none-such", "there is no view none-such"),
        ("", "the query is missing"),
        ("ready\nlate", "a line break"),
        ("ready \ud800", "not valid Unicode"),
        ("x" * 5000, "5,000 characters"),
    ],
)
def test_a_query_that_is_not_understood_is_not_saved(do: Do, store: Store, query: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        do("view_save", name="wrong", query=query)
    assert saved(store) == ()


@pytest.mark.parametrize("name", ["", "two words", "-x", ".x", "a/b", "a:b", "x" * 41, "a\x1b", "(a)"])
def test_a_name_that_a_query_could_not_hold_is_refused(do: Do, store: Store, name: str) -> None:
    with pytest.raises(UsageError):
        do("view_save", name=name, query="ready")
    assert saved(store) == ()


def test_a_name_may_hold_letters_of_any_script_digits_and_three_signs(do: Do, store: Store) -> None:
    for name in ("a.b-c_1", "2do", "größe", "日本"):
        do("view_save", name=name, query="ready")
        do("view_save", name="test", query=f"view:{name}")
    assert [view.name for view in saved(store)] == ["a.b-c_1", "test", "2do", "größe", "日本"]


def test_views_that_would_name_each_other_in_a_circle_are_refused(do: Do, store: Store) -> None:
    with pytest.raises(UsageError, match="there is no view a"):
        do("view_save", name="a", query="view:a")
    do("view_save", name="a", query="ready")
    with pytest.raises(UsageError, match="a → a"):
        do("view_save", name="a", query="not view:A")
    do("view_save", name="b", query="view:a")
    do("view_save", name="c", query="late or view:b")
    with pytest.raises(UsageError, match="a → c → b → a"):
        do("view_save", name="a", query="view:c")
    assert saved(store)[0].query == "ready"


def test_a_removed_view_is_gone_and_comes_back_with_undo(do: Do, store: Store) -> None:
    do("view_save", name="a", query="ready")
    do("view_save", name="b", query="view:a")
    before = saved(store)
    with pytest.raises(RuleError, match="the view b asks for view:a"):
        do("view_remove", names=["A"])
    with pytest.raises(NotFound, match="there is no view bb; did you mean b"):
        do("view_remove", names=["a", "bb"])
    assert saved(store) == before
    assert dict(do("view_remove", names=["B", "a", "b"]).outcome.created) == {"names": ["b", "a"]}
    assert saved(store) == ()
    do("undo")
    assert saved(store) == before


def test_an_open_picture_learns_of_views_that_come_change_and_go(do: Do, store: Store) -> None:
    live = store.snapshot()
    for verb, args in (
        ("view_save", {"name": "a", "query": "ready"}),
        ("view_save", {"name": "a", "query": "late"}),
        ("add", {"title": "x"}),
        ("view_remove", {"names": ["a"]}),
        ("undo", {}),
    ):
        do(verb, **args)
        live = store.refresh(live)
        assert live == store.snapshot()
    assert live.views == (View("a", "late", 1, "ana"),)


def test_an_undo_is_refused_where_somebody_has_saved_the_view_anew_since(do: Do, store: Store) -> None:
    do("view_save", name="a", query="ready")
    do("view_save", by="ben", name="a", query="late")
    with pytest.raises(RuleError, match="has changed since"):
        do("undo", by="ana")
    assert saved(store) == (View("a", "late", 1, "ben"),)
