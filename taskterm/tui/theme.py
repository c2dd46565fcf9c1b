"""Colours and glyphs by role. The only file that names a colour; widgets say `mute` or `accent` and nothing else.

A `Palette` turns roles into terminal styles, a `Glyphs` set names the signs (Unicode or ASCII), and `THEMES` are the
same roles for Textual's style sheets: `$background $surface $panel` are page, detail and overlay, and `$tt-mute`,
`$tt-line`, … exist for every role.
"""

from typing import NamedTuple

from rich.color import Color
from rich.style import Style
from textual.app import App
from textual.theme import Theme

from taskterm.core.display import ASCII_STATE_SIGNS, STATE_SIGNS

DARK = {
    "bg": "#0f1116",
    "surface": "#161a21",
    "raised": "#1d222b",
    "select": "#262a3f",
    "line": "#2c333f",
    "line2": "#5b6678",
    "text": "#dfe3ea",
    "soft": "#aab3c1",
    "mute": "#8d97a7",
    "accent": "#a8a0ff",
    "run": "#5fc6de",
    "ready": "#8bd193",
    "warn": "#e8bc66",
    "fail": "#ff8085",
    "done": "#7fa489",
    "t_fail": "#34191e",
    "t_acc": "#221f38",
    "scrim": "#565f6e",
    "shadow": "#08090c",
    "on_accent": "#0f1116",
}
LIGHT = {
    "bg": "#fcfcfb",
    "surface": "#f4f4f1",
    "raised": "#ffffff",
    "select": "#e6e3fb",
    "line": "#dddcd7",
    "line2": "#8e8c85",
    "text": "#1c1f26",
    "soft": "#454c59",
    "mute": "#5e6571",
    "accent": "#5746c9",
    "run": "#076580",
    "ready": "#216c36",
    "warn": "#7f5200",
    "fail": "#b01f2a",
    "done": "#4a6c53",
    "t_fail": "#fbe6e6",
    "t_acc": "#efedfd",
    "scrim": "#9a9a94",
    "shadow": "#e9e9e5",
    "on_accent": "#ffffff",
}
ANSI = {
    "line": "bright_black",
    "line2": "bright_black",
    "accent": "bright_magenta",
    "run": "cyan",
    "ready": "green",
    "warn": "yellow",
    "fail": "bright_red",
    "done": "green",
}
DIM_WITHOUT_COLOUR = frozenset({"mute", "done", "line", "line2", "scrim"})
"""Roles that are drawn dim where the terminal chooses the colours (or there are none)."""

GROUNDS = ("bg", "surface", "raised", "select", "t_fail", "t_acc", "accent", "shadow")
ROLES = tuple(DARK)


class Palette:
    """Styles of one theme. `style(role, ground, …)` is cheap: every combination is made once."""

    def __init__(self, name: str, colours: dict[str, str], *, truecolor: bool) -> None:
        self.name = name
        self.truecolor = truecolor
        self._colours = {role: Color.parse(colour) for role, colour in colours.items()}
        self._made: dict[tuple[str, str, bool, bool, bool, bool], Style] = {}

    def style(
        self,
        role: str,
        ground: str = "bg",
        *,
        bold: bool = False,
        italic: bool = False,
        strike: bool = False,
        underline: bool = False,
    ) -> Style:
        """The style for text of `role` on `ground`; without true colour, a selected ground is reverse video."""
        key = (role, ground, bold, italic, strike, underline)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(*key)
        return found

    def _make(self, role: str, ground: str, bold: bool, italic: bool, strike: bool, underline: bool) -> Style:
        if self.truecolor:
            colour, background, reverse, dim = self._colours[role], self._colours[ground], False, False
        else:
            background = Color.default()
            reverse = ground in ("select", "accent")
            # A reversed row is one even bar: a hue in it would become a patch of background.
            hue = ground if reverse else role
            colour = background if ground == "select" else self._colours.get(hue, background)
            dim = role in DIM_WITHOUT_COLOUR and not reverse and not bold
        return Style(
            color=colour,
            bgcolor=background,
            reverse=reverse,
            dim=dim,
            bold=bold,
            italic=italic,
            strike=strike,
            underline=underline,
        )


class Glyphs(NamedTuple):
    """Every sign the program draws by itself, one cell each; `state` maps shown states to theirs."""

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

PALETTES = {
    "taskterm-dark": Palette("taskterm-dark", DARK, truecolor=True),
    "taskterm-light": Palette("taskterm-light", LIGHT, truecolor=True),
    "taskterm-ansi": Palette("taskterm-ansi", ANSI, truecolor=False),
    "taskterm-plain": Palette("taskterm-plain", {}, truecolor=False),
}


def _true_theme(name: str, colours: dict[str, str], *, dark: bool) -> Theme:
    variables = {f"tt-{role.replace('_', '-')}": colour for role, colour in colours.items()}
    variables |= {
        "input-cursor-background": colours["accent"],
        "input-cursor-foreground": colours["on_accent"],
        "input-selection-background": colours["select"],
        "screen-selection-background": colours["select"],
        "screen-selection-foreground": colours["text"],
    }
    return Theme(
        name=name,
        primary=colours["accent"],
        accent=colours["accent"],
        warning=colours["warn"],
        error=colours["fail"],
        success=colours["ready"],
        foreground=colours["text"],
        background=colours["bg"],
        surface=colours["surface"],
        panel=colours["raised"],
        dark=dark,
        variables=variables,
    )


def _terminal_theme(name: str, colours: dict[str, str]) -> Theme:
    named = {role: f"ansi_{colours.get(role, 'default')}" for role in ROLES}
    variables = {f"tt-{role.replace('_', '-')}": colour for role, colour in named.items()}
    variables |= {
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "input-cursor-background": named["accent"],
        "input-cursor-foreground": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_default",
        "input-selection-foreground": "ansi_default",
        "screen-selection-background": "ansi_default",
        "screen-selection-foreground": "ansi_default",
    }
    return Theme(
        name=name,
        ansi=True,
        primary=named["accent"],
        accent=named["accent"],
        warning=named["warn"],
        error=named["fail"],
        success=named["ready"],
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables=variables,
    )


THEMES = (
    _true_theme("taskterm-dark", DARK, dark=True),
    _true_theme("taskterm-light", LIGHT, dark=False),
    _terminal_theme("taskterm-ansi", ANSI),
    _terminal_theme("taskterm-plain", {}),
)


def palette_of(app: App[object]) -> Palette:
    """The palette of an app's theme; without colour (NO_COLOR) always the plain one."""
    if app.no_color:
        return PALETTES["taskterm-plain"]
    return PALETTES.get(app.theme, PALETTES["taskterm-dark"])


def glyphs_of(app: App[object]) -> Glyphs:
    """The glyph set of an app: ASCII where its attribute `ascii_only` is true."""
    return PLAIN if getattr(app, "ascii_only", False) else UNICODE
