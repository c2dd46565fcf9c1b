"""Styles and glyphs by role, from the colours of core.palette; widgets say `mute` or `accent` and nothing else.

A `Palette` turns roles into terminal styles, a `Glyphs` set names the signs (Unicode or ASCII), and `THEMES` are the
same roles for Textual's style sheets: `$background $surface $panel` are page, detail and overlay, and `$tt-mute`,
`$tt-line`, … exist for every role.
"""

from functools import cache

from rich.color import Color
from rich.style import Style
from textual.app import App
from textual.theme import Theme

from taskterm.core.palette import DARK as DARK
from taskterm.core.palette import LIGHT_ONES
from taskterm.core.palette import THEMES as COLOURS
from taskterm.tui.glyphs import PLAIN as PLAIN
from taskterm.tui.glyphs import STATE_ROLE as STATE_ROLE
from taskterm.tui.glyphs import TITLE_ROLE as TITLE_ROLE
from taskterm.tui.glyphs import UNICODE as UNICODE
from taskterm.tui.glyphs import Glyphs as Glyphs
from taskterm.tui.keys import DEFAULT, Keys
from taskterm.tui.tones import ANSI, toned

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
        tone = toned(role, ground, bold=bold, truecolor=self.truecolor)
        return Style(
            color=self._colours.get(tone.colour, Color.default()),
            bgcolor=self._colours.get(tone.ground, Color.default()),
            reverse=tone.reverse,
            dim=tone.dim,
            bold=bold,
            italic=italic,
            strike=strike,
            underline=underline,
        )


PREFIX = "taskterm-"
"""What stands before the name of a theme where Textual's own have names too."""

PALETTES = {
    **{PREFIX + name: Palette(PREFIX + name, colours, truecolor=True) for name, colours in COLOURS.items()},
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
    *(_true_theme(PREFIX + name, colours, dark=name not in LIGHT_ONES) for name, colours in COLOURS.items()),
    _terminal_theme("taskterm-ansi", ANSI),
    _terminal_theme("taskterm-plain", {}),
)


def palette_of(app: App[object]) -> Palette:
    """The palette of an app's theme; without colour (NO_COLOR) always the plain one."""
    if app.no_color:
        return PALETTES["taskterm-plain"]
    return PALETTES.get(app.theme, PALETTES["taskterm-dark"])


def glyphs_of(app: App[object]) -> Glyphs:
    """The glyph set of an app: ASCII where its attribute `ascii_only` is true, with the keys that the app has."""
    return _signs(getattr(app, "ascii_only", False), getattr(app, "keys", DEFAULT))


@cache
def _signs(ascii_only: bool, keys: Keys) -> Glyphs:
    return (PLAIN if ascii_only else UNICODE)._replace(keys=keys)
