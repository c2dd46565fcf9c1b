"""A query from the command line: parsed for this user and these views, and explained where it finds nothing."""

from __future__ import annotations

from taskterm.cli.session import Session
from taskterm.core import query
from taskterm.core.display import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskterm.core.model import Task, View
    from taskterm.core.query import Query


def parse(session: Session, words: Sequence[str]) -> Query:
    """The query that the words are; UsageError names what is not understood. Views are read only where one is named."""

    def views() -> list[View]:
        with session.store().read() as reader:
            return reader.views()

    return query.parse(words, session.now, me=session.actor, views=views)


def are_held(asked: Query, tasks: Iterable[Task]) -> bool:
    """Whether every bare word of the query stands in the title or the notes of some of these tasks."""
    words = [name.value for name in asked.names if name.kind == "word"]
    if not words:
        return True
    from taskterm.core.query_doubts import is_held

    return all(is_held(word, tasks) for word in words)


def refuse_misspelt(asked: Query, tasks: Iterable[Task]) -> None:
    """UsageError for a bare word that none of these tasks (all there are) holds and that is nearly a state."""
    if any(name.kind == "word" for name in asked.names):
        from taskterm.core import query_doubts

        query_doubts.refuse_misspelt(asked, tasks)


def say_nothing_fits(
    session: Session, words: Sequence[str], asked: Query, tasks: Iterable[Task], hint: str, only: str = ""
) -> None:
    """One line that names the query, what may be wrong with it, or else the `hint`. `tasks` are all there are.

    `only` is a state that was looked for besides.
    """
    from taskterm.core.query_doubts import why_nothing

    with session.store().read() as reader:
        why = why_nothing(asked, tasks, reader.views())
    more = why or hint
    session.note(
        f"nothing {only + ' ' if only else ''}fits {visible(' '.join(words))}" + (f"; {visible(more)}" if more else "")
    )
