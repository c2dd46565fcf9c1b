"""The scenes of the pictures: each brings the real program into a state and hands back what its screen shows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple


class Shot(NamedTuple):
    """One picture to be: `name` of its file without ending, `size` in columns and rows, `svg` as Textual exports it."""

    name: str
    size: tuple[int, int]
    svg: str


Scene = Callable[[], Awaitable[Shot]]

SCENES: tuple[Scene, ...] = ()
