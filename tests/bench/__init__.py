"""How fast the program is, as ratios to a bare `import sqlite3` beside it: `make bench`. Never a timed test."""
