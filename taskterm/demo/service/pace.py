"""How fast the tools of this sample go: PACE=1 is a speed that can be followed, PACE=0 the machine's own."""

import os
import time


def pause(seconds: float) -> None:
    """Wait `seconds` times $PACE (0 where it is not set)."""
    time.sleep(seconds * float(os.environ.get("PACE", "0")))
