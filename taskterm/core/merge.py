"""Two people changed one text: what both of them wrote, line by line, over the text that both of them began with."""

from __future__ import annotations

from taskterm.core.lean import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Marks(NamedTuple):
    """What stands above yours, between both and below theirs where two people changed the same lines."""

    yours: str
    between: str
    theirs: str


def merged(base: str, yours: str, theirs: str, marks: Marks | None = None) -> str:
    """The text with the changes of both. Lines that both have changed are all kept, theirs first.

    With `marks` such lines stand between them, yours first, for somebody who decides in an editor.
    """
    olds, mine, others = base.split("\n"), yours.split("\n"), theirs.split("\n")
    kept: list[str] = []
    at_old = at_mine = at_other = 0
    in_mine, in_others = _kept(olds, mine), _kept(olds, others)
    anchors = [(i, in_mine[i], in_others[i]) for i in range(len(olds)) if i in in_mine and i in in_others]
    for old, own, other in [*anchors, (len(olds), len(mine), len(others))]:
        chunk = (olds[at_old:old], mine[at_mine:own], others[at_other:other])
        kept += _decided(*chunk, marks) + olds[old : old + 1]
        at_old, at_mine, at_other = old + 1, own + 1, other + 1
    return "\n".join(kept)


def _decided(old: list[str], mine: list[str], others: list[str], marks: Marks | None) -> list[str]:
    if mine in (old, others):
        return others
    if others == old:
        return mine
    if marks is not None:
        return [marks.yours, *mine, marks.between, *others, marks.theirs]
    return others + [line for line in mine if not line.strip() or line not in others]


def _kept(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """The lines of `old` that are still there, with their place in `new`."""
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {block.a + i: block.b + i for block in blocks for i in range(block.size)}
