"""Marked tasks: which ones the next action is about, and how keys and the mouse change that. Pure."""

from collections.abc import Container, Sequence
from typing import NamedTuple


class Marks(NamedTuple):
    """`ids` are marked. `anchor` was marked or unmarked last: from there a stretch of a list is marked."""

    ids: frozenset[int] = frozenset()
    anchor: int | None = None

    def toggled(self, task_id: int) -> "Marks":
        """One task more, or less where it is marked."""
        return Marks(self.ids ^ {task_id}, task_id)

    def up_to(self, task_id: int, order: Sequence[int]) -> "Marks":
        """Everything from the anchor to this task, as they stand in `order`; the task alone where there is no way."""
        if self.anchor in order and task_id in order:
            first, last = sorted((order.index(self.anchor), order.index(task_id)))
            return Marks(self.ids.union(order[first : last + 1]), task_id)
        return Marks(self.ids | {task_id}, task_id)

    def all_or_none(self, order: Sequence[int]) -> "Marks":
        """All of these too; where they are marked already, none of them."""
        these = frozenset(order)
        return Marks(self.ids - these if these <= self.ids else self.ids | these)

    def inverted(self, order: Sequence[int]) -> "Marks":
        """Of these the others."""
        return Marks(self.ids ^ frozenset(order))

    def without(self, task_ids: frozenset[int]) -> "Marks":
        """All but these."""
        return self._replace(ids=self.ids - task_ids)

    def among(self, tasks: Container[int]) -> "Marks":
        """Only those that there still are."""
        gone = frozenset(task_id for task_id in self.ids if task_id not in tasks)
        return self.without(gone) if gone else self
