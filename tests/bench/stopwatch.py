"""Runs one process at a time and says what it cost; a process of its own, so small that no child inherits its memory.

    python -I -S stopwatch.py    reads (argv, environment) by marshal, writes (seconds, cpu seconds, KiB, exit code)

What a child used is told by the kernel when it ends (wait4). Its peak memory counts from that of whoever started it,
so the one who starts it must have less than an interpreter that has loaded anything.
"""

import marshal
import os
import sys
import time


def run(argv: list[str], env: dict[str, str]) -> tuple[float, float, int, int]:
    """Wall-clock seconds, seconds of all processors, KiB of peak memory, exit code."""
    quiet = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    begin = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, env, file_actions=quiet)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status)


def main() -> None:
    """Answers until its input ends."""
    while True:
        try:
            argv, env = marshal.load(sys.stdin.buffer)
        except EOFError:
            return
        marshal.dump(run(argv, env), sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
