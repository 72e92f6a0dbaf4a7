"""A client, a vendor, their builder's office and the platform's agent, each in a browser of theirs:
what is asked at the portal, answered at the office, passed up, and comes back down."""

import re

from playwright.sync_api import Page, expect

from tests.fixtures.live import Live
from tests.journeys.acting import (
    answer,
    assert_not_reloaded,
    assert_nothing_twice,
    listens,
    mark,
    message,
    number_of,
    send,
    write_back,
)
from tests.journeys.conftest import EnterAs

PORTAL = "/b/acme"
SUBJECT = "The handover papers do not open"
SECRET = "Apartment 14, door code 3391"
WORDS = f"The page stays white when I press on them. {SECRET}."
OURS = "We see the same here and have passed it on."
INSIDE = "The renderer ran out of memory; restarting it."
WHY = "It opened again after a restart."


def test_what_is_the_platforms_goes_up_and_comes_back_in_the_builders_words(
    live: Live, enter: EnterAs
) -> None:
    client = enter(live, "client@acme.test", f"{PORTAL}/")
    vendor = enter(live, "vendor@acme.test", f"{PORTAL}/")
    office = enter(live, "owner@acme.test", "/company/desk")
    agent = enter(live, "agent1@corbel.test", "/queue?view=all")
    listens(office)
    mark(office)

    number = asked(client)
    appears_at_the_office(office, number)
    answered_by_the_office(office, client)
    above = passed_up(office, number)
    worked_on_by_the_platform(agent, live, above)
    goes_down_by_itself(client, office)
    for page in (client, vendor):
        meets_nothing_of_the_platform(page, live, number, above)


def asked(client: Page) -> int:
    """The portal bears the builder's name; the form says by when the builder answers."""
    expect(client.get_by_role("link", name="Acme Homes").first).to_be_visible()
    expect(client.locator(".contact-card")).to_contain_text("+1 555 0100")
    client.get_by_role("link", name="This site does not work").click()
    client.get_by_label("What is wrong?").fill(SUBJECT)
    client.get_by_label("What happened?").fill(WORDS)
    expect(client.locator("#choices .promise")).to_contain_text(re.compile("We'll answer by"))
    return send(client)


def appears_at_the_office(office: Page, number: int) -> None:
    """Without a reload."""
    row = office.locator(".rows li", has_text=SUBJECT)
    expect(row).to_contain_text(f"#{number}")
    assert_not_reloaded(office)
    assert_nothing_twice(office)
    row.get_by_role("link", name=SUBJECT).click()
    expect(office.get_by_role("heading", level=1)).to_contain_text(SUBJECT)
    listens(office)
    listens_too = office.locator("#office-side")
    expect(listens_too).to_contain_text("Nobody yet")


def answered_by_the_office(office: Page, client: Page) -> None:
    """It leaves after the time for second thoughts; whoever answered has it from then on."""
    listens(client)
    office.locator("#composer-body").fill(OURS)
    office.get_by_role("button", name="Send", exact=True).click()
    expect(message(office, OURS)).to_be_visible()
    expect(message(client, OURS)).to_be_visible()
    expect(office.locator("#hand-to option:checked")).to_contain_text("Olive Archer")


def passed_up(office: Page, number: int) -> int:
    """The admin changes what is nobody's business, reads what will go, and sends it."""
    office.get_by_role("link", name="Pass up to the platform…").click()
    office.wait_for_url(f"**/company/desk/{number}/escalation")
    opening = office.locator("#piece-opening")
    opening.get_by_label("Change first").check()
    changed = opening.get_by_label("What goes up instead")
    changed.fill("The page stays white when they press on the papers.")
    office.get_by_label("What you add").fill("Only since this morning.")
    office.get_by_label("Tell them by itself").check()
    office.get_by_role("button", name="Show what they will read").click()
    preview = office.locator("#passing-preview")
    expect(preview).to_contain_text("Only since this morning.")
    assert SECRET not in preview.inner_text()
    office.get_by_role("button", name="Pass it up").click()
    office.wait_for_url(f"**/company/desk/{number}")
    link = office.locator("#office-side a[href^='/tickets/']").first
    return int((link.get_attribute("href") or "").rpartition("/")[2])


def worked_on_by_the_platform(agent: Page, live: Live, above: int) -> None:
    expect(agent.locator(f"#row-{above}")).to_contain_text(SUBJECT)
    agent.goto(f"{live.url}/desk/{above}")
    side = agent.locator("#desk-side")
    expect(side).to_contain_text("Olive Archer asks for somebody at their own desk.")
    assert SECRET not in agent.content()
    assert "Clara" not in agent.content()
    answer(agent, INSIDE)
    agent.goto(f"{live.url}/desk/{above}/resolution")
    agent.get_by_label("What came of it").fill(WHY)
    agent.get_by_role("button", name="Solve", exact=True).click()
    agent.wait_for_url(f"**/desk/{above}")


def goes_down_by_itself(client: Page, office: Page) -> None:
    """In the builder's name; the office sees what the platform said, and the client does not."""
    expect(message(client, "This should work again now.")).to_be_visible()
    expect(office.locator("#office-side")).to_contain_text("Settled by the platform")
    write_back(client, "It does, thank you.")
    expect(message(office, "It does, thank you.")).to_be_visible()


def meets_nothing_of_the_platform(page: Page, live: Live, number: int, above: int) -> None:
    for path in ("/", "/tickets", "/notifications", "/help", "/account"):
        page.goto(f"{live.url}{PORTAL}{path}")
        said = page.content()
        for hidden in (INSIDE, WHY, "Corbel", f"#{above}"):
            assert hidden not in said, (path, hidden)
    refused = page.goto(f"{live.url}{PORTAL}/tickets/{above}")
    assert refused is not None
    assert refused.status == 404
    assert number_of(page) == above != number


def test_the_office_calls_back_what_it_passed_up(live: Live, enter: EnterAs) -> None:
    client = enter(live, "client@acme.test", f"{PORTAL}/tickets/new")
    client.get_by_label("What is wrong?").fill("The photos are grey")
    client.get_by_label("What happened?").fill("All of them.")
    number = send(client)
    office = enter(live, "owner@acme.test", f"/company/desk/{number}/escalation")
    office.get_by_role("button", name="Pass it up").click()
    office.get_by_role("link", name="Call it back…").click()
    office.get_by_role("button", name="Call it back").click()
    expect(office.locator("main")).to_contain_text("Say why; the other side reads it.")
    office.get_by_label("Why").fill("It was our own setting.")
    office.get_by_role("button", name="Call it back").click()
    expect(office.locator("#office-side")).to_contain_text("Called back")
    expect(office.locator("#office-side")).to_contain_text("It was our own setting.")
