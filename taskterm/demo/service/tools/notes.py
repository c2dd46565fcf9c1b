"""Write the notes of the release: what is new, from CHANGES.md, and how to check the file."""

import os

from tools.files import SERVICE, artefact, recorded, workspace


def main() -> None:
    """Write notes-$VERSION.md into the workspace and show it."""
    version, path = os.environ["VERSION"], artefact()
    changes = (SERVICE / "CHANGES.md").read_text(encoding="utf-8")
    news = changes.partition("## Next\n")[2].partition("\n## ")[0].strip()
    text = f"# Shop {version}\n\n{news}\n\nFile: {path.name}\nSHA-256: {recorded(path)}\n"
    notes = workspace() / f"notes-{version}.md"
    notes.write_text(text, encoding="utf-8")
    print(text)
    print(f"written: {notes.name}")


if __name__ == "__main__":
    main()
