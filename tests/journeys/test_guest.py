"""Somebody without an account and without a script, and those whom it is no business of."""

import re

from playwright.sync_api import Page, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.acting import link_in_the_letter, message, report, sign_in
from tests.journeys.conftest import EnterAs

GUEST = "nora@elsewhere.test"
WORDS = "I can't sign in since my company was renamed."


def test_guest_writes_follows_the_link_and_replies_without_a_script(
    live: Live, open_page: OpenPage, enter: EnterAs
) -> None:
    guest = open_page(java_script_enabled=False)
    number = wrote(guest, live)
    lead = enter(live, "lead@corbel.test", "/mailbox")
    link = link_in_the_letter(lead, GUEST, f"#{number}", "requests")
    guest.goto(link)
    expect(guest.get_by_role("heading", level=1)).to_contain_text("I can't sign in")
    expect(guest.locator(".promise__date")).to_contain_text("We'll answer")
    guest.get_by_label("Write back").fill("It is Elsewhere Ltd now.")
    guest.get_by_role("button", name="Send", exact=True).click()
    expect(message(guest, "It is Elsewhere Ltd now.")).to_have_count(1)
    expect(guest.locator("#flashes")).to_contain_text("We have your message.")

    desk = enter(live, "agent2@corbel.test", f"/desk/{number}")
    expect(message(desk, "It is Elsewhere Ltd now.")).to_have_count(1)
    expect(desk.locator("#desk-side")).to_contain_text(GUEST)

    for stranger, site in (
        ("owner@birch.test", ""),
        ("owner@acme.test", ""),
        ("client@acme.test", "/b/acme"),
    ):
        refused(enter(live, stranger), f"{live.url}{site}/tickets/{number}", WORDS)
    refused(guest, forged(link), WORDS)


def forged(link: str) -> str:
    """Signed otherwise. Not in the last letter: two of its bits say nothing."""
    number, _, signature = link.rpartition(".")
    return f"{number}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def wrote(guest: Page, live: Live) -> int:
    """Half-filled it comes back with what was written; then it is promised and numbered."""
    guest.goto(f"{live.url}/contact")
    guest.get_by_label("How can we help?").fill(WORDS)
    guest.get_by_role("button", name="Send message").click()
    expect(guest.locator(".error-summary")).to_contain_text("Enter your name.")
    expect(guest.get_by_label("How can we help?")).to_have_value(WORDS)
    guest.get_by_label("Your name").fill("Nora Field")
    guest.get_by_label("Your e-mail address").fill(GUEST)
    guest.get_by_role("button", name="Send message").click()
    expect(guest.get_by_role("heading", level=1)).to_contain_text("We have your message")
    expect(guest.locator(".promise")).to_contain_text("We'll answer")
    found = re.search(r"#(\d+)", guest.locator(".lede").inner_text())
    assert found
    assert "/requests/" not in guest.content()  # the link goes to the address alone
    return int(found[1])


def refused(page: Page, address: str, secret: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404
    assert secret not in page.content()


def test_client_sees_own_tickets_and_nothing_of_the_company_or_the_desk(
    live: Live, enter: EnterAs, open_page: OpenPage
) -> None:
    owner = enter(live, "owner@acme.test")
    number = report(owner, live.url, "Margins of the Maple Street estimate")
    client = open_page()
    sign_in(client, live.url, "client@acme.test")
    expect(client.locator("main")).to_contain_text("Acme Homes client care")
    expect(client.locator("main")).not_to_contain_text("Business")
    client.get_by_role("link", name="This site does not work").click()
    expect(client.get_by_role("heading", level=1)).to_have_text("This site does not work")

    portal = f"{live.url}/b/acme"
    client.goto(f"{portal}/tickets")
    expect(client.get_by_role("heading", level=1)).to_have_text("My tickets")
    expect(client.locator("main")).not_to_contain_text("Margins of the Maple Street")
    own = (f"/tickets/{number}", f"/tickets/{number}/closure", f"/desk/{number}")
    for path in (*own, "/queue", "/policy", "/policy/simulator"):
        answer = client.goto(portal + path)
        assert answer is not None
        assert answer.status == 404, path
        client.goto(live.url + path)  # the platform knows nobody of a portal
        expect(client.get_by_role("heading", level=1)).to_have_text("Sign in")
