"""SQLite as the standard library has it, without the Python half that converts dates and costs five milliseconds."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from typing import Any

__all__ = ["sqlite3"]


def _with_little_functools() -> None:
    """Loads `_sqlite3` with a functools that holds the one name it takes from there, `lru_cache`.

    The whole of functools (with collections, types, operator and reprlib) is a fifth of `taskterm add`. The stand-in
    is gone again before anybody else could ask for it, and is not used where the real one has been loaded.
    """
    from _functools import _lru_cache_wrapper as wrapper  # type: ignore[import-not-found]  # the C half behind lru_cache

    def lru_cache(maxsize: int = 128, typed: bool = False) -> Callable[[Any], Any]:
        return lambda function: wrapper(function, maxsize, typed, tuple)

    little = type(sys)("functools", "A stand-in for as long as _sqlite3 is loaded; see taskterm.store.driver.")
    little.lru_cache = lru_cache  # type: ignore[attr-defined]
    sys.modules["functools"] = little
    try:
        import _sqlite3  # noqa: F401
    finally:
        del sys.modules["functools"]


if not TYPE_CHECKING:
    try:
        if "functools" not in sys.modules and "_sqlite3" not in sys.modules:
            _with_little_functools()
        import _sqlite3 as sqlite3
    except ImportError:  # an interpreter that binds SQLite in another way
        import sqlite3
