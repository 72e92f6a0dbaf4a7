"""Whom somebody invites reads a letter, follows its link once, and is in: at the company, and as a
client at its portal."""

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.conftest import EnterAs
from tests.journeys.inviting import PASSWORD, invite, link_for
from tests.journeys.looks import NARROW, assert_fine_at_any_width
from tests.journeys.spanish import es, leftovers

pytestmark = pytest.mark.once

OWNER, PEOPLE = "owner@cedar.test", "/company/people"


def test_a_colleague_comes_in_by_the_letter(
    live: Live, enter: EnterAs, open_page: OpenPage
) -> None:
    owner, address = enter(live, OWNER, PEOPLE, **NARROW), "rosa@cedar.test"
    invite(owner, address, "Project manager")
    expect(owner.locator("section", has=owner.locator("#waiting"))).to_contain_text(address)
    assert_fine_at_any_width(owner)
    link = link_for(enter, live, address)

    rosa = open_page(**NARROW)
    rosa.goto(link)
    expect(rosa.get_by_role("heading", level=1)).to_have_text("You are invited")
    assert_fine_at_any_width(rosa)
    rosa.get_by_label("Your name").fill("Rosa Lima")
    rosa.get_by_label("Password").fill("rosa")
    accept(rosa, "Accept and go in")
    expect(rosa.locator(".error-summary")).to_be_visible()
    assert_fine_at_any_width(rosa)
    rosa.get_by_label("Password").fill(PASSWORD)
    accept(rosa, "Accept and go in")
    expect(rosa.get_by_role("heading", level=1)).to_be_visible()
    rosa.goto(f"{live.url}/account")
    expect(rosa.locator("main")).to_contain_text("Project manager, Cedar Group")

    other = open_page(**NARROW)
    other.goto(link)
    is_told_that_it_is_gone(other)
    owner.reload()
    expect(owner.get_by_role("link", name="Rosa Lima")).to_be_visible()
    expect(owner.get_by_text("Nobody is waiting")).to_be_visible()


def test_an_invitation_that_is_taken_back_opens_nothing(
    live: Live, enter: EnterAs, open_page: OpenPage
) -> None:
    """Not even to whom looks at it already."""
    owner, address = enter(live, OWNER, PEOPLE), "tom@cedar.test"
    invite(owner, address, "Field crew")
    tom = open_page(**NARROW)
    tom.goto(link_for(enter, live, address))
    tom.get_by_label("Your name").fill("Tom Ash")
    tom.get_by_label("Password").fill(PASSWORD)
    owner.locator("li", has_text=address).get_by_role("button", name="Take back").click()
    expect(owner.get_by_text(f"The invitation of {address} works no more.")).to_be_visible()
    accept(tom, "Accept and go in")
    is_told_that_it_is_gone(tom)
    tom.goto(f"{live.url}/account")
    expect(tom.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_client_comes_to_the_portal_and_meets_the_builder_alone(
    live: Live, enter: EnterAs, open_page: OpenPage
) -> None:
    owner, address = enter(live, OWNER, PEOPLE), "lucia@example.test"
    invite(owner, address, "Client", language="es")
    link = link_for(enter, live, address, es("You are invited"))
    lucia = open_page(locale="es", **NARROW)
    lucia.goto(link)
    is_the_builders(lucia)
    assert_fine_at_any_width(lucia)
    lucia.get_by_label(es("Your name")).fill("Lucía Paz")
    lucia.get_by_label(es("Password")).fill(PASSWORD)
    accept(lucia, es("Accept and go in"))
    expect(lucia.get_by_role("link", name=es("My tickets")).first).to_be_visible()
    is_the_builders(lucia)
    assert_fine_at_any_width(lucia)
    lucia.goto(link)
    expect(lucia.get_by_role("heading", level=1)).to_have_text(es("This link no longer works"))
    is_the_builders(lucia)


def accept(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def is_told_that_it_is_gone(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    assert_fine_at_any_width(page)


def is_the_builders(page: Page) -> None:
    """In Spanish, and with no word of the platform's."""
    assert leftovers(page) == [], page.url
    assert "corbel" not in page.locator("body").inner_text().lower()
