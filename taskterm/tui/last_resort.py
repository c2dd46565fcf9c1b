"""Whoever is told to end, ends: also where an orderly end waits for ever for a terminal that is gone."""

import os
import signal
import threading

PATIENCE = {signal.SIGTERM: 10.0, signal.SIGHUP: 3.0}
"""Seconds for an orderly end. A draft is written at its beginning, and runs have processes of their own."""


def begin(number: int) -> int:
    """Ends the process after a while, if it has not ended by then; answers the exit code, as shells count it."""
    code = 128 + number
    last = threading.Timer(PATIENCE[signal.Signals(number)], os._exit, (code,))
    last.daemon = True
    last.start()
    return code
