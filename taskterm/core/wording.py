"""How messages quote what somebody typed, and how they guess what was meant; read on only to word an error."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def shown(text: str, limit: int = 60) -> str:
    """`text` made safe to print inside a message: control characters and lone surrogates become U+FFFD, and what
    is longer than `limit` characters is cut with `…`."""
    safe = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return safe if len(safe) <= limit else safe[: limit - 1] + "…"


def closest(word: str, choices: Iterable[str], cutoff: float = 0.75) -> str | None:
    """The member of `choices` most like `word` (similarity from 0 to 1, at least `cutoff`), or None."""
    from difflib import get_close_matches  # only ever needed on the way to an error

    found = get_close_matches(word[:40], list(choices), n=1, cutoff=cutoff)
    return found[0] if found else None
