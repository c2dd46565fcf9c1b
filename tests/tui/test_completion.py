"""Completion in the fields: what fits the word that is typed, how it is taken, and that nothing breaks on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.core import query
from taskterm.core.capture import parse_capture
from taskterm.core.model import Task, View
from taskterm.core.snapshot import Snapshot
from taskterm.tui.completing import CAPTURE, QUERY, Completion, complete, taken
from taskterm.tui.known import Index
from taskterm.tui.widgets.completion import Completions
from taskterm.tui.widgets.entry import Entry
from tests.tui.drive import NOW, Drive, fill, opened

TITLES = (
    "Write the mirror",
    "Mirror docs to the CDN",
    "Admiral dashboards",
    "Straße kehren",
    "日本語のタスク",
    "Review",
)
SNAPSHOT = Snapshot(
    tasks={
        number: Task(
            number,
            "",
            title,
            status="done" if number == 3 else "todo",
            tags=("ops", "two words") if number % 2 else ("web",),
            assignee=("ana", "ben", "Chloé", None)[number % 4],
            project=("site.web", "my site", "home")[number % 3],
        )
        for number, title in enumerate(TITLES, 1)
    },
    views=(View("urgent", "pri:H", 1, "ana"),),
)
INDEX = Index(SNAPSHOT, NOW)


def offered(text: str, grammar: str = QUERY) -> list[str]:
    """The texts that are offered at the end of a line."""
    found = complete(text, len(text), grammar, INDEX)
    return [offer.text for offer in found.offers] if found else []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("re", "ready"),
        ("ready +o", "+ops"),
        ("ready and (+o", "+ops"),
        ("op", "open"),
        ("-@b", "-@ben"),
        ("@C", "@Chloé"),
        ("project:site.", "project:site.web"),
        ("proj:my", 'proj:"my site"'),
        ('project:"my s', 'project:"my site"'),
        ("+tw", 'tag:"two words"'),
        ("due<=fr", "due<=fri"),
        ("sort:due,-pri", "sort:due,-pri"),
        ("after:mir", "after:2"),
        ("#4", "4"),
        ("view:u", "view:urgent"),
        ("urg", "urgency.min:"),
        ("has:no", "has:notes"),
    ],
)
def test_a_filter_is_offered_what_begins_so(typed: str, first: str) -> None:
    assert (offered(typed) or [typed.split()[-1]])[0] == first


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Deploy +o", "+ops"),
        ("Deploy @a", "@ana"),
        ("Deploy after:1,mir", "after:1,2"),
        ("Deploy before:adm", ""),
        ("Deploy project:my", 'project:"my site"'),
        ("Deploy pro", "project:"),
        ("Deploy due:fr", "due:fri"),
        ("Deploy -- +o", ""),
        ("Deploy +tw", ""),
        ("12", ""),
    ],
)
def test_a_capture_line_is_offered_what_it_can_say(typed: str, first: str) -> None:
    assert ([*offered(typed, CAPTURE), ""])[0] == first


def test_titles_are_found_at_their_beginning_first_and_ended_tasks_last() -> None:
    assert [task.id for task, _ in INDEX.find("mir")] == [2, 1, 3]
    assert [task.id for task, _ in INDEX.find("mirr")] == [2, 1]
    assert [task.id for task, _ in INDEX.find("mi")] == [2, 1, 3]
    assert INDEX.find("strasse")[0][1] == ()  # folding makes two letters of one, so no place is claimed


def test_names_that_many_open_tasks_bear_come_first_with_their_number() -> None:
    found = complete("+", 1, QUERY, INDEX)
    assert found is not None
    told = [(offer.shown, offer.meaning) for offer in found.offers]
    assert told == [("+web", "3 open"), ("+ops", "2 open"), ("+two words", "2 open")]


LINES = st.text(st.sampled_from("+-@#:,<>=()\"'/ .\\123aiomprstwu日ß\u202e\x00"), max_size=24)


@given(LINES, st.integers(0, 24), st.sampled_from([CAPTURE, QUERY]), st.booleans())
def test_completing_never_fails_and_what_was_taken_is_understood(
    text: str, cursor: int, grammar: str, asked: bool
) -> None:
    found = complete(text, min(cursor, len(text)), grammar, INDEX, asked=asked)
    if found is None:
        return
    for offer in found.offers:
        line, place = taken(text, found, offer)
        assert line.startswith(text[: found.start] + offer.text)
        assert line.endswith(text[found.end :])
        assert found.start < place <= len(line)
        if not offer.more:
            assert understood(offer.text, grammar), offer.text


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(lambda n: n == n.strip() != "")


@given(NAMES, NAMES, NAMES)
def test_whatever_a_thing_is_called_what_is_offered_means_it(tag: str, person: str, project: str) -> None:
    task = Task(1, "", "t", tags=(tag,), assignee=person, project=project)
    snapshot = Snapshot(tasks={1: task, 2: Task(2, "", "u")})
    index = Index(snapshot, NOW)
    for typed in ("+", "@", "project:", "tag:", "assignee:"):
        found = complete(typed, len(typed), QUERY, index)
        for offer in found.offers if found else ():
            if (
                offer.text not in ("@me", "@none")
                and offer.meaning == "1 open"
                and offer.shown in (tag, person, project)
            ):
                asked = query.parse(offer.text, NOW)
                assert asked.test is not None
                assert asked.test(snapshot, task, "2026-11-23T14:32:00Z"), offer
    for typed in ("+", "@", "project:"):
        found = complete(typed, len(typed), CAPTURE, index)
        for offer in found.offers if found else ():
            parsed = parse_capture(f"x {offer.text}", NOW)
            assert offer.shown.removeprefix(typed) in (*parsed.tags, parsed.assignee, parsed.project)


def understood(word: str, grammar: str) -> bool:
    """Whether a line that holds nothing but this is read without a problem."""
    if grammar == CAPTURE:
        parsed = parse_capture(f"x {word}", NOW, strict=False)
        return not parsed.problems and parsed.title == "x"
    found = query.parse(word, NOW, strict=False, me="ana", views=lambda: SNAPSHOT.views)
    return all("nothing on its" in p.message or "nothing behind" in p.message for p in found.problems)


# ── on the screen

TASKS: tuple[dict[str, Any], ...] = (
    {"title": "Deploy", "tags": ["ops"], "assignee": "ana", "project": "site.web"},
    {"title": "Write", "tags": ["docs", "ops"], "assignee": "ben"},
    {"title": "Measure", "tags": ["ops-eu"], "assignee": "ben"},
)


def shown(drive: Drive) -> list[str]:
    """What the list at the field offers."""
    popups = list(drive.app.screen.query(Completions))
    found = popups[0].found if popups and popups[0].display else None
    return [offer.shown for offer in found.offers] if found else []


async def test_tab_takes_what_is_offered_while_a_filter_is_typed(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("slash")
        await drive.type("+o")
        await drive.until(lambda: shown(drive) == ["+ops", "+ops-eu"], "the tags")
        assert "2 open" in drive.text
        await drive.press("tab")
        await drive.until(lambda: drive.app.lens.query.text == "+ops ", "the filter")
        assert not shown(drive)
        assert drive.app.screen.query_one("#filter", Entry).has_focus
        await drive.type("@")
        await drive.until(lambda: shown(drive) == ["@ben", "@ana", "@me", "@none"], "the people")
        await drive.press("down", "down", "up", "enter")
        await drive.until(lambda: drive.app.lens.query.text == "+ops @ana ", "what enter took")
        await drive.press("enter")
        assert not drive.app.screen.query_one("#filter", Entry).has_focus
        await drive.until(lambda: drive.app.picture.visible == frozenset({1}), "what fits")


async def test_escape_closes_the_offers_first_and_then_clears_the_filter(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("slash")
        await drive.type("+o")
        await drive.until(lambda: shown(drive) != [], "offers")
        await drive.press("escape")
        assert shown(drive) == []
        assert drive.app.lens.query.text == "+o"
        await drive.press("escape")
        await drive.until(lambda: drive.app.lens.query.text == "", "no filter")


async def test_a_key_goes_on_to_its_values_and_a_click_takes_one(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db") as drive:
        await drive.press("slash")
        await drive.type("proj")
        await drive.until(lambda: shown(drive) == ["project:"], "the key")
        await drive.press("tab")
        await drive.until(lambda: shown(drive) == ["site", "site.web"], "its values")
        popup = drive.app.screen.query_one(Completions)
        await drive.pilot.click(popup, offset=(4, 2))
        await drive.until(lambda: drive.app.lens.query.text == "project:site.web ", "the project")
        assert drive.app.screen.query_one("#filter", Entry).has_focus


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 40)])
async def test_the_offers_stay_on_the_screen_wherever_the_word_is(tmp_path: Path, size: tuple[int, int]) -> None:
    fill(tmp_path / "t.db", *TASKS)
    async with opened(tmp_path / "t.db", size=size) as drive:
        await drive.press("slash")
        await drive.type("x " * 25 + "+o")
        await drive.until(lambda: shown(drive) != [], "offers")
        region = drive.app.screen.query_one(Completions).region
        assert drive.app.screen.size.region.contains_region(region)
        assert "ops-eu" in drive.text


def test_a_completion_replaces_the_word_alone() -> None:
    found = complete("a (+o) b", 5, QUERY, INDEX)
    assert isinstance(found, Completion)
    assert taken("a (+o) b", found, found.offers[0]) == ("a (+ops) b", 7)
    assert complete("a +op b", 4, QUERY, INDEX) is None


async def test_the_offers_never_cover_the_line_that_is_typed_also_after_a_resize(tmp_path: Path) -> None:
    fill(tmp_path / "t.db", {"title": "One", "assignee": "dana"})
    async with opened(tmp_path / "t.db", size=(80, 24)) as drive:
        await drive.press("a")
        await drive.type("Ship it @d")
        await drive.until(lambda: "@dana" in drive.text, "the offers")
        await drive.pilot.resize_terminal(60, 20)
        await drive.until(lambda: any("Ship it @d" in line for line in drive.lines) and "@dana" in drive.text, "both")
