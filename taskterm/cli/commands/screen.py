"""`taskterm` alone: opens the TUI."""

from taskterm.cli.session import Session
from taskterm.core.errors import UsageError


def run(session: Session) -> int:
    """The TUI on the database, which is made if there is none yet; answers its exit code."""
    import sys

    if not (session.terminal and sys.stdin.isatty()):
        raise UsageError(
            "without a command TaskTerm opens its screen, and there is no terminal here", "see: taskterm --help"
        )
    store = session.store(create=True)
    with store.read():
        pass  # what is wrong with the database is said before the screen opens
    from taskterm.tui.app import run as open_screen

    return open_screen(session.path, actor=session.actor, ascii=session.ascii, theme=session.theme())
