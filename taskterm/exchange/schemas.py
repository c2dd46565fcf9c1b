"""`make schemas`: writes answers.py as JSON Schema, a file for each shape, into taskterm/schemas."""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from taskterm.exchange.answers import SHAPES

FOLDER = Path(__file__).resolve().parent.parent / "schemas"
VERSION = 1
"""In the address of every shape; it grows when a reader of the old one would be wrong."""


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a shape."""
    made: dict[str, Any] = TypeAdapter(SHAPES[name]).json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:taskterm:json:{name}:{VERSION}"}
    return head | _without_titles(made)


def _without_titles(node: dict[str, Any]) -> dict[str, Any]:
    """Titles that only repeat a field's name are left out. (Keys of `properties` are fields, and one is `title`.)"""
    kept: dict[str, Any] = {}
    for key, value in node.items():
        if key in ("properties", "$defs"):
            kept[key] = {name: _without_titles(field) for name, field in value.items()}
        elif isinstance(value, dict):
            kept[key] = _without_titles(value)
        elif isinstance(value, list):
            kept[key] = [_without_titles(item) if isinstance(item, dict) else item for item in value]
        elif key != "title":
            kept[key] = value
    return kept


def files() -> dict[str, str]:
    """The text of every file by its name."""
    return {f"{name}.json": json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n" for name in SHAPES}


def main() -> None:
    """Writes the files; with `--check` only says whether they are what they should be (exit 1 if not)."""
    wanted = files()
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    if "--check" in sys.argv[1:]:
        if found != wanted:
            sys.exit("taskterm/schemas is stale: run make schemas")
        return
    FOLDER.mkdir(exist_ok=True)
    for name in found.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
