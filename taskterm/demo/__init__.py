"""The sample workflows that come with TaskTerm, and `unpack`, which copies them to a folder to be started there."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple


class Sample(NamedTuple):
    """Where the three workflow files lie after `unpack`; what their steps read lies beside them."""

    release: Path
    onboard: Path
    campaign: Path


def unpack(folder: Path) -> Sample:
    """Copy the sample workflows and their files into `folder`, which is made if need be; answer their paths.

    Files of the same name are overwritten, others left alone.
    """
    for item in files(__name__).iterdir():
        if item.name != "__init__.py":
            _copy(item, folder / item.name)
    return Sample(folder / "release.toml", folder / "onboard.toml", folder / "campaign.toml")


def _copy(source: Traversable, target: Path) -> None:
    if not source.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    elif source.name != "__pycache__":  # pip compiles what it installs
        for item in source.iterdir():
            _copy(item, target / item.name)
