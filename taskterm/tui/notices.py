"""What a terminal is sent for somebody who looks elsewhere: a bell, a desktop notification. Pure.

OSC 9 is understood by most (iTerm2, kitty, WezTerm, Ghostty, Windows Terminal), OSC 777 by urxvt, foot and those made
of VTE; a terminal is sent one of them only, as some know both and would show it twice.
"""

from __future__ import annotations

from taskterm.core.display import ISOLATE, POP_ISOLATE
from taskterm.tui.text import fit, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 120
"""Cells of a sentence: more does not fit a notification."""


def sequence(how: str, sentence: str, environment: Mapping[str, str]) -> str:
    """What is written for `bell`, `desktop` or `both`; nothing for `off`."""
    bell = "\a" if how in ("bell", "both") else ""
    return bell + (_desktop(sentence, environment) if how in ("desktop", "both") else "")


def _desktop(sentence: str, environment: Mapping[str, str]) -> str:
    words = fit(visible(sentence).replace(ISOLATE, "").replace(POP_ISOLATE, ""), LONGEST)
    term = environment.get("TERM", "")
    if term.startswith(("rxvt", "foot")) or environment.get("VTE_VERSION"):
        made = f"\x1b]777;notify;TaskTerm;{words}\a"
    else:
        made = f"\x1b]9;{words}\a"
    if environment.get("TMUX"):
        # For the terminal around tmux, which hands it on where `allow-passthrough` is set.
        return f"\x1bPtmux;{made.replace(chr(27), chr(27) * 2)}\x1b\\"
    return made
