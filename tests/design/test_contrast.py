"""WCAG 2.2: 4.5:1 for text, 3:1 for what bounds or points out a control, in light and dark."""

import re

import pytest

from tests.design.table import ROOT

TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text()
PAIRS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS.split("@media")[0]
    )
}
GROUNDS = ("paper", "sheet", "sunken", "wash")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-soft", "link") for ground in GROUNDS),
    *(("ink-faint", ground) for ground in ("paper", "sheet", "sunken", "note")),
    *((tone, ground) for tone in ("burn", "danger", "done") for ground in ("paper", "sheet")),
    *((tone, f"{tone}-wash") for tone in ("burn", "danger", "done")),
    ("ink", "burn-wash"),
    ("brand-ink", "brand"),
    ("burn-ink", "burn"),
    ("danger-ink", "danger"),
    ("note-ink", "note"),
    ("danger", "note"),
    ("paper", "ink"),
]
LINES = [
    *(("rule-strong", ground) for ground in ("paper", "sheet", "sunken")),
    *(("focus", ground) for ground in (*GROUNDS, "note")),
    *(("brand", ground) for ground in GROUNDS),
    ("note-rule", "note"),
]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_measure_knows_the_ends_of_the_scale() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(ink: str, ground: str, theme: int) -> None:
    assert contrast(PAIRS[ink][theme], PAIRS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), LINES)
def test_lines_that_mean_something_can_be_seen(line: str, ground: str, theme: int) -> None:
    assert contrast(PAIRS[line][theme], PAIRS[ground][theme]) >= 3


def test_orange_is_one_and_only_for_what_burns() -> None:
    sheets = [*(ROOT / "static" / "css").rglob("*.css")]
    users = {path.stem for path in sheets if "--burn" in path.read_text()}
    assert users <= {"tokens", "clock", "badge", "alert", "timeline", "layout", "queue"}
