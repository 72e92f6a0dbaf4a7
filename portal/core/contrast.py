"""Colours that can be read: WCAG 2.2 contrast, and a builder's colours moved until they keep it.

Only the lightness moves, in OKLCH: a red stays the same red, darker or brighter. Figures of OKLab
are Björn Ottosson's (2020), of contrast WCAG 2.2's (4.5:1 for text, 3:1 for what points out a
control). Colours are "#rrggbb" in lower case.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

TEXT: Final = 4.5
MARK: Final = 3.0
STEP: Final = 1 / 256
GAMUT_STEPS: Final = 14
WHITE, BLACK = "#ffffff", "#000000"

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")


class BadColour(ValueError):
    """Not three or six hexadecimal digits."""


class Theme(StrEnum):
    LIGHT = "light"
    DARK = "dark"


TINT: Final = {Theme.LIGHT: 0.55, Theme.DARK: 0.2}  # of the builder's chroma, in paper and ink


class Use(StrEnum):
    """What a colour of the builder is for."""

    BUTTONS = "buttons"
    MARKS = "marks"
    LINKS = "links"
    FOCUS = "focus"


Palette = Mapping[str, str]

# what stands without a builder's colours: static/css/tokens.css has the same (a test compares)
OURS: Final[Mapping[Theme, Palette]] = {
    Theme.LIGHT: {
        "paper": "#f6f8fb",
        "sheet": "#ffffff",
        "sunken": "#edf1f7",
        "wash": "#e9effb",
        "rule": "#d6dee9",
        "rule-strong": "#7586a3",
        "grid": "#e9eef6",
        "ink": "#14233f",
        "ink-soft": "#43546f",
        "ink-faint": "#596a86",
    },
    Theme.DARK: {
        "paper": "#0a1a31",
        "sheet": "#0f2441",
        "sunken": "#081529",
        "wash": "#17345f",
        "rule": "#254470",
        "rule-strong": "#7390bd",
        "grid": "#18325b",
        "ink": "#e8effb",
        "ink-soft": "#b7c8e3",
        "ink-faint": "#95abcd",
    },
}
GROUNDS: Final = ("paper", "sheet", "sunken", "wash")
NOTE: Final = {Theme.LIGHT: "#fdf7dc", Theme.DARK: "#262a2e"}  # notes keep their yellow


@dataclass(frozen=True, slots=True)
class Correction:
    """`asked` on `ground` has only the ratio `before`; `given` has `after`, which is enough."""

    use: Use
    theme: Theme
    asked: str
    ground: str
    before: float
    given: str
    after: float


@dataclass(frozen=True, slots=True)
class Scheme:
    """Tokens by name for each theme, and what had to be moved."""

    light: Palette
    dark: Palette
    corrections: tuple[Correction, ...]

    def of(self, theme: Theme) -> Palette:
        return self.light if theme is Theme.LIGHT else self.dark


def parse(text: str) -> str:
    """ "#C40", "c40" and "#cc4400" are one colour. Raises BadColour."""
    found = _HEX.fullmatch(text.strip().lower())
    if found is None:
        raise BadColour(text)
    digits = found[1]
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def luminance(colour: str) -> float:
    """0 is black, 1 white."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def weakest(colour: str, grounds: Iterable[str]) -> tuple[float, str]:
    """The lowest contrast, and the ground that it is on."""
    return min((contrast(colour, ground), ground) for ground in grounds)


def readable(colour: str, grounds: Iterable[str], ratio: float, theme: Theme) -> str:
    """The nearest lightness at which the colour has the ratio on every ground: darker on light
    ones, brighter on dark ones. Black and white keep any ratio that the grounds allow."""
    grounds = tuple(grounds)
    if weakest(colour, grounds)[0] >= ratio:
        return colour
    lightness, chroma, hue = oklch(colour)
    step = -STEP if theme is Theme.LIGHT else STEP
    while 0 < lightness + step < 1:
        lightness += step
        moved = from_oklch(lightness, chroma, hue)
        if weakest(moved, grounds)[0] >= ratio:
            return moved
    return BLACK if theme is Theme.LIGHT else WHITE


def ink_on(fill: str) -> str:
    """White where it can be read, else black: one of them always can."""
    return WHITE if contrast(WHITE, fill) >= TEXT else BLACK


@lru_cache(maxsize=4096)
def scheme(primary: str, accent: str) -> Scheme:
    """Of a builder's main colour (buttons, marks) and second colour (links, focus)."""
    palettes: dict[Theme, Palette] = {}
    corrections: list[Correction] = []
    for theme in Theme:
        palette = dict(_surfaces(primary, theme))
        for use, token, asked, wanted in (
            (Use.BUTTONS, "brand", primary, _fill(primary, palette, theme)),
            (Use.MARKS, "brand-line", primary, _on_all(primary, palette, MARK, theme)),
            (Use.LINKS, "link", accent, _on_all(accent, palette, TEXT, theme)),
            (Use.FOCUS, "focus", accent, _focus(accent, palette, theme)),
        ):
            palette[token] = wanted
            corrections += _corrected(use, theme, asked, wanted, palette)
        palette |= _on_buttons(palette["brand"])
        palettes[theme] = palette
    return Scheme(palettes[Theme.LIGHT], palettes[Theme.DARK], tuple(corrections))


def _fill(primary: str, palette: Palette, theme: Theme) -> str:
    """On paper any fill shows and has an edge of its own; a dark one would sink into the dark."""
    return primary if theme is Theme.LIGHT else _on_all(primary, palette, MARK, theme)


def _on_all(colour: str, palette: Palette, ratio: float, theme: Theme) -> str:
    return readable(colour, (palette[ground] for ground in GROUNDS), ratio, theme)


def _focus(colour: str, palette: Palette, theme: Theme) -> str:
    grounds = [*(palette[ground] for ground in GROUNDS), NOTE[theme]]
    return readable(colour, grounds, MARK, theme)


def _on_buttons(fill: str) -> Palette:
    """What stands on the fill, and the fill under a pointer: darker if the text allows it."""
    ink = ink_on(fill)
    lightness, chroma, hue = oklch(fill)
    deeper, brighter = (
        from_oklch(min(max(lightness + by, 0), 1), chroma, hue) for by in (-0.06, 0.06)
    )
    return {"brand-ink": ink, "brand-deep": deeper if contrast(ink, deeper) >= TEXT else brighter}


def _corrected(
    use: Use, theme: Theme, asked: str, given: str, palette: Palette
) -> Iterator[Correction]:
    if given == asked:
        return
    grounds = [palette[ground] for ground in GROUNDS]
    before, ground = weakest(asked, grounds)
    yield Correction(use, theme, asked, ground, before, given, contrast(given, ground))


def _surfaces(primary: str, theme: Theme) -> Iterator[tuple[str, str]]:
    """Paper, rules and ink as ours are, in a breath of the builder's hue instead of our blue."""
    own = OURS[theme]
    _lightness, chroma, hue = oklch(primary)
    tinted = {}
    for name, colour in own.items():
        lightness, most, _hue = oklch(colour)
        tinted[name] = from_oklch(lightness, min(most, chroma * TINT[theme]), hue)
    grounds = [tinted[ground] for ground in GROUNDS]
    for name, colour in tinted.items():
        match name:
            case "ink" | "ink-soft":
                yield name, readable(colour, grounds, TEXT, theme)
            case "ink-faint":
                yield name, readable(colour, [*grounds, NOTE[theme]], TEXT, theme)
            case "rule-strong":
                yield name, readable(colour, grounds[:3], MARK, theme)
            case _:
                yield name, colour


def oklch(colour: str) -> tuple[float, float, float]:
    """Lightness from 0 to 1, chroma, hue in radians."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """With as much of the chroma as a screen can show at that lightness and hue."""
    channels = _channels(lightness, chroma, hue)
    if not _shows(channels):
        low, high = 0.0, chroma
        for _ in range(GAMUT_STEPS):
            middle = (low + high) / 2
            low, high = (
                (middle, high) if _shows(_channels(lightness, middle, hue)) else (low, middle)
            )
        channels = _channels(lightness, low, hue)
    return "#" + "".join(f"{_byte(channel):02x}" for channel in channels)


def _channels(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Linear light of red, green and blue; outside of 0 to 1 no screen shows it."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _shows(channels: Iterable[float]) -> bool:
    return all(-0.0005 <= channel <= 1.0005 for channel in channels)


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _light(red), _light(green), _light(blue)


def _light(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _byte(channel: float) -> int:
    channel = min(max(channel, 0.0), 1.0)
    bent = 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
    return round(bent * 255)
