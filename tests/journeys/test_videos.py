"""A film is watched: chapters and lines lead into it, and nobody else is asked before a press."""

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import assert_fine

pytestmark = pytest.mark.once


def time_of(page: Page) -> float:
    return float(page.locator("#film").evaluate("film => film.currentTime"))


def test_chapters_and_lines_lead_into_the_film(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{live.url}/kb/en/videos")
    page.get_by_role("link", name="Your first schedule").click()
    assert_fine(page)
    page.get_by_role("link", name="Move what it waits for").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#film').currentTime >= 13")
    assert time_of(page) < 18
    page.get_by_label("Search in what is said").fill("inspeccion")
    expect(page.get_by_text("Not said in this video")).to_be_visible()
    page.get_by_label("Search in what is said").fill("INSPECTION")
    lines = page.locator("[data-said] li:visible")
    expect(lines).to_have_count(1)
    lines.get_by_role("link").click()
    page.wait_for_function("document.querySelector('#film').currentTime >= 15")
    assert page.locator("track[default]").get_attribute("srclang") == "en"


def test_a_film_elsewhere_is_asked_for_nothing_before_a_press(live: Live, enter: EnterAs) -> None:
    page = enter(live, "lead@corbel.test")
    page.goto(f"{live.url}/videos/new")
    page.get_by_label("Where it is").select_option("youtube")
    page.get_by_label("Address or key there").fill("https://youtu.be/abcdefghij0")
    page.get_by_label("Title").first.fill("Elsewhere")
    page.get_by_label("Chapters").first.fill("0:12 Begin")
    page.get_by_label("Published").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto(f"{live.url}/kb/en/videos/elsewhere")  # no browser here may ask a foreign host
    assert_fine(page)
    expect(page.get_by_role("button", name="Play it from YouTube")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)
