"""Rules of an import: which tasks of a file are new, which are here already and what differs. All or nothing."""

from __future__ import annotations

from taskterm.core import graph, jsontext
from taskterm.core.commands import bulk, fields, links, steps
from taskterm.core.errors import ClosesCycle, RuleError, UsageError
from taskterm.core.lean import NamedTuple
from taskterm.core.model import OPEN, Change, Delete, Insert, Outcome, Task, Update
from taskterm.core.wording import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import Any

    from taskterm.core.port import Reader

    Spec = Mapping[str, Any]
    """A task of a file: `uuid`, `title`, and any other field of a task that the file speaks about; `needs` are the
    uuids of its predecessors, `extra` is an object, `workflow` a workflow's uuid, `id` the number it would like."""

HIGHEST_ID = 1_000_000
"""A file may ask for task numbers up to here; larger ones would only make every later number long."""

PASSING = ("id", "urgency", "modified", "mask", "depends", "taskterm")
"""Keys in `extra` that change by themselves, or with the links, and so never make a task differ."""


class _Known(NamedTuple):
    """A task that is here already, what the file says of it, and the names of the fields in which they differ."""

    task: Task
    spec: Spec
    differs: tuple[str, ...]


class _Edges(NamedTuple):
    """The links that an import makes, the links it takes away, and the predecessors that exist nowhere."""

    made: list[tuple[int, int]]
    cut: set[tuple[int, int]]
    lost: list[tuple[str, str]]  # title, uuid


def import_tasks(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> Outcome:
    """Makes the tasks of a file that are not here yet; they are known by their uuid.

    `update` lets those that are here take the values of the file. Columns, workflows, views and templates of the file
    are made where they are missing. `created` holds `ids` (by uuid), `added`, `same` and `updated` (ids), `differ`
    (id and field names of tasks that the file has otherwise) and `lost` (title and uuid of predecessors not found).
    """
    around, workflows = _surroundings(reader, args, actor, now)
    stages = {c.key for c in reader.columns() if c.kind == "stage"}
    stages |= {c.row["key"] for c in around if isinstance(c, Insert) and c.table == "board_column"}
    fresh, known = _sorted_out(reader, args["tasks"], stages)
    changing = [k for k in known if k.differs] if args.get("update") else []
    ids = {k.spec["uuid"]: k.task.id for k in known} | _numbers(reader, fresh)
    edges = _edges(reader, fresh, changing, ids)
    changes: list[Change] = [*around]
    for spec in fresh:
        workflow = workflows.get(spec.get("workflow") or "")
        values = {**spec, "extra": _extra(spec), "workflow_id": workflow}
        changes += bulk.rows_with_past(reader, ids[spec["uuid"]], values, actor, now, stages)
    changes += [Delete("dependency", {"predecessor_id": p, "successor_id": s}) for p, s in sorted(edges.cut)]
    changes += [Insert("dependency", {"predecessor_id": p, "successor_id": s}) for p, s in edges.made]
    for one in changing:
        changes += _update(reader, one, actor, now, stages)
    ended = {k.task.id for k in changing if k.task.status in OPEN and k.spec.get("status") in ("done", "cancelled")}
    added, updated = [ids[spec["uuid"]] for spec in fresh], [k.task.id for k in changing]
    created = {
        "ids": ids,
        "added": added,
        "same": [k.task.id for k in known if not k.differs],
        "updated": updated,
        "differ": [(k.task.id, k.differs) for k in known if k.differs],
        "lost": edges.lost,
    }
    released = links.released_by(reader, ended, now)
    return Outcome(tuple(changes), (*added, *updated), released, created=created)


class Trial:
    """A reader that gives numbers without writing them down, to learn what a command would do: `reader` answers all
    else. What it leads to must not be applied."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._given = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def new_id(self, counter: str) -> int:
        """A number that nothing has: a negative one."""
        self._given -= 1
        return self._given

    def take_id(self, counter: str, number: int) -> bool:
        """False: numbers are only taken in earnest."""
        return False


# ── what is new, what is here


def _sorted_out(reader: Reader, specs: Iterable[Spec], stages: Collection[str]) -> tuple[list[Spec], list[_Known]]:
    fresh: list[Spec] = []
    found: dict[str, Task] = {}
    by_uuid: dict[str, Spec] = {}
    for spec in specs:
        uuid = str(spec["uuid"])
        if uuid in by_uuid:
            raise UsageError(
                f"two tasks have the uuid {uuid}: {shown(by_uuid[uuid]['title'])} and {shown(spec['title'])}",
                "give each its own",
            )
        by_uuid[uuid] = spec
        task = reader.task_by_uuid(uuid)
        if task is None:
            fresh.append(spec)
        else:
            found[uuid] = task
    known = [_Known(t, by_uuid[u], _differences(reader, t, by_uuid[u], by_uuid, stages)) for u, t in found.items()]
    return fresh, known


def _differences(
    reader: Reader, task: Task, spec: Spec, scope: Collection[str], stages: Collection[str]
) -> tuple[str, ...]:
    """Names of the fields that the file has otherwise; a field that the file does not speak about never differs."""
    values = fields.checked({name: spec[name] for name in fields.EDITABLE if name in spec})
    names = [name for name, value in values.items() if value != getattr(task, name)]
    if (spec.get("status") or task.status) != task.status:
        names.append("status")
    elif task.status == "doing" and spec.get("column") in stages and spec["column"] != task.column:
        names.append("column")
    if "tags" in spec and tuple(fields.tags(spec["tags"])) != tuple(sorted(task.tags)):
        names.append("tags")
    if "needs" in spec:
        wanted = {u for u in spec["needs"] if u in scope or reader.task_by_uuid(u) is not None}
        current = _predecessor_uuids(reader, task.id)
        if wanted - current or (current & set(scope)) - wanted:
            names.append("dependencies")
    if _new_comments(reader, task.id, spec):
        names.append("comments")
    if "steps" in spec and [steps.checked(s) for s in spec["steps"]] != _steps(reader, task.id):
        names.append("steps")
    if "extra" in spec:
        ours = jsontext.loads(task.extra) if task.extra else {}
        theirs = spec["extra"] or {}
        names += [k for k in sorted({*ours, *theirs}) if k not in PASSING and _other(ours, theirs, k)]
    return tuple(dict.fromkeys(names))


def _other(ours: Mapping[str, Any], theirs: Mapping[str, Any], key: str) -> bool:
    return (key in ours) != (key in theirs) or ours.get(key) != theirs.get(key)


def _predecessor_uuids(reader: Reader, task_id: int) -> set[str]:
    tasks = (reader.task(p) for p in reader.predecessors(task_id))
    return {task.uuid for task in tasks if task is not None}


def _new_comments(reader: Reader, task_id: int, spec: Spec) -> list[Mapping[str, Any]]:
    """What the file has said about the task and nobody here; one without a time is known by its text alone."""
    said = reader.comments(task_id) if spec.get("comments") else []
    texts, moments = {c.text for c in said}, {(c.text, c.created_at) for c in said}
    return [
        c
        for c in spec.get("comments") or ()
        if c["text"] not in texts or (c.get("created_at") and (c["text"], c["created_at"]) not in moments)
    ]


def _steps(reader: Reader, task_id: int) -> list[dict[str, Any]]:
    found = []
    for step in reader.steps(task_id):
        row = step._asdict()
        found.append({name: value for name, value in row.items() if name not in ("id", "task_id", "position")})
    return found


def _numbers(reader: Reader, fresh: Sequence[Spec]) -> dict[str, int]:
    """Ids of the new tasks by uuid: the one that the file asks for where it was never given here, else the next."""
    ids: dict[str, int] = {}
    for spec in sorted((s for s in fresh if 0 < (s.get("id") or 0) <= HIGHEST_ID), key=lambda s: int(s["id"])):
        if reader.take_id("task", spec["id"]):
            ids[spec["uuid"]] = spec["id"]
    for spec in fresh:
        if spec["uuid"] not in ids:
            ids[spec["uuid"]] = reader.new_id("task")
    return ids


# ── what is made


def _surroundings(reader: Reader, args: Mapping[str, Any], actor: str, now: str) -> tuple[list[Insert], dict[str, int]]:
    """What the tasks stand in, where it is missing: inserts, and ids of the file's workflows by uuid."""
    changes: list[Insert] = []
    for table, key in (("board_column", "key"), ("view", "name"), ("template", "name")):
        for row in args.get(f"{table}s") or ():
            if reader.row(table, {key: row[key]}) is None:
                changes.append(Insert(table, dict(row)))
    workflows: dict[str, int] = {}
    for row in args.get("workflows") or ():
        known = reader.workflow_by_uuid(row["uuid"])
        if known is None:
            known = reader.new_id("workflow")
            changes.append(Insert("workflow", {"created_at": now, "created_by": actor, **row, "id": known}))
        workflows[row["uuid"]] = known
    return changes, workflows


def _extra(spec: Spec) -> str | None:
    return jsontext.dumps(spec["extra"]) if spec.get("extra") else None


def _update(reader: Reader, one: _Known, actor: str, now: str, stages: Collection[str]) -> list[Change]:
    """The changes by which a task takes the file's values."""
    task, spec, differs = one
    if task.run_state == "running":
        raise RuleError(
            f"{task.id} {shown(task.title)} is running and cannot be updated",
            "wait for its end, or stop the run first: taskterm runs shows it",
        )
    new = fields.checked({name: spec[name] for name in fields.EDITABLE if name in differs})
    if "status" in differs or "column" in differs:
        past = {**spec, "status": spec.get("status") or task.status}
        if past["status"] != "todo" and not past.get("started_at"):
            past |= {"started_at": task.started_at, "started_by": task.started_by}
        new |= bulk.past_of(reader, past, actor, now, stages)
    if "extra" in spec:
        new["extra"] = _extra(spec)
    new = {name: value for name, value in new.items() if value != getattr(task, name)}
    changes: list[Change] = []
    if new:
        changes.append(Update("task", {"id": task.id}, {name: getattr(task, name) for name in new}, new))
    if "tags" in differs:
        wanted = fields.tags(spec["tags"])
        changes += [Delete("task_tag", {"task_id": task.id, "tag": t}) for t in task.tags if t not in wanted]
        changes += [Insert("task_tag", {"task_id": task.id, "tag": t}) for t in wanted if t not in task.tags]
    if "steps" in differs:
        changes += [Delete("step", step._asdict()) for step in reader.steps(task.id)]
        changes += steps.step_rows(reader, task.id, spec["steps"], first=1)
    if "comments" in differs:
        changes += bulk.comment_rows(reader, task.id, _new_comments(reader, task.id, spec), actor, now)
    return changes


# ── what waits for what


def _edges(reader: Reader, fresh: Sequence[Spec], changing: Sequence[_Known], ids: Mapping[str, int]) -> _Edges:
    lost: list[tuple[str, str]] = []
    wanted = {ids[spec["uuid"]]: _wanted(reader, spec, ids, lost) for spec in fresh}
    names = {ids[spec["uuid"]]: str(spec["title"]) for spec in fresh}
    try:
        order = graph.topological_order(wanted, lambda i: wanted[i])
    except ClosesCycle as cycle:
        raise _refusal(reader, cycle, names) from None
    # a successor after all its predecessors: then no edge can close a cycle with one that is made after it
    made = [(p, s) for s in order for p in wanted[s]]
    cut: set[tuple[int, int]] = set()
    following: dict[int, list[int]] = {}
    for predecessor, successor in made:
        following.setdefault(predecessor, []).append(successor)
    coming: list[tuple[int, int]] = []
    in_file = set(ids.values())
    for one in changing:
        if "dependencies" in one.differs:
            task_id = one.task.id
            current, want = set(reader.predecessors(task_id)), _wanted(reader, one.spec, ids, lost)
            coming += [(p, task_id) for p in want if p not in current]
            cut |= {(p, task_id) for p in current if p not in want and p in in_file}
    for predecessor, successor in coming:
        try:
            graph.refuse_cycle(
                predecessor,
                successor,
                lambda i: (*(s for s in reader.successors(i) if (i, s) not in cut), *following.get(i, ())),
            )
        except ClosesCycle as cycle:
            raise _refusal(reader, cycle, names) from None
        following.setdefault(predecessor, []).append(successor)
    return _Edges([*made, *coming], cut, lost)


def _wanted(reader: Reader, spec: Spec, ids: Mapping[str, int], lost: list[tuple[str, str]]) -> list[int]:
    """Ids of the predecessors, each once; those that are neither in the file nor here are noted as lost."""
    found: dict[int, None] = {}
    for uuid in spec.get("needs") or ():
        task = None if uuid in ids else reader.task_by_uuid(uuid)
        if uuid in ids:
            found[ids[uuid]] = None
        elif task is not None:
            found[task.id] = None
        else:
            lost.append((str(spec["title"]), str(uuid)))
    return list(found)


def _refusal(reader: Reader, cycle: ClosesCycle, names: Mapping[int, str]) -> RuleError:
    """Names the tasks by their titles: new ones have no number that anybody knows."""
    titles = [names.get(i) or getattr(reader.task(i), "title", str(i)) for i in cycle.path]
    path = " → ".join(shown(title, 40) for title in titles)
    return RuleError(f"these tasks would wait for each other in a cycle: {path}", "take one of these links away")
