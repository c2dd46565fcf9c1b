"""A clean virtual environment with nothing in it but the program, made and thrown away by the bench."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import REPOSITORY


def clean_environment(folder: Path) -> tuple[str, str]:
    """Makes one in `folder`, unless it is there; the paths of its interpreter and of the program."""
    python, program = folder / "bin/python", folder / "bin/taskterm"
    if not program.exists():
        base = getattr(sys, "_base_executable", "") or sys.executable
        subprocess.run([base, "-m", "venv", str(folder)], check=True)
        quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
        subprocess.run([str(python), "-m", "pip", "install", *quiet, str(REPOSITORY)], check=True)
    return str(python), str(program)
