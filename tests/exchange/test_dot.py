"""DOT: every task and dependency, and a title that can be nothing but a title."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from taskterm.core.display import visible
from taskterm.exchange import dot
from tests.exchange.test_svg import snapshot

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)


def statements(text: str) -> list[list[str]]:
    """The words of each statement, quoted strings as one word that begins with a quote. Fails on a string left open."""
    assert text.startswith("digraph tasks {\n")
    assert text.endswith("}\n")
    found = []
    for line in text.splitlines()[1:-1]:
        words, at = [""], 0
        while at < len(line):
            if line[at] == '"':
                end = at + 1
                while line[end] != '"':
                    end += 2 if line[end] == "\\" else 1
                words += [line[at : end + 1], ""]
                at = end + 1
            elif line[at] in " [],=":
                words.append("")
                at += 1
            else:
                words[-1] += line[at]
                at += 1
        found.append([word for word in words if word])
    return found


def label_of(text: str, node: str) -> str:
    """The text that Graphviz shows in a node: lines end in \\l, escapes and entities are read."""
    words = next(words for words in statements(text) if words[0] == node and words[1] == "label")
    inside, shown, at = words[2][1:-1], "", 0
    while at < len(inside):
        if inside[at] == "\\":
            shown += {"l": "\n"}.get(inside[at + 1], inside[at + 1])
            at += 2
        else:
            shown += inside[at]
            at += 1
    return unescape(shown)


def test_tasks_and_dependencies_are_there() -> None:
    text = dot.render(snapshot("Write", "Review", "Send"), (1, 2, 3), NOW)
    arrows = [words[:3] for words in statements(text) if "->" in words]
    assert arrows == [["1", "->", "2"], ["2", "->", "3"]]
    assert label_of(text, "1") == "○ 1 Write\n"
    assert "penwidth" in text


def test_only_the_tasks_that_were_asked_for_are_there() -> None:
    words = [w for line in statements(dot.render(snapshot("A", "B", "C"), (1, 3), NOW)) for w in line]
    assert "2" not in words
    assert "->" not in words


@given(st.text(max_size=120) | st.text('"\\\n &;<>lN#', max_size=40))
def test_a_title_comes_back_as_it_was_typed(title: str) -> None:
    label = label_of(dot.render(snapshot(title, "After"), (1, 2), NOW), "1")
    plain = visible(title).replace("\u2068", "").replace("\u2069", "")
    assert "".join(label.split()) == "".join(f"○ 1 {plain}".split())


def test_nothing_is_an_empty_graph() -> None:
    assert "->" not in dot.render(snapshot(), (), NOW)
