"""What every format of an import shares: the bytes of a file as text, its mistakes named by place, clean values."""

from __future__ import annotations

import json
import math
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, NoReturn

from taskterm.core.commands import fields
from taskterm.core.display import visible
from taskterm.core.errors import RuleError, UsageError
from taskterm.core.wording import shown
from taskterm.core.zone import from_utc_text, to_utc_text

SHOWN_MISTAKES = 20
"""A file with more mistakes than these is told how many more there are."""

DEEPEST = 50
"""Levels of objects and lists in a value that is kept."""

_NAMESPACE = uuid.UUID("5f0c0d9e-6e0b-5a38-8f1d-0c6f3f6b9d27")
_BREAKING = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]+")
_GAP = re.compile(r"[\s,]*")


class Incoming(NamedTuple):
    """What a file brings: tasks as `import_tasks` takes them, what stands around them, and what is to be told.

    `warnings` are sentences about single values, `left` about whole parts that stay in the file.
    """

    form: str
    tasks: list[dict[str, Any]]
    warnings: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    around: Mapping[str, list[dict[str, Any]]] = {}  # `workflows`, `board_columns`, `views`, `templates`


class BadFile(RuleError):
    """A file that cannot be imported; the message has one line for each mistake, beginning with its place."""


class Notes:
    """Gathers what is wrong with a file, so that all of it is told at once. `name` is the file as the user named it."""

    def __init__(self, name: str) -> None:
        self.name = visible(name)
        self.mistakes: list[str] = []
        self.warnings: dict[str, None] = {}

    def mistake(self, place: str, sentence: str) -> None:
        """Something for which nothing of the file is imported; `place` is a line, an entry, a key."""
        self.mistakes.append(f"{self.name}{place}: {sentence}")

    def warn(self, place: str, sentence: str) -> None:
        """Something that was understood in part; each sentence is told once."""
        self.warnings[f"{self.name}{place}: {sentence}"] = None

    def judge(self) -> None:
        """Raise BadFile if there was a mistake."""
        if self.mistakes:
            more = len(self.mistakes) - SHOWN_MISTAKES
            rest = [f"{self.name}: and {more:,} more mistakes"] if more > 0 else []
            raise BadFile("\n".join([*self.mistakes[:SHOWN_MISTAKES], *rest]), "nothing was imported")


# ── text


def text_of(data: bytes, name: str) -> str:
    """The text of a file: UTF-8 with or without a mark, or UTF-16 with one. BadFile names the byte that is neither."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadFile(
            f"{visible(name)}:{line}: byte {error.start + 1:,} is not {encoding.removesuffix('-sig').upper()}",
            "save the file as UTF-8, then import it again",
        ) from None


def one_line(text: str, limit: int) -> str:
    """Text as a field of one line holds it: what would break or steer a line becomes a blank, the rest is cut."""
    found = _BREAKING.sub(" ", text).strip()
    return found if len(found) <= limit else found[: limit - 1].rstrip() + "…"


def unfit(value: Any, depth: int = 0) -> str | None:
    """What in a value of JSON no database can hold, as a phrase; None where all is well."""
    if depth > DEEPEST:
        return "is nested too deeply"
    if isinstance(value, str):
        if "\0" in value:
            return "holds a NUL character"
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            return f"is not valid Unicode at character {error.start + 1}"
        if len(value) > fields.TEXT_LIMIT:
            return f"has {len(value):,} characters; {fields.TEXT_LIMIT:,} are the most"
    elif isinstance(value, Mapping):
        return next((said for pair in value.items() for part in pair if (said := unfit(part, depth + 1))), None)
    elif isinstance(value, list):
        return next((said for part in value if (said := unfit(part, depth + 1))), None)
    return None


# ── values


def utc_moment(text: str) -> str | None:
    """ISO 8601 in any of its forms as the UTC text that is stored; None where it is no moment."""
    try:
        return to_utc_text(from_utc_text(text)) if text[:4].isdigit() and len(text) >= 8 else None
    except (ValueError, OverflowError):
        return None


def known_uuid(text: str) -> str | None:
    """A UUID in its usual spelling; None where it is none."""
    try:
        return str(uuid.UUID(text.strip())) if len(text.strip()) in (32, 36) else None
    except ValueError:
        return None


class Identities:
    """Gives entries without a uuid one that follows from their content, so that the same file names the same tasks."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def of(self, content: Mapping[str, Any]) -> str:
        """The same for the same content; equal entries are told apart by their order."""
        text = json.dumps(content, sort_keys=True, ensure_ascii=True)
        self._seen[text] = number = self._seen.get(text, 0) + 1
        return str(uuid.uuid5(_NAMESPACE, f"{number}:{text}"))


# ── JSON


def json_values(text: str, notes: Notes) -> Iterator[tuple[int, Any]]:
    """(line, value) of each element of an array, or of each value where they stand one after another.

    BadFile names line and column of what is not JSON.
    """
    decoder = decoder_of(notes.name)
    at, line = _gap_end(text, 0), 1
    counted, inside = 0, text.startswith("[", _gap_end(text, 0))
    at += inside
    while True:
        at = _gap_end(text, at)
        if inside and text.startswith("]", at):
            at, inside = _gap_end(text, at + 1), False
            if at < len(text):
                _not_json(text, at, notes.name, "there is more behind the end of the array")
        if at >= len(text):
            if inside:
                _not_json(text, len(text), notes.name, "the array is not closed by ]; the file may be cut off")
            return
        line, counted = line + text.count("\n", counted, at), at
        value, at = decoded(decoder, text, at, notes.name)
        yield line, value


def decoder_of(name: str) -> json.JSONDecoder:
    """A decoder that refuses numbers which JSON does not have, and those too large for a computer's."""

    def refuse(word: str) -> NoReturn:
        raise BadFile(f"{name}: {word} is not a number in JSON", "nothing was imported")

    def number(word: str) -> float:
        found = float(word)
        return found if math.isfinite(found) else refuse(shown(word, 30))

    return json.JSONDecoder(parse_constant=refuse, parse_float=number)


def decoded(decoder: json.JSONDecoder, text: str, at: int, name: str) -> tuple[Any, int]:
    """The JSON value that begins at `at`, and where it ends."""
    try:
        return decoder.raw_decode(text, at)
    except json.JSONDecodeError as error:
        _not_json(text, error.pos, name, error.msg[:1].lower() + error.msg[1:])
    except RecursionError:
        _not_json(text, at, name, "it is nested too deeply")
    except ValueError:  # Python reads no number of more than 4,300 digits
        _not_json(text, at, name, "it holds a number that is too long")


def _gap_end(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found else at


def _not_json(text: str, at: int, name: str, sentence: str) -> NoReturn:
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    raise BadFile(f"{name}:{line}:{column}: not JSON: {sentence}", "nothing was imported") from None


_UNSAFE = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def json_text(value: object, indent: int | None = None) -> str:
    """JSON without any character that could steer a terminal."""
    return json.dumps(value, ensure_ascii=False, indent=indent).translate(_UNSAFE)


# ── which format


def guess_format(text: str, name: str) -> str:
    """`taskwarrior`, `json` or `csv`, from what the text begins with and what its file is called."""
    start = text.lstrip()[:1]
    if start not in ("[", "{"):
        if name.lower().endswith((".json", ".ndjson", ".jsonl")):
            return "json"
        return "csv"
    try:
        _, first = next(json_values(text, Notes(name)), (1, None))
    except BadFile:
        return "json"  # whose reader names what is wrong
    if isinstance(first, dict) and "taskterm" not in first and "description" in first and "title" not in first:
        return "taskwarrior"
    return "json"


def load(data: bytes, name: str, now: datetime, form: str | None = None) -> Incoming:
    """What a file brings; its format is guessed where none is given. BadFile names every mistake by its place."""
    text = text_of(data, name)
    form = form or guess_format(text, name)
    notes = Notes(name)
    if form == "taskwarrior":
        from taskterm.exchange import taskwarrior

        return taskwarrior.load(text, notes, now)
    if form == "csv":
        from taskterm.exchange import csvfile

        return csvfile.load(text, notes, now)
    if form == "json":
        from taskterm.exchange import everything

        return everything.load(text, notes, now)
    raise UsageError(f"the format {visible(form)} cannot be imported", "use taskwarrior, csv or json")


def plural(count: int, word: str, many: str = "") -> str:
    """`1 task`, `2 tasks`."""
    return f"{count:,} {word if count == 1 else many or word + 's'}"


def missing(names: Sequence[str], limit: int = 5) -> str:
    """Names in one sentence, the first few of them."""
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(shown(name, 40) for name in names[:limit]) + more
