"""The picture that others show beside a link to the roadmap, or to one of its items."""

import io
import unicodedata
from contextlib import suppress
from functools import lru_cache
from typing import Final, cast

from PIL import Image, ImageDraw, ImageFont

from portal.roadmap.sheets import TITLES, Column, Leaf

SIZE: Final = (1200, 630)
EDGE: Final = 72
PAPER, SHEET, INK, SOFT, BRAND, RULE = (
    "#f6f8fb", "#ffffff", "#14233f", "#43546f", "#23459b", "#d6dee9",
)  # fmt: skip
KEPT: Final = 16
FONTS: Final = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "NotoSans-Regular.ttf", "Arial.ttf")
PLAIN: Final = "Aileron"


@lru_cache(KEPT)
def of_roadmap(site: str, title: str, columns: tuple[Column, ...]) -> bytes:
    image, draw = _begun(site)
    _say(draw, (EDGE, 118), title, INK, 64)
    width = (SIZE[0] - 2 * EDGE - 2 * 24) // 3
    for number, column in enumerate(columns):
        left = EDGE + number * (width + 24)
        draw.rounded_rectangle((left, 232, left + width, 558), 12, SHEET, RULE, 2)
        _say(draw, (left + 24, 252), column.name, SOFT, 26)
        _say(draw, (left + 24, 288), str(column.count), BRAND, 60)
        for row, name in enumerate(column.titles[:TITLES]):
            (line,) = _lines(draw, name, _font(24), width - 48, 1)
            _say(draw, (left + 24, 384 + row * 52), line, INK, 24)
    return _written(image)


@lru_cache(KEPT)
def of_item(site: str, leaf: Leaf) -> bytes:
    image, draw = _begun(site)
    _say(draw, (EDGE, 150), leaf.line, BRAND, 34)
    for row, line in enumerate(_lines(draw, leaf.title, _font(64), SIZE[0] - 2 * EDGE, 3)):
        _say(draw, (EDGE, 214 + row * 84), line, INK, 64)
    _say(draw, (EDGE, 520), leaf.below, SOFT, 34)
    return _written(image)


def _begun(site: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 14), BRAND)
    _say(draw, (EDGE, 62), site, BRAND, 32)
    return image, draw


def _say(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, ink: str, size: int) -> None:
    font = _font(size)
    draw.text(place, drawable(text, font), ink, font)


def _lines(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int, most: int
) -> list[str]:
    """What finds no room ends in dots."""
    lines, words = [""], text.split()
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = lines[:most]
    if len(lines) > most or draw.textlength(kept[-1], font) > width:
        while kept[-1] and draw.textlength(f"{kept[-1]}…", font) > width:
            kept[-1] = kept[-1][:-1]
        kept[-1] = f"{kept[-1].rstrip()}…"
    return kept


@lru_cache(KEPT)
def _font(size: int) -> ImageFont.FreeTypeFont:
    """One of the system's; where it has none, Pillow's own, which knows plain letters alone."""
    for name in FONTS:
        with suppress(OSError):
            return ImageFont.truetype(name, size)
    return cast("ImageFont.FreeTypeFont", ImageFont.load_default(size))


def drawable(text: str, font: ImageFont.FreeTypeFont) -> str:
    """Without the accents that the font has no letters for."""
    if font.getname()[0] != PLAIN:
        return text
    parts = unicodedata.normalize("NFKD", text.replace("…", "..."))
    return "".join(part for part in parts if part.isascii())


def _written(image: Image.Image) -> bytes:
    made = io.BytesIO()
    image.save(made, "PNG", optimize=True)
    return made.getvalue()
