"""Start a built shop for a while and talk to it."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def running(path: Path) -> Iterator[int]:
    """The shop in the file `path`, serving on a free port, which is given; it is stopped at the end."""
    shop = subprocess.Popen([sys.executable, str(path), "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert shop.stdout is not None
        line = shop.stdout.readline().strip()  # the shop says when it listens, so nobody has to guess
        if not line:
            raise SystemExit(f"{path.name} did not start")
        print(line)
        yield int(line.rsplit(" ", 1)[1])
    finally:
        shop.terminate()
        shop.communicate()
        print("shop stopped")


def ask(port: int, method: str, path: str, content: object = None) -> tuple[int, Any]:
    """Send one request; the status and the object that came back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, None if content is None else json.dumps(content))
        response = connection.getresponse()
        answer = json.loads(response.read())
    finally:
        connection.close()
    print(f"{method} {path}  {response.status}  {json.dumps(answer)}")
    return response.status, answer


def expect(what: str, found: object, wanted: object) -> None:
    """End the program unless both are equal."""
    if found != wanted:
        raise SystemExit(f"{what}: expected {wanted!r}, found {found!r}")
