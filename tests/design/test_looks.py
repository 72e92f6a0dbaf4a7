"""Seen by a browser: readable, reachable, within the window, in both themes."""

import pytest

from tests.design.table import PATHS
from tests.fixtures.browser import OpenPage, violations

THEMES = ("light", "dark")
SMALLEST_TARGET = 24

OVERFLOWING = """() => [...document.querySelectorAll('body *')]
  .filter(node => node.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .filter(node => !node.closest('.table-scroll, .table-wrap, pre, thead'))
  .filter(node => !node.closest('.visually-hidden, .skip-link'))
  .map(node => node.outerHTML.slice(0, 90))"""

SMALL = """smallest => [...document.querySelectorAll('a, button, input, select, summary, textarea')]
  .filter(node => node.checkVisibility())
  .filter(node => !node.closest('p, .prose, .visually-hidden, .skip-link'))
  .filter(node => getComputedStyle(node).position !== 'absolute')
  .filter(node => !node.closest('label, .composer__file, .message__at, .message__foot'))
  .filter(node => getComputedStyle(node, '::after').position !== 'absolute')
  .map(node => [node.getBoundingClientRect(), node])
  .filter(([box]) => box.width && (box.height < smallest - 0.5 || box.width < smallest - 0.5))
  .filter(([, node]) => !node.matches('.check input, .card-choice input'))
  .map(([box, node]) => `${box.width}x${box.height} ${node.outerHTML.slice(0, 90)}`)"""


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(
    open_page: OpenPage, address: str, path: str, width: int, theme: str
) -> None:
    page = open_page(
        viewport={"width": width, "height": 800},
        color_scheme=theme,
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page.goto(address + path)
    assert violations(page) == []


@pytest.mark.parametrize("path", PATHS)
def test_nothing_sticks_out_at_320_pixels(open_page: OpenPage, address: str, path: str) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(OVERFLOWING) == []


@pytest.mark.parametrize("path", PATHS)
def test_targets_can_be_hit(open_page: OpenPage, address: str, path: str) -> None:
    page = open_page(viewport={"width": 1280, "height": 800})
    page.goto(address + path)
    assert page.evaluate(SMALL, SMALLEST_TARGET) == []


def test_buttons_are_a_finger_wide_on_touch(open_page: OpenPage, address: str) -> None:
    page = open_page(viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    page.goto(f"{address}/page/sign-in")
    box = page.get_by_role("button", name="Sign in", exact=True).bounding_box()
    assert box
    assert box["height"] >= 44


def test_reader_can_choose_a_theme_and_keeps_it(open_page: OpenPage, address: str) -> None:
    page = open_page(color_scheme="light")
    page.goto(f"{address}/page/home")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.locator("summary", has_text="Language").click()
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(paper)
    page.reload()
    assert dark != light
    assert page.evaluate(paper) == dark
    page.locator("summary", has_text="Language").click()
    page.get_by_role("button", name="Auto").click()
    assert page.evaluate(paper) == light


def test_icons_load_under_the_policy(open_page: OpenPage, address: str) -> None:
    page = open_page()
    with page.expect_response("**/icons.svg*") as answer:
        page.goto(f"{address}/page/home")
    assert answer.value.ok
    assert page.locator(".brand__mark").bounding_box()


def test_page_reads_without_script(open_page: OpenPage, address: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{address}/page/conversation")
    assert page.get_by_text("41 min left").or_(page.get_by_text("40 min left")).is_visible()
    assert page.get_by_role("button", name="Send").is_enabled()
    assert not page.get_by_role("button", name="Preview").is_visible()


def test_nothing_moves_for_who_wants_it_still(open_page: OpenPage, address: str) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto(f"{address}/gallery")
    style = "getComputedStyle(document.querySelector('.skeleton'))"
    assert page.evaluate(f"{style}.animationName") == "none"


def test_paper_prints_dark_on_white(open_page: OpenPage, address: str) -> None:
    page = open_page(color_scheme="dark")
    page.goto(f"{address}/page/conversation")
    page.emulate_media(media="print")
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert ink == "rgb(20, 35, 63)"
    assert not page.locator(".site-footer").is_visible()
