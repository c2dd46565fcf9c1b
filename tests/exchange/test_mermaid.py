"""Mermaid: every task and dependency, and a title that can be nothing but a title."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.display import visible
from taskterm.exchange import mermaid
from tests.exchange.test_svg import snapshot

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
NODE = re.compile(r'    t(\d+)\["([^"]*)"\]')


def labels(text: str) -> dict[int, str]:
    """What each node shows: `<br/>` ends a line, `#65;` is a character by its number."""
    found = {}
    for line in text.split("\n"):
        if match := NODE.fullmatch(line):
            plain = match[2].replace("<br/>", "\n").replace("\u2060", "")
            found[int(match[1])] = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), plain)
    return found


def test_tasks_and_dependencies_are_there() -> None:
    text = mermaid.render(snapshot("Write", "Review", "Send"), (1, 2, 3), NOW)
    assert text.startswith("flowchart LR\n")
    assert labels(text) == {1: "○ 1 Write", 2: "⊘ 2 Review", 3: "⊘ 3 Send"}
    assert "    t1 ==> t2\n    t2 ==> t3\n" in text
    assert "    class t2,t3 blocked\n" in text


@given(st.text(max_size=120) | st.text('"#;<>`*_%{}$\\\n[]|& ', max_size=40))
def test_a_title_comes_back_as_it_was_typed(title: str) -> None:
    text = mermaid.render(snapshot(title, "After"), (1, 2), NOW)
    plain = visible(title).replace("\u2068", "").replace("\u2069", "").replace("\u2060", "")
    assert "".join(labels(text)[1].split()) == "".join(f"○ 1 {plain}".split())
    assert len(labels(text)) == 2


def test_nothing_in_a_title_means_anything_to_mermaid() -> None:
    title = '%%{init: {"theme":"dark"}}%% <script>alert(1)</script> `**bold**` $$x$$ fa:fa-bomb #35; end'
    line = mermaid.render(snapshot(title, "After"), (1, 2), NOW).split("\n")[1]
    inside = line.partition('["')[2].removesuffix('"]').replace("<br/>", "")
    assert not set(inside) & set('"<>`$%*_\\')
    assert "fa:fa" not in inside
    assert "#36;#36;" not in inside
    assert not re.search(r"#(?!\d+;)", inside)


def test_lines_of_a_long_title_stay_short() -> None:
    text = mermaid.render(snapshot("word " * 60, "After"), (1, 2), NOW)
    assert max(len(line) for line in labels(text)[1].split("\n")) <= 22
