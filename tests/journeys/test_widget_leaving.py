"""A page that goes away while something is on its way from the panel, a session that ends under
it, and a server that does not answer."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Route, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.test_widget import host_of, press, sign_in_as

pytestmark = pytest.mark.once
ASKED = "How can we help?"


def guest_at(live: Live, page: Page, path: str) -> FrameLocator:
    page.goto(f"{host_of(live)}{path}")
    sign_in_as(page, "guest")
    frame = press(page)
    form(frame)
    return frame


def form(frame: FrameLocator) -> None:
    frame.get_by_role("link", name="Write to us").click()
    expect(frame.locator("#contact")).to_be_visible()


def send(frame: FrameLocator, words: str) -> None:
    for label, text in (("Your name", "Ana"), ("Your e-mail address", "ana@example.com")):
        frame.get_by_label(label).fill(text)
    frame.get_by_label(ASKED).fill(words)
    frame.get_by_role("button", name="Send", exact=True).click()


def held(context: BrowserContext, pattern: str) -> list[Route]:
    """Requests that are on their way until somebody says what becomes of them."""
    routes: list[Route] = []
    context.route(pattern, lambda route: routes.append(route))
    return routes


def until(page: Page, is_so: Callable[[], Any]) -> None:
    for _try in range(200):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came")


def test_a_guest_who_leaves_finds_nothing_unsent_that_was_sent(
    live: Live, open_page: OpenPage
) -> None:
    page = open_page()
    frame = guest_at(live, page, "/welcome")
    routes = held(page.context, "**/widget/contact")
    send(frame, "Who has the keys on Friday?")
    until(page, lambda: routes)
    assert routes[0].fetch().status == 200  # it is there, and the answer on its way
    page.goto(f"{host_of(live)}/invoices")
    page.context.unroute("**/widget/contact")
    frame = press(page)
    form(frame)
    expect(frame.get_by_text("What you wrote before was sent.")).to_be_visible()
    expect(frame.get_by_label(ASKED)).to_have_value("")
    frame.get_by_role("link", name="My tickets").click()
    expect(frame.get_by_text("Who has the keys on Friday?")).to_have_count(1)


def test_a_guest_who_leaves_finds_again_what_did_not_arrive(live: Live, browser: Browser) -> None:
    """Past the fixture that fails on complaints: here the script has to complain."""
    with browser.new_context() as context:
        page = context.new_page()
        frame = guest_at(live, page, "/welcome")
        routes = held(context, "**/widget/contact")
        send(frame, "Is the crane paid for?")
        until(page, lambda: routes)
        routes[0].abort()
        page.goto(f"{host_of(live)}/invoices")
        context.unroute("**/widget/contact")
        frame = press(page)
        form(frame)
        expect(frame.get_by_label(ASKED)).to_have_value("Is the crane paid for?")


def test_who_is_signed_out_of_the_page_is_told_and_loses_nothing(
    live: Live, open_page: OpenPage
) -> None:
    """In the middle of a report nobody becomes a guest."""
    page = open_page()
    page.goto(f"{host_of(live)}/projects/482/schedule")
    frame = press(page)
    form(frame)
    frame.get_by_label("What is wrong?").fill("It stopped")
    page.context.route("**/help-token", lambda route: route.fulfill(status=204))
    inside = next(one for one in page.frames if "/widget/panel" in one.url)
    inside.evaluate("() => { const later = Date.now() + 9e5; Date.now = () => later; }")
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.locator("#problem")).to_contain_text("You are signed out of this page.")
    expect(frame.get_by_label("What is wrong?")).to_have_value("It stopped")
    page.context.unroute("**/help-token")
    frame.get_by_label("What happened?").fill("Since today.")
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.get_by_text("We have it. It is number")).to_be_visible()


def test_a_server_that_does_not_answer_is_said_and_asked_again(
    live: Live, browser: Browser
) -> None:
    """Past the fixture that fails on complaints: here the browser has to complain."""
    with browser.new_context() as context:
        page = context.new_page()
        context.route("**/widget/panel?*", lambda route: route.abort())
        page.goto(f"{host_of(live)}/projects/482/schedule")
        help_ = page.locator("[data-corbel]")
        help_.get_by_role("button", name="Help").click()
        expect(help_.get_by_role("alert")).to_contain_text("The help can’t be reached just now.")
        context.unroute("**/widget/panel?*")
        help_.get_by_role("button", name="Try again").click()
        frame = page.frame_locator("iframe[title=Help]")
        expect(frame.locator("[data-view=home]")).to_be_visible()
        expect(help_.get_by_role("alert")).to_have_count(0)
        context.route("**/widget/session", lambda route: route.abort())
        page.reload()
        help_.get_by_role("button", name="Help").click()
        expect(frame.locator("#problem")).to_contain_text("The help can’t be reached just now.")
        context.unroute("**/widget/session")
        frame.get_by_role("button", name="Try again").click()
        expect(frame.locator("[data-view=home]")).to_be_visible()
