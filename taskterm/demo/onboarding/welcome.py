"""Fill in the welcome letter and the checklist of the first day."""

from pathlib import Path
from string import Template

from people import NAME, START, TEAM, account, write


def main() -> None:
    """Write both papers from their templates."""
    words = {"name": NAME, "start": START, "team": TEAM, "account": account()}
    for template in ("letter.md", "checklist.md"):
        text = (Path(__file__).parent / template).read_text(encoding="utf-8")
        write(f"welcome/{account()}", template, Template(text).substitute(words))


if __name__ == "__main__":
    main()
