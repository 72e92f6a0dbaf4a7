"""Whatever colours a builder chooses, everything can be read, in both themes."""

import math
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.core import contrast
from portal.core.contrast import GROUNDS, MARK, NOTE, OURS, TEXT, BadColour, Theme, Use

CSS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text()
PAIRS = {
    name: {Theme.LIGHT: light, Theme.DARK: dark}
    for name, light, dark in re.findall(
        r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS.split("@media")[0]
    )
}
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_the_scale_has_its_ends():
    assert contrast.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast.contrast("#777777", "#777777") == 1
    assert contrast.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("text", "colour"),
    [("#C40", "#cc4400"), ("c40", "#cc4400"), (" #FFD400 ", "#ffd400"), ("000000", "#000000")],
)
def test_a_colour_is_read_as_people_write_it(text, colour):
    assert contrast.parse(text) == colour


@pytest.mark.parametrize("text", ["", "#", "red", "#12345", "#1234567", "#ggg", "url(x)", "#fff;x"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(BadColour):
        contrast.parse(text)


def test_ours_is_what_the_stylesheet_says():
    for theme in Theme:
        assert OURS[theme] == {name: PAIRS[name][theme] for name in OURS[theme]}
        assert NOTE[theme] == PAIRS["note"][theme]


@given(colours)
@example("#000000")
@example("#ffffff")
def test_there_and_back_is_the_same_colour(colour):
    assert contrast.from_oklch(*contrast.oklch(colour)) == colour


@given(colours, colours)
@example("#ffd400", "#ffd400")
@example("#000000", "#ffffff")
@example("#0000ff", "#ff0000")
def test_every_pair_keeps_its_ratio(primary, accent):
    scheme = contrast.scheme(primary, accent)
    for theme in Theme:
        have = {name: pair[theme] for name, pair in PAIRS.items()} | scheme.of(theme)

        def pair(ink, ground, ratio, have=have, theme=theme):
            found = contrast.contrast(have[ink], have[ground])
            assert found >= ratio, f"{theme}: {ink} on {ground} is {found:.2f}"

        for ground in GROUNDS:
            for ink in ("ink", "ink-soft", "ink-faint", "link"):
                pair(ink, ground, TEXT)
            pair("brand-line", ground, MARK)
            pair("focus", ground, MARK)
        for tone in ("burn", "danger", "done"):
            for ground in ("paper", "sheet"):
                pair(tone, ground, TEXT)
        for ground in ("paper", "sheet", "sunken"):
            pair("rule-strong", ground, MARK)
        pair("brand-ink", "brand", TEXT)
        pair("brand-ink", "brand-deep", TEXT)
        pair("ink", "burn-wash", TEXT)
        pair("paper", "ink", TEXT)
        pair("ink-faint", "note", TEXT)
        pair("focus", "note", MARK)


@given(colours)
def test_the_hue_stays(primary):
    """As far as eight bits a channel can hold it, for colours that have one."""
    _lightness, chroma, hue = contrast.oklch(primary)
    for theme in Theme:
        link = contrast.scheme(primary, primary).of(theme)["link"]
        _l, moved_chroma, moved = contrast.oklch(link)
        if min(chroma, moved_chroma) > 0.05:
            apart = abs(math.remainder(hue - moved, math.tau))
            assert apart < 0.09


@given(colours)
def test_what_is_moved_is_told_with_its_reason(primary):
    scheme = contrast.scheme(primary, primary)
    moved = {(one.use, one.theme) for one in scheme.corrections}
    for theme in Theme:
        assert ((Use.LINKS, theme) in moved) == (scheme.of(theme)["link"] != primary)
    for one in scheme.corrections:
        assert one.before < one.after
        assert one.before < (TEXT if one.use is Use.LINKS else MARK) or one.use is Use.FOCUS


def test_yellow_keeps_its_buttons_and_gets_darker_links():
    scheme = contrast.scheme("#ffd400", "#ffd400")
    assert scheme.light["brand"] == "#ffd400"
    assert scheme.light["brand-ink"] == contrast.BLACK
    [links] = [one for one in scheme.corrections if one.use is Use.LINKS]
    assert (links.theme, links.before < 1.5, links.after >= TEXT) == (Theme.LIGHT, True, True)


def test_what_can_be_read_is_left_as_it_is():
    scheme = contrast.scheme("#23459b", "#21479f")
    assert scheme.light["brand"] == scheme.light["brand-line"] == "#23459b"
    assert scheme.light["link"] == "#21479f"
    assert {one.theme for one in scheme.corrections} == {Theme.DARK}
