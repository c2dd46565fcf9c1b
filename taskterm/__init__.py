"""TaskTerm: one dependency graph of people's tasks and shell steps, in the terminal."""

__version__ = "0.1.0"
