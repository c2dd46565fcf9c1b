"""Files of the shop and of a release, and how they are compared."""

import hashlib
import os
from pathlib import Path

SERVICE = Path(__file__).resolve().parent.parent


def sources(*folders: str) -> list[Path]:
    """The Python files of these folders of the service, in the order of their names."""
    return sorted(path for folder in folders for path in (SERVICE / folder).glob("*.py"))


def workspace() -> Path:
    """The folder in which a release does its work, from $WORKSPACE."""
    return Path(os.environ["WORKSPACE"])


def target() -> Path:
    """The folder which the shop is installed into: $TARGET, taken from the workspace where it is relative."""
    return workspace() / os.environ["TARGET"]


def artefact() -> Path:
    """The file that the build makes for $VERSION."""
    return workspace() / "dist" / f"shop-{os.environ['VERSION']}.pyz"


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def recorded(path: Path) -> str:
    """The SHA-256 that the file beside `path` promises, in the form of sha256sum: digits, two spaces, name."""
    digits, name = path.with_name(path.name + ".sha256").read_text(encoding="utf-8").split()
    if name != path.name:
        raise SystemExit(f"{path.name}.sha256 speaks of {name}")
    return digits


def record(path: Path, digits: str) -> None:
    """Write the promise which `recorded` reads."""
    path.with_name(path.name + ".sha256").write_text(f"{digits}  {path.name}\n", encoding="utf-8")
