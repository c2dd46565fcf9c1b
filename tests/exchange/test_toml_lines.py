"""Every key of a TOML text is found on the line where it is written."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskterm.exchange.toml_lines import Path, TooDeep, locate

EVERYTHING = r'''# [not.a.table]
title = "a # [b] = {c"   # = [
"quoted key" = 'lit # [x] "'
a.b."c.d" = 1
text = """
[table]
key = "no"  \"""
""""
raw = \'\'\'
[[array]]
\'\'\'
list = [ # comment ]
  1, "],",
  [2, 3],
  { x = 1, y.z = [4,
    5] },
]
when = 1979-05-27 07:32:00
"\u00e4" = true

[table]
key = 1
[table.deep.er]
x = 1
[[task]]
key = "one"
  [[task.step]]
  run = "a"
  [[task.step]]
  run = "b"
  env = { A = "1", B = "2" }
[[task]]
key = "two"
  [task.more]
  x = 1
  [[task.step]]
  run = """c
  d"""
  name = "e"
'''.replace("\\'", "'")

EXPECTED: dict[Path, int] = {
    ("title",): 2,
    ("quoted key",): 3,
    ("a",): 4,
    ("a", "b"): 4,
    ("a", "b", "c.d"): 4,
    ("text",): 5,
    ("raw",): 9,
    ("list",): 12,
    ("list", 0): 13,
    ("list", 1): 13,
    ("list", 2): 14,
    ("list", 2, 0): 14,
    ("list", 2, 1): 14,
    ("list", 3): 15,
    ("list", 3, "x"): 15,
    ("list", 3, "y"): 15,
    ("list", 3, "y", "z"): 15,
    ("list", 3, "y", "z", 0): 15,
    ("list", 3, "y", "z", 1): 16,
    ("when",): 18,
    ("ä",): 19,
    ("table",): 21,
    ("table", "key"): 22,
    ("table", "deep"): 23,
    ("table", "deep", "er"): 23,
    ("table", "deep", "er", "x"): 24,
    ("task",): 25,
    ("task", 0): 25,
    ("task", 0, "key"): 26,
    ("task", 0, "step"): 27,
    ("task", 0, "step", 0): 27,
    ("task", 0, "step", 0, "run"): 28,
    ("task", 0, "step", 1): 29,
    ("task", 0, "step", 1, "run"): 30,
    ("task", 0, "step", 1, "env"): 31,
    ("task", 0, "step", 1, "env", "A"): 31,
    ("task", 0, "step", 1, "env", "B"): 31,
    ("task", 1): 32,
    ("task", 1, "key"): 33,
    ("task", 1, "more"): 34,
    ("task", 1, "more", "x"): 35,
    ("task", 1, "step"): 36,
    ("task", 1, "step", 0): 36,
    ("task", 1, "step", 0, "run"): 37,
    ("task", 1, "step", 0, "name"): 39,
}


def paths(value: Any, path: Path = ()) -> set[Path]:
    """Every key path of what tomllib answers."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = {path} if path else set()
    for key, child in children:
        found |= paths(child, (*path, key))
    return found


def test_every_kind_of_key_and_value_is_found_on_its_line():
    assert locate(EVERYTHING) == EXPECTED
    assert paths(tomllib.loads(EVERYTHING)) == set(EXPECTED)


def test_windows_line_ends_change_no_line_number():
    assert locate(EVERYTHING.replace("\n", "\r\n")) == EXPECTED


def test_a_table_is_at_its_own_header_even_where_a_child_came_first():
    assert locate("[a.b]\nx = 1\n[a]\ny = 2\n") == {("a", "b"): 1, ("a", "b", "x"): 2, ("a",): 3, ("a", "y"): 4}


KEYS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6) | st.sampled_from(
    ["a", "b-c", "1", "a.b", "[x]", "#", "=", '"', "'", "true"]
)
WORDS = st.text(st.sampled_from("ab \"'\\#[]{}=,\n.ä"), max_size=12)


def escaped(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\x7f", "\\u007f") + '"'


class Document:
    """Text that grows by pieces, and the line on which each key path was written."""

    def __init__(self, draw: Any) -> None:
        self.draw, self.text = draw, ""
        self.lines: dict[Path, int] = {}

    def one_of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def write(self, text: str) -> None:
        self.text += text

    def note(self, path: Path) -> None:
        self.lines.setdefault(path, self.text.count("\n") + 1)

    def end_line(self) -> None:
        self.write(self.one_of("\n", "  # [x] = {\n", "\n\n", "\n  # '''\n"))

    def key(self, key: str) -> None:
        bare = key and all(c.isascii() and (c.isalnum() or c in "-_") for c in key)
        literal = "'" not in key and key.isprintable()
        self.write(self.one_of(*([key] if bare else []), *([f"'{key}'"] if literal else []), escaped(key)))

    def string(self) -> None:
        text = self.draw(WORDS)
        forms = [escaped(text)]
        if "'" not in text:
            forms.append(f"'''{text}'''")
            forms += [f"'{text}'"] if "\n" not in text else []
        forms.append('"""' + text.replace("\\", "\\\\").replace('"', '\\"') + self.one_of("", '"', '""') + '"""')
        self.write(self.one_of(*forms))

    def value(self, path: Path, depth: int) -> None:
        kind = self.one_of("string", "string", "plain", *(["array", "table"] if depth else []))
        if kind == "string":
            self.string()
        elif kind == "plain":
            self.write(self.one_of("1", "-0.5e3", "true", "1979-05-27T07:32:00Z", "1979-05-27 07:32:00", "0xff"))
        elif kind == "array":
            self.array(path, depth)
        else:
            self.write("{ ")
            for i, key in enumerate(self.keys()):
                self.write(", " if i else "")
                self.pair((*path, key), key, depth - 1)
            self.write(" }")

    def array(self, path: Path, depth: int) -> None:
        self.write("[")
        for i in range(self.draw(st.integers(0, 3))):
            self.write(self.one_of("", " ", "\n  ", " # ],\n"))
            self.note((*path, i))
            self.value((*path, i), depth - 1)
            self.write(self.one_of(",", "\n,", " # ]\n,"))
        self.write(self.one_of("]", "\n]"))

    def keys(self) -> list[str]:
        return self.draw(st.lists(KEYS, max_size=3, unique=True))

    def pair(self, path: Path, key: str, depth: int) -> None:
        self.note(path)
        self.key(key)
        if self.draw(st.booleans()):
            self.write(self.one_of(".", " . "))
            path = (*path, "dotted")
            self.note(path)
            self.key("dotted")
        self.write(self.one_of("=", " = "))
        self.value(path, depth)

    def body(self, path: Path) -> None:
        for key in self.keys():
            self.write(self.one_of("", "  "))
            self.pair((*path, key), key, 2)
            self.end_line()

    def header(self, marks: tuple[str, str], path: Path) -> None:
        self.note(path)
        self.write(marks[0])
        for i, part in enumerate(part for part in path if isinstance(part, str)):
            self.write("." if i else "")
            self.key(part)
        self.write(marks[1])
        self.end_line()


@st.composite
def documents(draw: Any) -> tuple[str, dict[Path, int]]:
    document = Document(draw)
    document.body(())
    used = {path[0] for path in document.lines}
    for name in draw(st.lists(KEYS.filter(lambda key: key not in used), max_size=3, unique=True)):
        if draw(st.booleans()):
            document.header(("[", "]"), (name,))
            document.body((name,))
            continue
        for i in range(draw(st.integers(1, 3))):
            document.note((name,))
            document.note((name, i))
            document.header(("[[", "]]"), (name,))
            document.body((name, i))
            inner: Path = (name, i, "inner table")
            for j in range(draw(st.integers(0, 2))):
                document.note(inner)
                document.note((*inner, j))
                document.header(("[[", "]]"), inner)
                document.body((*inner, j))
    return document.text, document.lines


@given(documents())
def test_every_key_that_tomllib_finds_is_located_where_it_was_written(document):
    text, lines = document
    assert paths(tomllib.loads(text)) == set(lines)
    assert locate(text) == lines


@given(st.text(st.sampled_from("a.=[]{}'\"#,\n\\ 1")))
def test_any_text_at_all_ends_the_scan(text):
    found = locate(text)
    assert all(1 <= line <= text.count("\n") + 1 for line in found.values())


@pytest.mark.parametrize(
    "text", ["x = 1\na" + ".a" * 99_999 + " = 1", "x = 1\n[a" + ".a" * 99_999 + "]", "\nx = " + "[" * 99_999]
)
def test_a_text_that_nests_without_end_is_refused_at_its_line_before_it_takes_the_memory(text):
    with pytest.raises(TooDeep) as refusal:
        locate(text)
    assert refusal.value.line == 2
