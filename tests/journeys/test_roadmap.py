"""The roadmap: moved by hand and by keyboard, published after a look, and shown on another site."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.acting import assert_not_reloaded, mark
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import WIDE_SCREEN, assert_fine, assert_fine_at_any_width

pytestmark = [pytest.mark.once, pytest.mark.timeout(600)]
ADMIN, AGENT = "admin@corbel.test", "agent1@corbel.test"
TITLE = "Cranes in the calendar"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_said: object) -> None:
        """The test says what went wrong."""


@pytest.fixture
def elsewhere(tmp_path: Path, live: Live) -> Iterator[str]:
    """A marketing site of somebody's, with the script on its page."""
    line = f'<script src="{live.url}/roadmap/embed.js" data-theme="dark" async></script>'
    (tmp_path / "index.html").write_text(f"<!doctype html><title>Site</title><h1>Us</h1>{line}")
    handler = partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def card(page: Page, stage: str, title: str = TITLE):
    return page.locator(f".roadmap-column--{stage} [data-card]").filter(has_text=title)


def written(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/roadmap/board/new")
    page.get_by_label("Title in English").fill(TITLE)
    page.get_by_label("Description in English").fill("Who has **which** when")
    page.get_by_role("button", name="Preview (English)").click()
    expect(page.locator("#preview-en strong")).to_have_text("which")
    page.get_by_label("Find an idea").fill("Weather")
    expect(page.locator("#found")).to_contain_text("Weather days move the schedule")
    assert_fine_at_any_width(page)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.locator(".page-head")).to_contain_text("Internal")
    assert_fine(page)


def test_an_item_from_its_first_word_to_another_site(
    live: Live, enter: EnterAs, open_page: OpenPage, elsewhere: str
) -> None:
    admin = enter(live, ADMIN, bypass_csp=True)
    written(admin, live)
    admin.set_viewport_size({**WIDE_SCREEN, "height": 2400})
    visitor = open_page(viewport=WIDE_SCREEN)
    visitor.goto(f"{live.url}/roadmap")
    expect(visitor.locator("#roadmap")).not_to_contain_text(TITLE)

    admin.goto(f"{live.url}/roadmap/board")
    mark(admin)
    handle = card(admin, "planned").get_by_role("button", name=f"Move “{TITLE}”")
    handle.focus()
    admin.keyboard.press("ArrowRight")
    expect(card(admin, "in_progress")).to_be_visible()
    expect(admin.locator("#board-said")).to_contain_text(f"Moved: {TITLE} is number")
    focused = admin.evaluate("document.activeElement.getAttribute('aria-label')")
    assert TITLE in focused
    assert_not_reloaded(admin)

    start = card(admin, "in_progress").locator("[data-handle]").bounding_box()
    end = admin.locator(".roadmap-column--planned [data-card]").first.bounding_box()
    assert start
    assert end
    admin.mouse.move(start["x"] + 8, start["y"] + 8)
    admin.mouse.down()
    admin.mouse.move(end["x"] + 60, end["y"] + 6, steps=8)
    admin.mouse.up()
    expect(card(admin, "planned")).to_be_visible()
    expect(admin.locator(".roadmap-column--planned [data-card]").first).to_contain_text(TITLE)
    assert_fine(admin)

    admin.get_by_role("link", name=TITLE).click()
    admin.get_by_role("link", name="Make it public").click()
    assert_fine_at_any_width(admin)
    admin.get_by_role("button", name="Make it public").click()
    expect(admin.locator(".page-head")).not_to_contain_text("Internal")
    admin.get_by_role("link", name="Remove", exact=True).click()
    assert_fine(admin)

    visitor.goto(f"{live.url}/roadmap")
    visitor.get_by_role("link", name=TITLE).click()
    expect(visitor.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    assert_fine(visitor)

    visitor.goto(elsewhere)
    frame = visitor.frame_locator("iframe")
    expect(frame.get_by_role("link", name=TITLE)).to_be_visible()
    expect(visitor.locator("iframe")).not_to_have_css("height", "600px")


def test_two_at_the_board_lose_nothing(live: Live, enter: EnterAs) -> None:
    first, second = (enter(live, ADMIN, viewport=WIDE_SCREEN, bypass_csp=True) for _ in "ab")
    title = "The phone app without a connection"
    for page in (first, second):
        page.goto(f"{live.url}/roadmap/board")
    for page in (first, second):
        there = card(page, "in_progress", title)
        there.locator("summary").click()
        there.get_by_label("Stage").select_option("planned")
        there.get_by_role("button", name="Move it").click()
        if page is first:
            expect(card(page, "planned", title)).to_be_visible()
    alert = second.get_by_role("alert")
    expect(alert).to_contain_text("Somebody else has changed this item meanwhile")
    expect(card(second, "planned", title)).to_be_visible()
    assert_fine(second)


def test_staff_read_the_board(live: Live, enter: EnterAs) -> None:
    agent = enter(live, AGENT, viewport=WIDE_SCREEN, bypass_csp=True)
    agent.goto(f"{live.url}/roadmap/board")
    expect(agent.locator("main")).to_contain_text("Estimating add-on: prices by volume")
    expect(agent.locator("[data-handle]")).to_have_count(0)
    assert_fine_at_any_width(agent)
