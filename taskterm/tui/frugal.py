"""Memory that was freed goes back to the system, as far as the C library can be told so.

glibc raises the sizes from which on it gives back or maps a block with every large block that it frees, and what a
thread has freed then stays with the process: some megabytes after each part of the screen has been looked at.
"""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Parameters of mallopt(3)."""
KEPT, MAPPED = 64 * 1024, 128 * 1024
"""Free bytes at the end of the heap that are kept, and the size of blocks that are mapped one by one."""


def give_back() -> None:
    """Both sizes are fixed from now on, and what is free now is given back. Other C libraries go on as they are."""
    try:
        library = ctypes.CDLL(None)
        library.mallopt(M_TRIM_THRESHOLD, KEPT)
        library.mallopt(M_MMAP_THRESHOLD, MAPPED)
        library.malloc_trim(0)
    except (OSError, AttributeError):
        return
