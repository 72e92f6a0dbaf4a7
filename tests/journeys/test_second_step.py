"""An agent's second step at sign-in: set up, asked for, and what helps without the telephone. In
Spanish, by somebody who is invited for it: whoever turns it on is signed out everywhere else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pyotp import TOTP

from portal.foundation.clock import utcnow
from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.conftest import EnterAs
from tests.journeys.inviting import PASSWORD, invite, link_for
from tests.journeys.looks import NARROW, assert_fine_at_any_width
from tests.journeys.spanish import es, leftovers

pytestmark = pytest.mark.once

ADDRESS, NAME = "nora@corbel.test", "Nora Vidal"
WRONG = "This code is not right, or it was used already. Wait for the next one."
NEXT = timedelta(seconds=30)


@pytest.fixture
def nora(live: Live, enter: EnterAs, open_page: OpenPage) -> Iterator[Page]:
    """Signed in for the first time, and gone again when the test is over."""
    admin = enter(live, "admin@corbel.test", "/staff/people")
    invite(admin, ADDRESS, "Support agent", language="es")
    page = open_page(locale="es", **NARROW)
    page.goto(link_for(enter, live, ADDRESS, es("You are invited")))
    page.get_by_label(es("Your name")).fill(NAME)
    page.get_by_label(es("Password")).fill(PASSWORD)
    press(page, "Accept and go in")
    yield page
    admin.goto(f"{live.url}/staff/people")
    admin.get_by_role("link", name=NAME).click()
    admin.get_by_role("link", name="Remove this person").click()
    admin.get_by_role("button", name="Remove").click()
    expect(admin.get_by_text(f"{NAME} is removed and signed out.")).to_be_visible()


def test_the_second_step(live: Live, nora: Page) -> None:
    app, codes = turned_on(nora, live)

    signs_in(nora, live)
    gives(nora, app.at(utcnow() + timedelta(hours=1)))
    expect(nora.locator(".error-summary")).to_contain_text(es(WRONG))
    looks_fine(nora)
    gives(nora, app.at(utcnow() + NEXT))  # one later than that by which it was turned on
    is_in(nora)

    signs_in(nora, live)
    gives(nora, codes[0])
    is_in(nora)
    signs_in(nora, live)
    gives(nora, codes[0])
    expect(nora.locator(".error-summary")).to_contain_text(es(WRONG))
    gives(nora, codes[1])
    is_in(nora)
    nora.goto(f"{live.url}/account/two-factor")
    expect(nora.locator("main")).to_contain_text(f"{len(codes) - 2} códigos de recuperación")
    looks_fine(nora)
    for code in codes:
        assert code not in nora.content()


def turned_on(page: Page, live: Live) -> tuple[TOTP, list[str]]:
    """From the account page; the key is what the picture says as well."""
    page.goto(f"{live.url}/account")
    page.get_by_role("link", name=es("Second step at sign-in")).click()
    looks_fine(page)
    press(page, "Set it up")
    expect(page.get_by_alt_text(es("QR code for your authenticator app"))).to_be_visible()
    looks_fine(page)
    app = TOTP(page.locator(".key-text").inner_text().replace(" ", ""))
    page.get_by_label(es("Code")).fill(app.now())
    press(page, "Turn it on")
    expect(page.get_by_role("heading", level=1)).to_have_text(es("Your recovery codes"))
    looks_fine(page)
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == len(set(codes)) == 10
    page.get_by_role("link", name=es("I have kept them")).click()
    return app, codes


def signs_in(page: Page, live: Live) -> None:
    """Out first, then with the password: the code is asked for."""
    page.goto(f"{live.url}/account")
    page.locator("summary", has_text=NAME).click()
    press(page, "Sign out")
    page.get_by_label(es("E-mail address")).fill(ADDRESS)
    page.get_by_label(es("Password")).fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name=es("Sign in"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(es("Your code"))
    page.goto(f"{live.url}/queue")
    expect(page.get_by_role("heading", level=1)).to_have_text(es("Sign in"))  # not in by half
    page.goto(f"{live.url}/sign-in/code")
    looks_fine(page)


def gives(page: Page, code: str) -> None:
    page.get_by_label(es("Code")).fill(code)
    press(page, "Go on")


def is_in(page: Page) -> None:
    expect(page.locator("summary", has_text=NAME)).to_be_visible()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=es(name)).click()


def looks_fine(page: Page) -> None:
    assert_fine_at_any_width(page)
    assert leftovers(page) == [], page.url
