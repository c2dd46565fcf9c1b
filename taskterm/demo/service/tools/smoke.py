"""Start what is installed now and see that it is the release and that it is well."""

import os

from tools.files import artefact, recorded, sha256, target
from tools.running import ask, expect, running


def main() -> None:
    """Ask the installed shop for its health; anything unexpected ends with an error."""
    installed = target() / "current" / artefact().name
    expect("checksum", sha256(installed), recorded(installed))
    print(f"checked {installed.name}")
    with running(installed) as port:
        expect("health", ask(port, "GET", "/health"), (200, {"status": "ok", "version": os.environ["VERSION"]}))
    print("smoke test passed")


if __name__ == "__main__":
    main()
