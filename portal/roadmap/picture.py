"""The picture that others show beside a link to the roadmap, or to one of its items."""

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from PIL import Image, ImageDraw, ImageFont

SIZE: Final = (1200, 630)
EDGE: Final = 72
PAPER, SHEET, INK, SOFT, BRAND, RULE = (
    "#f6f8fb", "#ffffff", "#14233f", "#43546f", "#23459b", "#d6dee9",
)  # fmt: skip
TITLES: Final = 3
KEPT: Final = 16


@dataclass(frozen=True, slots=True)
class Column:
    """`count` is how many there are, `titles` the first of them."""

    name: str
    count: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One item: `line` says its stage and quarter, `below` how many want it."""

    title: str
    line: str
    below: str


@lru_cache(KEPT)
def of_roadmap(site: str, title: str, columns: tuple[Column, ...]) -> bytes:
    image, draw = _begun(site)
    draw.text((EDGE, 118), title, INK, _font(64))
    width = (SIZE[0] - 2 * EDGE - 2 * 24) // 3
    for number, column in enumerate(columns):
        left = EDGE + number * (width + 24)
        draw.rounded_rectangle((left, 232, left + width, 558), 12, SHEET, RULE, 2)
        draw.text((left + 24, 252), column.name, SOFT, _font(26))
        draw.text((left + 24, 288), str(column.count), BRAND, _font(60))
        for row, name in enumerate(column.titles[:TITLES]):
            (line,) = _lines(draw, name, _font(24), width - 48, 1)
            draw.text((left + 24, 384 + row * 52), line, INK, _font(24))
    return _written(image)


@lru_cache(KEPT)
def of_item(site: str, leaf: Leaf) -> bytes:
    image, draw = _begun(site)
    draw.text((EDGE, 150), leaf.line, BRAND, _font(34))
    for row, line in enumerate(_lines(draw, leaf.title, _font(64), SIZE[0] - 2 * EDGE, 3)):
        draw.text((EDGE, 214 + row * 84), line, INK, _font(64))
    draw.text((EDGE, 520), leaf.below, SOFT, _font(34))
    return _written(image)


def _begun(site: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 14), BRAND)
    draw.text((EDGE, 62), site, BRAND, _font(32))
    return image, draw


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
    """Pillow's own: no system has to have one."""
    return cast("ImageFont.FreeTypeFont", ImageFont.load_default(size))


def _written(image: Image.Image) -> bytes:
    made = io.BytesIO()
    image.save(made, "PNG", optimize=True)
    return made.getvalue()
