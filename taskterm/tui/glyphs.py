"""The signs that the program draws by itself, in Unicode and in ASCII, and the roles of states. Pure."""

from __future__ import annotations

from taskterm.core.display import ASCII_STATE_SIGNS, STATE_SIGNS
from taskterm.core.lean import NamedTuple
from taskterm.tui.keys import DEFAULT, Keys


class Glyphs(NamedTuple):
    """Every sign the program draws by itself, one cell each; `state` maps shown states to theirs. And the keys."""

    name: str
    state: dict[str, str]
    late: str
    untrusted: str
    cursor: str  # bar beside the selected row
    edge: str  # left edge of a card
    bar: str  # progress made
    rest: str  # progress to come
    mark: str  # where 85 of 100 runs had ended
    rule: str
    heavy: str
    pipe: str
    waits: str
    releases: str
    above: str
    repeats: str
    more_down: str
    more_up: str
    more_left: str
    more_right: str
    marked: str  # before a task that the next action is about
    live: str
    offline: str
    ellipsis: str
    dot: str
    arrow: str
    prompt: str
    brand: str
    running: tuple[str, ...]  # frames of the spinner
    box: str  # corners and sides: top left, top right, bottom left, bottom right, horizontal, vertical
    dashed: str
    selected: str
    tree: dict[str, str]  # three-cell branches: tee, corner, pipe, blank and the same with `heavy_`
    keys: Keys = DEFAULT  # how the keys are called that hints and sentences name

    def words(self, text: str) -> str:
        """Words of the program (never of a user) in the signs of this set."""
        return text if self.name == "unicode" else text.translate(_TO_ASCII)


_TO_ASCII = str.maketrans({"·": "-", "…": "~", "→": ">", "“": '"', "”": '"', "’": "'", "–": "-", "×": "x", "↻": "&"})

UNICODE = Glyphs(
    name="unicode",
    state=STATE_SIGNS,
    late="◆",
    untrusted="?",
    cursor="▌",
    edge="▎",
    bar="━",
    rest="─",
    mark="┆",
    rule="─",
    heavy="━",
    pipe="│",
    waits="←",
    releases="→",
    above="↑",
    repeats="↻",
    more_down="▼",
    more_up="▲",
    more_left="◀",
    more_right="▶",
    marked="■",
    live="●",
    offline="○",
    ellipsis="…",
    dot="·",
    arrow="→",
    prompt="›",
    brand="◆",
    running=tuple("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"),
    box="╭╮╰╯─│",
    dashed="╭╮╰╯╌╎",
    selected="┏┓┗┛━┃",
    tree={
        "tee": "├─ ",
        "corner": "└─ ",
        "pipe": "│  ",
        "blank": "   ",
        "heavy_tee": "┣━ ",
        "heavy_corner": "┗━ ",
        "heavy_pipe": "┃  ",
        "heavy_blank": "   ",
    },
)
PLAIN = Glyphs(
    name="ascii",
    state=ASCII_STATE_SIGNS,
    late="^",
    untrusted="?",
    cursor="|",
    edge="|",
    bar="=",
    rest="-",
    mark=":",
    rule="-",
    heavy="=",
    pipe="|",
    waits="<",
    releases=">",
    above="^",
    repeats="&",
    more_down="v",
    more_up="^",
    more_left="<",
    more_right=">",
    marked="+",
    live="o",
    offline="-",
    ellipsis="~",
    dot="-",
    arrow=">",
    prompt=">",
    brand="^",
    running=(">",),
    box="++++-|",
    dashed="..''-|",
    selected="####=#",
    tree={
        "tee": "|- ",
        "corner": "`- ",
        "pipe": "|  ",
        "blank": "   ",
        "heavy_tee": "#= ",
        "heavy_corner": "#= ",
        "heavy_pipe": "#  ",
        "heavy_blank": "   ",
    },
)

STATE_ROLE = {
    "running": "run",
    "failed": "fail",
    "doing": "run",
    "ready": "ready",
    "blocked": "mute",
    "waiting": "mute",
    "done": "done",
    "cancelled": "mute",
}
"""Role of the glyph of each shown state."""

TITLE_ROLE = {"blocked": "soft", "waiting": "soft", "done": "mute", "cancelled": "mute"}
"""Role of a title by shown state; every other state's title is `text`."""
