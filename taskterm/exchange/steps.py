"""A step as plain data, in the shape in which every export writes it and every import reads it."""

from __future__ import annotations

import json
from typing import Any

from taskterm.core.commands.steps import FLAGS
from taskterm.core.model import Step


def step_object(step: Step) -> dict[str, Any]:
    """The fields of the step that are not at their default, besides `name` and `run`; texts of JSON unpacked."""
    usual = Step(0, 0, 0, "", "")
    row = {name: value for name, value in step._asdict().items() if value != getattr(usual, name)}
    found: dict[str, Any] = {"name": step.name, "run": step.run}
    for name in sorted(row.keys() - {"id", "task_id", "position", "name", "run"}):
        value = row[name]
        if name in ("env", "trusts"):
            value = json.loads(value)
        found[name] = bool(value) if name in FLAGS else value
    return found
