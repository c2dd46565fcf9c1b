"""Many `taskterm add` at the very same moment: forked, held at a gate, let go together. Prints how each one ended."""

import json
import os
import sys
import tempfile


def main(count: int) -> None:
    from taskterm import cli
    from taskterm.cli import quick  # noqa: F401
    from taskterm.core import capture  # noqa: F401
    from taskterm.store import store  # noqa: F401

    gate, opener = os.pipe()
    said = [(tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")) for _ in range(count)]  # noqa: SIM115
    children = []
    for number, (out, err) in enumerate(said):
        child = os.fork()
        if child == 0:
            os.close(opener)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.read(gate, 1)
            cli.main(["add", f"Task {number}", "+crowd"])
        children.append(child)
    os.close(opener)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    answers = []
    for code, (out, err) in zip(codes, said, strict=True):
        out.seek(0)
        err.seek(0)
        answers.append([code, out.read(), err.read()])
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
