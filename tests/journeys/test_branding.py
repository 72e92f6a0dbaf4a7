"""A builder's look, made by hand in a browser and seen at the portal."""

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import NARROW, assert_fine

pytestmark = pytest.mark.once


def test_what_is_typed_is_seen_at_once_and_saved(
    live: Live, enter: EnterAs, open_page: OpenPage
) -> None:
    page = enter(live, "owner@cedar.test")
    page.goto(f"{live.url}/company/brand")
    page.get_by_label("Welcome, in English").fill("Under the cedars")
    page.locator("#primary").fill("#ffd400")
    preview = page.locator("#brand-preview")
    expect(preview.get_by_text("Under the cedars").first).to_be_visible()
    expect(preview.get_by_text("#ffd400 is only").first).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your portal and your letters look like this")).to_be_visible()
    page.goto(f"{live.url}/company/brand/versions")
    page.get_by_role("button", name="Go back to this").first.click()
    expect(page.get_by_text("is back")).to_be_visible()
    expect(page.locator("#primary")).to_have_value("#0d3b2e")


def test_a_domain_is_added_and_removed(live: Live, enter: EnterAs) -> None:
    page = enter(live, "owner@cedar.test", **NARROW)
    page.goto(f"{live.url}/company/domains")
    page.locator("#host").fill("support.cedar.example")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="support.cedar.example")).to_be_visible()
    assert_fine(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Remove").click()
    assert_fine(page)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("No domain of your own yet")).to_be_visible()


@pytest.mark.parametrize("slug", ["acme", "birch", "cedar"])
def test_every_portal_can_be_read(live: Live, open_page: OpenPage, slug: str) -> None:
    page = open_page(**NARROW)
    for path in ("", "contact", "help", "sign-in", "no/such/page"):
        page.goto(f"{live.url}/b/{slug}/{path}")
        assert_fine(page)
        assert "corbel" not in page.locator("body").inner_text().lower()
