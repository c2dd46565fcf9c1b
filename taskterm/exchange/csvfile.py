"""Tables of tasks as CSV, in and out: any program's columns are understood, and its own come back without a loss.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula and would run it, so an export puts an
apostrophe before such a cell, and an import of that very table takes it away again.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from taskterm.core.commands import fields
from taskterm.core.commands.steps import checked as checked_step
from taskterm.core.durations import parse_duration
from taskterm.core.errors import UsageError
from taskterm.core.model import Task
from taskterm.core.recurrence import parse_repeat
from taskterm.core.snapshot import Snapshot
from taskterm.core.wording import shown
from taskterm.exchange import csv_words as words
from taskterm.exchange.incoming import Identities, Incoming, Notes, known_uuid, missing, one_line, unfit, utc_moment
from taskterm.exchange.steps import step_object

HEADER = (
    *("id", "uuid", "title", "status", "column", "priority", "project", "tags", "assignee", "due", "scheduled", "wait"),
    *("estimate_minutes", "recurrence", "after", "notes", "created_at", "created_by", "started_at", "started_by"),
    *("completed_at", "completed_by", "modified_at", "modified_by", "workflow", "comments", "steps", "extra"),
)
"""Columns of an export. `tags` and `after` (ids of predecessors) are separated by blanks, the last three are JSON."""

_OWN = frozenset(("id", "uuid", "title", "status", "created_at", "extra"))
"""Columns by which a table is known as an export of this program."""
_MOMENTS = ("due", "scheduled", "wait", "created_at", "started_at", "completed_at")
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_MARKED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
_SEPARATORS = ",;\t|"


# ── out


def dump(snapshot: Snapshot, tasks: Iterable[Task]) -> str:
    """The tasks as a table with a header, lines ended by CR LF (RFC 4180)."""
    tasks = list(tasks)
    inside = {task.id for task in tasks}
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for task in tasks:
        cells = _cells(snapshot, task, inside)
        writer.writerow([_harmless(str(cells[name])) if cells[name] is not None else "" for name in HEADER])
    return out.getvalue()


def _cells(snapshot: Snapshot, task: Task, inside: set[int]) -> dict[str, Any]:
    row = task._asdict()
    workflow = snapshot.workflows.get(task.workflow_id or 0)
    comments = [
        {"text": c.text, "created_at": c.created_at, "created_by": c.created_by} for c in snapshot.comments(task.id)
    ]
    steps = [step_object(step) for step in snapshot.steps(task.id)]
    return {
        **row,
        "tags": " ".join(task.tags),
        "after": " ".join(str(p) for p in snapshot.predecessors(task.id) if p in inside),
        "workflow": workflow.name if workflow else None,
        "comments": json.dumps(comments, ensure_ascii=False) if comments else None,
        "steps": json.dumps(steps, ensure_ascii=False) if steps else None,
    }


def _harmless(cell: str) -> str:
    return "'" + cell if _FORMULA.match(cell) else cell


def _restored(cell: str) -> str:
    return cell[1:] if _MARKED.match(cell) else cell


# ── in


class _Row(NamedTuple):
    """One task of a table: the line it begins on, and its cells by field (those of tags joined)."""

    line: int
    cells: Mapping[str, str]
    others: Mapping[str, str]  # columns without a field, by their head; empty cells left out


class _Table(NamedTuple):
    rows: list[_Row]
    fields: frozenset[str]
    own: bool  # an export of this program
    day_first: Mapping[str, bool | None]


def load(text: str, notes: Notes, now: datetime) -> Incoming:
    """The tasks of a table with a header. BadFile names every cell that cannot be read, by line and column."""
    table = _table(text, notes)
    notes.judge()
    if table is None:
        return Incoming("csv", [])
    uuids, by_id, by_title = _identities(notes, table)
    tasks = []
    for row, uuid in zip(table.rows, uuids, strict=True):
        spec = _Reading(notes, table, row, now).spec()
        spec["uuid"] = uuid
        if table.own and row.cells.get("id", "").isdecimal() and len(row.cells["id"]) < 10:
            spec["id"] = int(row.cells["id"])
        if "after" in table.fields:
            spec["needs"] = _needs(notes, row, by_id, by_title)
        tasks.append(spec)
    notes.judge()
    return Incoming("csv", tasks, tuple(notes.warnings))


def _table(text: str, notes: Notes) -> _Table | None:
    csv.field_size_limit(2**30)
    records = _records(text, notes)
    header = next(records, (0, []))[1]
    if not any(cell.strip() for cell in header):
        return None
    places = words.columns_of(header)
    if "title" not in places:
        heads = missing([cell for cell in header if cell.strip()], 8)
        notes.mistake(":1", f"no column is called title, summary, name or subject; there are: {heads}")
        return None
    own = set(header) >= _OWN
    taken = {i for columns in places.values() for i in columns}
    spare = [i for i, cell in enumerate(header) if i not in taken and words.head_of(cell) not in words.IGNORED]
    rows, kept = [], dict.fromkeys(header[i] for i in spare if header[i].strip())
    for line, record in records:
        if len(record) > len(header) and any(cell.strip() for cell in record[len(header) :]):
            notes.mistake(f":{line}", f"has {len(record)} cells, the header has {len(header)}; a quote may be missing")
            continue
        cells = [_restored(cell) if own else cell.strip() for cell in record] + [""] * (len(header) - len(record))
        bad = next(((header[i], said) for i, cell in enumerate(cells) if (said := unfit(cell))), None)
        if bad:
            notes.mistake(f":{line}, {shown(bad[0])}", bad[1])
        elif any(cells):
            found = {field: " ".join(cells[i] for i in columns if cells[i]) for field, columns in places.items()}
            rows.append(_Row(line, found, {header[i]: cells[i] for i in spare if cells[i]}))
    used = [head for head in kept if any(head in row.others for row in rows)]
    if used:
        notes.warn("", f"kept with each task, as there is no field for it here: {missing(used, 12)}")
    firsts = {name: words.day_first(row.cells[name] for row in rows) for name in _MOMENTS if name in places}
    return _Table(rows, frozenset(places), own, firsts)


def _records(text: str, notes: Notes) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells) of each record that is not empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            notes.mistake(f":{line}", f"is not CSV: {error}")
            return
        names_separator = line == 1 and bool(record) and record[0][:4].lower() == "sep="  # as Excel does
        if record and not names_separator:
            yield line, record


def _separator(text: str) -> str:
    """The separator by which the header has the most heads that are known, or else the most heads."""
    first = text.lstrip("\r\n").partition("\n")[0]
    if first[:4].lower() == "sep=" and first[4:5]:
        return first[4]
    known = {name for names in words.COLUMNS.values() for name in names}

    def worth(separator: str) -> tuple[int, int]:
        try:
            header = next(csv.reader([first], delimiter=separator), [])
        except csv.Error:
            header = []
        return sum(words.head_of(head) in known for head in header), len(header)

    return max(_SEPARATORS, key=worth)


def _identities(notes: Notes, table: _Table) -> tuple[list[str], dict[str, str], dict[str, str]]:
    """The uuid of each row, its own or one of its content; and uuids by id and by title, to find predecessors."""
    identities = Identities()
    uuids: list[str] = []
    lines: dict[str, int] = {}
    by_id: dict[str, str] = {}
    by_title: dict[str, str] = {}
    for row in table.rows:
        given = row.cells.get("uuid", "")
        content = {name: cell for name, cell in {**row.others, **row.cells}.items() if cell}
        uuid = known_uuid(given) if given else identities.of(content)
        if uuid is None:
            notes.mistake(f":{row.line}, uuid", f"{shown(given)} is not a UUID")
        elif uuid in lines:
            notes.mistake(f":{row.line}, uuid", f"it is the uuid of line {lines[uuid]}, too")
        uuids.append(uuid or "")
        lines.setdefault(uuids[-1], row.line)
        number = row.cells.get("id", "").removeprefix("#")
        if number and number in by_id and "after" in table.fields:
            notes.mistake(f":{row.line}, id", f"{shown(number)} is the id of an earlier line, too")
        by_id.setdefault(number, uuids[-1])
        by_title.setdefault(row.cells["title"], uuids[-1])
    by_id.pop("", None)
    return uuids, by_id, by_title


def _needs(notes: Notes, row: _Row, by_id: Mapping[str, str], by_title: Mapping[str, str]) -> list[str]:
    """Uuids of the predecessors, which a cell names by ids (`12 15`, `#12, #15`) or by titles."""
    cell = row.cells["after"]
    found: list[str] = []
    unknown: list[str] = []
    for part in [cell] if cell in by_title else re.split("[,;\n]", cell):
        name = part.strip()
        for word in [name] if name in by_title or name in by_id else name.split():
            key = word.removeprefix("#")
            uuid = by_id.get(key) or by_title.get(word) or known_uuid(word)
            if uuid:
                found.append(uuid)
            else:
                unknown.append(word)
    if unknown:
        notes.warn(f":{row.line}, after", f"not in the file, so nothing waits for it: {missing(unknown)}")
    return list(dict.fromkeys(found))


class _Reading:
    """Reads the cells of one row; a cell that cannot be read is noted as a mistake, and the others are read on."""

    def __init__(self, notes: Notes, table: _Table, row: _Row, now: datetime) -> None:
        self.notes, self.table, self.row, self.now = notes, table, row, now

    def spec(self) -> dict[str, Any]:
        """The task as `import_tasks` takes it, with the fields that the table has columns for."""
        spec: dict[str, Any] = {"title": self._title()}
        readers: dict[str, Callable[[str], Any]] = {
            "status": self._status,
            "priority": self._priority,
            "tags": lambda cell: fields.tags(cell.split() if self.table.own else _foreign_tags(cell)),
            "assignee": lambda cell: (cell if self.table.own else self._line(cell).lstrip("@")) or None,
            "estimate_minutes": _whole,
            "estimate": _estimate,
            "recurrence": lambda cell: parse_repeat(cell) if cell and not self.table.own else cell,
            "comments": self._comments,
            "steps": _steps,
            **{name: self._moment(name) for name in _MOMENTS},
            **dict.fromkeys(("project", "created_by", "started_by", "completed_by", "column"), self._field),
            "notes": lambda cell: cell,
        }
        for name, read in readers.items():
            if name not in self.table.fields:
                continue
            try:
                value = read(self.row.cells[name])
                if name in fields.EDITABLE:
                    value = fields.checked({name: value})[name]
            except UsageError as error:
                self._mistake(name, error.message)
                continue
            if name in fields.EDITABLE or value not in (None, ""):
                spec["estimate_minutes" if name == "estimate" else name] = value
        self._done(spec)
        spec["extra"] = self._extra()
        return spec

    def _mistake(self, field: str, sentence: str) -> None:
        self.notes.mistake(f":{self.row.line}, {field.removesuffix('_minutes')}", sentence)

    def _line(self, cell: str) -> str:
        return " ".join(cell.split("\n")) if "\n" in cell else cell

    def _field(self, cell: str) -> str | None:
        return fields.single_line(cell if self.table.own else self._line(cell), "it", fields.NAME_LIMIT) or None

    def _title(self) -> str:
        cell = self.row.cells["title"]
        if not self.table.own and cell != one_line(cell, len(cell) + 1):
            self.notes.warn(f":{self.row.line}, title", "a line break or a control character became a blank")
            cell = one_line(cell, len(cell) + 1)
        try:
            return fields.title(cell)
        except UsageError as error:
            self._mistake("title", "is empty" if not cell.strip() else error.message)
            return "?"

    def _status(self, cell: str) -> str:
        status = words.STATUS.get(words.head_of(cell))
        if status is None:
            raise UsageError(f"{shown(cell)} is not a status; use todo, doing, done or cancelled")
        return status

    def _priority(self, cell: str) -> str | None:
        if cell.lower() not in words.PRIORITY:
            raise UsageError(f"{shown(cell)} is not a priority; use H, M or L")
        return words.PRIORITY[cell.lower()]

    def _moment(self, name: str) -> Callable[[str], str | None]:
        def read(cell: str) -> str | None:
            if not cell:
                return None
            exact = utc_moment(cell) if cell.endswith("Z") else None
            first = self.table.day_first.get(name)
            return exact or words.moment(cell, self.now, end=name in ("due", "completed_at"), day_is_first=first)

        return read

    def _comments(self, cell: str) -> list[dict[str, Any]]:
        if not self.table.own:
            return [{"text": cell, "created_at": None}] if cell else []
        found = _json_list(cell, "CommentDocument")
        if not all(utc_moment(comment.get("created_at") or "2000-01-01") for comment in found):
            raise UsageError("a comment has a created_at that is no time")
        return found

    def _done(self, spec: dict[str, Any]) -> None:
        """A column that only says whether a task is done, or when."""
        cell = self.row.cells.get("done", "")
        if cell.lower() in words.YES:
            spec["status"] = "done"
        elif cell.lower() not in words.NO:
            try:
                spec["completed_at"] = self._moment("completed_at")(cell)
                spec["status"] = "done"
            except UsageError:
                self._mistake("done", f"{shown(cell)} is neither yes, no nor a date")
        if "status" not in self.table.fields and spec.get("completed_at"):
            spec["status"] = "done"

    def _extra(self) -> dict[str, Any] | None:
        cell = self.row.cells.get("extra", "")
        if not self.table.own:
            return {**self.row.others, **({"extra": cell} if cell else {})} or None
        try:
            found = json.loads(cell or "null")
        except (ValueError, RecursionError):
            found = 0
        if found is not None and (not isinstance(found, dict) or unfit(found)):
            self._mistake("extra", "it is not a JSON object")
            return None
        return found or None


def _foreign_tags(cell: str) -> list[str]:
    parts = re.split("[,;|\n]", cell) if re.search("[,;|\n]", cell) else cell.split()
    found = ("-".join(part.split()).lstrip("+#") for part in parts)
    return [tag for tag in found if tag]


def _whole(cell: str) -> int | None:
    if cell and not (cell.isdecimal() and len(cell) < 9):
        raise UsageError(f"{shown(cell)} is not a number of minutes")
    return int(cell) if cell else None


def _estimate(cell: str) -> int | None:
    minutes = parse_duration(cell) if cell else None
    if cell and minutes is None:
        raise UsageError(f"{shown(cell)} is not a length of time; write 30m, 2h or 2d")
    checked: int | None = fields.checked({"estimate_minutes": minutes or None})["estimate_minutes"]
    return checked


def _json_list(cell: str, model: str) -> list[dict[str, Any]]:
    """The objects of a cell, each in the form that `documents` has under this name."""
    from taskterm.exchange import documents

    try:
        found = json.loads(cell or "[]")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or unfit(found):
        raise UsageError("it is not a JSON list")
    for place, sentence in documents.problems_of_each(getattr(documents, model), found) if found else ():
        raise UsageError(f"{'.'.join(str(part) for part in place)} {sentence}")
    return found


def _steps(cell: str) -> list[dict[str, Any]]:
    found = _json_list(cell, "StepDocument")
    for step in found:
        checked_step(step)
    return found
