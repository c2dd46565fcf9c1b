"""A process that keeps children as a supervisor does, for tests: who waits for all children must be alone.

python keeper.py        reads one JSON line (commands, grace, linger, stop), answers one, stays until its input ends
"""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
import time

from taskterm.runner import owner, process


def main() -> None:
    process.become_subreaper()
    asked = json.loads(sys.stdin.readline())
    process.GRACE, process.LINGER = asked["grace"], asked["linger"]
    children, stop = process.Children(), process.Stop()
    commands = [process.Command(**fields) for fields in asked["commands"]]
    answers: list[list[object]] = [[] for _ in commands]
    before = len(os.listdir("/proc/self/fd"))

    def run(number: int) -> None:
        chunks: list[bytes] = []
        ended = children.run(commands[number], chunks.append, stop)
        answers[number] = [*ended, base64.b64encode(b"".join(chunks)).decode()]

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(commands))]
    for thread in threads:
        thread.start()
    if asked["stop"]:
        while not owner.marked(commands[0].mark):
            time.sleep(0.005)
        stop.set()
    for thread in threads:
        thread.join()
    left_open = len(os.listdir("/proc/self/fd")) - before
    print(json.dumps({"answers": answers, "left_open": left_open}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
