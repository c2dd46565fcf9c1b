"""Keeps what is true: tables, statements, migrations, the gate, and the one door for every write."""
