"""Start the built shop and buy something in it."""

import os

from pace import pause

from tools.files import artefact
from tools.running import ask, expect, running


def main() -> None:
    """Go through the shop as a customer would; anything unexpected ends with an error."""
    with running(artefact()) as port:
        expect("health", ask(port, "GET", "/health"), (200, {"status": "ok", "version": os.environ["VERSION"]}))
        pause(0.8)
        before = ask(port, "GET", "/articles")[1]["teapot"]["left"]
        pause(0.8)
        expect("order", ask(port, "POST", "/orders", {"teapot": 2, "cup": 1}), (201, {"total": "55.90"}))
        pause(0.8)
        expect("stock", ask(port, "GET", "/articles")[1]["teapot"]["left"], before - 2)
        pause(0.8)
        expect("too many", ask(port, "POST", "/orders", {"tray": 1000})[0], 409)
    print("integration test passed")


if __name__ == "__main__":
    main()
