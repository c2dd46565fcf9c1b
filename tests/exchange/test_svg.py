"""The SVG picture: well-formed whatever titles hold, one box for each task, one path for each dependency."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.model import Task
from taskterm.core.snapshot import Snapshot
from taskterm.exchange import svg

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def snapshot(*titles: str) -> Snapshot:
    """A chain of tasks with these titles, 1 before 2 before 3 and so on."""
    size = len(titles)
    return Snapshot(
        tasks={n: Task(n, f"u{n}", title, open_predecessors=int(n > 1)) for n, title in enumerate(titles, 1)},
        before={n: (n - 1,) for n in range(2, size + 1)},
        after={n: (n + 1,) for n in range(1, size)},
    )


def drawn(picture: Snapshot, ids: tuple[int, ...] | None = None) -> ElementTree.Element:
    return ElementTree.fromstring(svg.render(picture, ids or tuple(picture.tasks), NOW))


def titles_of(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iterfind(f".//{SVG}g/{SVG}g/{SVG}title")]


def test_each_task_is_a_box_and_each_dependency_a_line() -> None:
    root = drawn(snapshot("Write", "Review", "Send"))
    assert titles_of(root) == ["Write", "Review", "Send"]
    assert len(root.findall(f".//{SVG}g/{SVG}rect")) == 3
    lines = root.findall(f".//{SVG}g/{SVG}path")
    assert sorted(line.findtext(f"{SVG}title") or "" for line in lines) == ["1 → 2", "2 → 3"]
    assert all("critical" in (line.get("class") or "") for line in lines)


def test_a_title_is_only_ever_text() -> None:
    hostile = '</text></svg><script>alert(1)</script> & "quoted" ]]> \x1b[31m \u202e \ud800 \x00'
    root = drawn(snapshot(hostile, "After"))
    assert root.findall(".//script") == root.findall(f".//{SVG}script") == []
    assert titles_of(root)[0].startswith('</text></svg><script>alert(1)</script> & "quoted" ]]> ␛[31m')


@given(st.text(max_size=400))
def test_the_document_is_well_formed_whatever_a_title_holds(title: str) -> None:
    root = drawn(snapshot(title, "After"))
    assert len(titles_of(root)) == 2


def test_the_whole_of_a_long_title_is_kept_for_the_reader() -> None:
    title = "漢字と " * 100
    assert titles_of(drawn(snapshot(title, "After")))[0] == title


def test_lines_begin_and_end_at_the_borders_of_their_boxes() -> None:
    root = drawn(snapshot("Write", "Review"))
    first, second = root.findall(f".//{SVG}g/{SVG}rect")
    path = root.find(f".//{SVG}g/{SVG}path")
    assert path is not None
    start, end = (point.replace("L", " ").replace("M", " ").split() for point in (path.get("d") or "").split("L"))
    assert float(start[0]) == float(first.get("x") or 0) + float(first.get("width") or 0)
    assert 0 <= float(second.get("x") or 0) - float(end[0]) <= 2


def test_tasks_without_dependencies_stand_below_in_rows() -> None:
    picture = Snapshot(tasks={n: Task(n, f"u{n}", f"Task {n}") for n in range(1, 13)})
    root = drawn(picture)
    places = {(rect.get("x"), rect.get("y")) for rect in root.findall(f".//{SVG}g/{SVG}rect")}
    assert len(places) == 12
    assert len({y for _, y in places}) == 3


def test_no_tasks_are_an_empty_picture() -> None:
    assert titles_of(ElementTree.fromstring(svg.render(Snapshot(), (), NOW))) == []


def test_colours_follow_light_and_dark_pages() -> None:
    text = svg.render(snapshot("Write", "Review"), (1, 2), NOW)
    assert "@media (prefers-color-scheme:dark)" in text
    assert 'fill="#' not in text
