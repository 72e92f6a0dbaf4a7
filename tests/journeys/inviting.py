"""Inviting somebody, and coming in by the letter."""

from playwright.sync_api import Page, expect

from tests.fixtures.live import Live
from tests.journeys.acting import link_in_the_letter
from tests.journeys.conftest import EnterAs

PASSWORD = "a long enough pass phrase"


def invite(page: Page, address: str, role: str, language: str = "en") -> None:
    """From the page of people."""
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Role").select_option(label=role)
    page.get_by_label("Language of the letter").select_option(language)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(f"An invitation is on its way to {address}.")).to_be_visible()


def link_for(enter: EnterAs, live: Live, address: str, title: str = "You are invited") -> str:
    """As the letter says it."""
    mailbox = enter(live, "lead@corbel.test", "/mailbox")
    return link_in_the_letter(mailbox, address, title, "invitations")
