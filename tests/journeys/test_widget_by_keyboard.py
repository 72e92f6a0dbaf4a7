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


def step(page: Page, arrived: Callable[[], bool], key: str = "Tab") -> bool:
    """Until one has arrived; whether that ever was."""
    for _step in range(FAR):
        if arrived():
            return True
        page.keyboard.press(key)
    return False


def reach(page: Page, place: Frame, name: str, *, key: str = "Tab") -> None:
    """Whatever has the focus then is called so."""
    met: list[str] = []

    def is_there() -> bool:
        met.append(place.evaluate(NAME))
        return name in met[-1]

    assert step(page, is_there, key), f"{name!r} can't be reached past {met}"


def press(page: Page, place: Frame, name: str, *, key: str = "Tab") -> None:
    reach(page, place, name, key=key)
    page.keyboard.press("Enter")


def fill(page: Page, place: Frame, label: str, words: str) -> None:
    reach(page, place, label)
    page.keyboard.type(words)


def panel(page: Page) -> Frame:
    frame = page.locator("iframe[title=Help]").element_handle().content_frame()
    assert frame is not None
    expect(frame.locator("[data-view=home]")).to_be_visible()
    return frame


def test_asked_read_written_to_and_left(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{host_of(live)}/projects/482/schedule")
    expect(page.locator("[data-corbel]")).to_be_attached()
    # first steps may have come meanwhile, and are in the same shade
    in_shade = "document.querySelector('[data-corbel]').shadowRoot.activeElement?.textContent"
    on_help = f"{in_shade} === '?'"
    assert step(page, lambda: page.evaluate(on_help))
    page.keyboard.press("Enter")
    help_ = panel(page)

    fill(page, help_, "Search", "crew")
    first = help_.locator("#found a[data-article]").first
    expect(first).to_be_visible()
    press(page, help_, first.inner_text().split("\n")[0])
    expect(help_.locator("[data-view=article]")).to_be_visible()
    press(page, help_, "Back", key="Shift+Tab")

    press(page, help_, "Write to us")
    expect(help_.get_by_label("What is wrong?")).to_be_visible()
    fill(page, help_, "What is wrong?", "By keys alone")
    fill(page, help_, "What happened?", "Nothing was pointed at.")
    press(page, help_, "Send")
    expect(help_.get_by_text("We have it. It is number")).to_be_visible()
    press(page, help_, "See it")
    expect(help_.locator(".conversation")).to_contain_text("Nothing was pointed at.")
    fill(page, help_, "Write back", "One word more.")
    press(page, help_, "Send")
    expect(help_.locator(".conversation")).to_contain_text("One word more.")

    page.keyboard.press("Escape")
    expect(page.locator("[data-corbel] .panel")).to_be_hidden()
    assert page.evaluate(on_help)
