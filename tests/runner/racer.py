"""A process that races: told a task, it tries to start a run of it at once with its rivals. Spoken to over pipes.

python racer.py DATABASE        reads `start TASK` or `own RUN`, answers one line each
"""

from __future__ import annotations

import sys
from datetime import datetime

from taskterm.core.commands.run_parts import existing_run
from taskterm.core.errors import RuleError
from taskterm.core.zone import SystemZone
from taskterm.runner import start
from taskterm.store.store import Store


def main() -> None:
    store = Store(sys.argv[1])
    print("ready", flush=True)
    for line in sys.stdin:
        verb, number = line.split()
        try:
            if verb == "start":
                run = start.start_run(store, int(number), actor="ana", now=datetime.now(SystemZone()))
                print(f"run {run}", flush=True)
            else:
                with store.read() as reader:
                    found = existing_run(reader, int(number))
                start._spawn(store, found)
                print(f"run {number}", flush=True)
        except RuleError as refusal:
            print(f"refused {refusal.message}", flush=True)


if __name__ == "__main__":
    main()
