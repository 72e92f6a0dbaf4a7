"""The help on somebody else's page by its keys alone: asked, read, written to, and left."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.test_widget import host_of

pytestmark = pytest.mark.once

FAR = 80  # steps; the panel has half as many
NAME = """() => {
    const here = document.activeElement;
    const label = here?.labels?.[0]?.textContent ?? here?.getAttribute('aria-label');
    return (label || here?.textContent || '').trim().replace(/\\s+/g, ' ');
}"""


def reach(page: Page, place: Frame, name: str, *, key: str = "Tab") -> None:
    """Step by step, until what has the focus is called so."""
    met = []
    for _step in range(FAR):
        met.append(place.evaluate(NAME))
        if name in met[-1]:
            return
        page.keyboard.press(key)
    pytest.fail(f"{name!r} can't be reached past {met}")


def panel(page: Page) -> Frame:
    frame = page.locator("iframe[title=Help]").element_handle().content_frame()
    assert frame is not None
    expect(frame.locator("[data-view=home]")).to_be_visible()
    return frame


def until(page: Page, said: Callable[[], bool], key: str = "Tab") -> None:
    for _step in range(FAR):
        if said():
            return
        page.keyboard.press(key)
    pytest.fail("it can't be reached")


def test_asked_read_written_to_and_left(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{host_of(live)}/projects/482/schedule")
    expect(page.locator("[data-corbel]")).to_be_attached()
    on_help = "document.activeElement.hasAttribute('data-corbel')"
    until(page, lambda: page.evaluate(on_help))
    page.keyboard.press("Enter")
    help_ = panel(page)

    reach(page, help_, "Search")
    page.keyboard.type("crew", delay=20)
    first = help_.locator("#found a[data-article]").first
    expect(first).to_be_visible()
    reach(page, help_, first.inner_text().split("\n")[0])
    page.keyboard.press("Enter")
    expect(help_.locator("[data-view=article]")).to_be_visible()
    reach(page, help_, "Back", key="Shift+Tab")
    page.keyboard.press("Enter")

    reach(page, help_, "Write to us")
    page.keyboard.press("Enter")
    expect(help_.get_by_label("What is wrong?")).to_be_visible()
    reach(page, help_, "What is wrong?")
    page.keyboard.type("By keys alone")
    reach(page, help_, "What happened?")
    page.keyboard.type("Nothing was pointed at.")
    reach(page, help_, "Send")
    page.keyboard.press("Enter")
    expect(help_.get_by_text("We have it. It is number")).to_be_visible()
    reach(page, help_, "See it")
    page.keyboard.press("Enter")
    expect(help_.locator(".conversation")).to_contain_text("Nothing was pointed at.")
    reach(page, help_, "Write back")
    page.keyboard.type("One word more.")
    reach(page, help_, "Send")
    page.keyboard.press("Enter")
    expect(help_.locator(".conversation")).to_contain_text("One word more.")

    page.keyboard.press("Escape")
    expect(page.locator("[data-corbel] .panel")).to_be_hidden()
    assert page.evaluate(on_help)
