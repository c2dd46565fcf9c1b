"""Whether an answer is what its JSON Schema says."""

import json

from jsonschema import Draft202012Validator

from taskterm.cli.shapes import schema_text


def problems(shape: str, text: str) -> list[str]:
    """What of an answer is not as its schema says."""
    validator = Draft202012Validator(json.loads(schema_text(shape)))
    found = list(validator.iter_errors(json.loads(text)))
    return [f"{error.json_path}: {error.message[:200]}" for e in found for error in (e.context or [e])]
