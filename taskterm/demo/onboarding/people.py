"""Who begins, and where the papers go: the parameters of the workflow, read from the environment."""

import os
import unicodedata
from pathlib import Path

NAME = os.environ["NAME"]
START = os.environ["START"]
TEAM = os.environ["TEAM"]


def account() -> str:
    """The sign-in name: the words of the name in small letters without accents, dots between (`yuki.sato`)."""
    plain = unicodedata.normalize("NFKD", NAME).casefold()
    words = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split()
    if not words:
        raise SystemExit(f"no sign-in name can be made of {NAME!r}")
    return ".".join(words)


def write(folder: str, name: str, text: str) -> None:
    """Write one paper into $WORKSPACE/`folder` and say so."""
    path = Path(os.environ["WORKSPACE"]) / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"written: {folder}/{name}")
