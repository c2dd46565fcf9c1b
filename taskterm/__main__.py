"""`python -m taskterm` is the same program as `taskterm`."""

from taskterm.cli import main

if __name__ == "__main__":
    main()
