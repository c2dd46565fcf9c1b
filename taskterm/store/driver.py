"""SQLite as the standard library has it, without the Python half that converts dates and costs five milliseconds."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
else:
    try:
        import _sqlite3 as sqlite3
    except ImportError:  # an interpreter that binds SQLite in another way
        import sqlite3

__all__ = ["sqlite3"]
