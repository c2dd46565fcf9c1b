"""Makes loading Textual cheaper: no collector that looks for rubbish where there is none, and no TLS for asyncio."""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Loading:
    """A block in which the interface is imported. Afterwards everything can be loaded as ever, and what was stays.

    asyncio takes TLS where it finds it, which is a fortieth of the whole start; nothing here speaks it, and asyncio
    knows how to do without. (A class, as contextlib would be loaded for it.)
    """

    def __enter__(self) -> None:
        gc.disable()
        if "ssl" not in sys.modules:
            modules: dict[str, Any] = sys.modules
            modules["ssl"] = None

    def __exit__(self, *_: object) -> None:
        if sys.modules.get("ssl", self) is None:
            del sys.modules["ssl"]
        gc.enable()
