"""What was said in a ticket becomes an idea, or a thread once whoever asked has agreed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.live import Live
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import NARROW, assert_fine, assert_fine_at_any_width

pytestmark = pytest.mark.once
HANDLES_CSP = {"bypass_csp": True}


def ask(page: Page, root: str, subject: str, words: str) -> int:
    page.goto(f"{root}/tickets/new?module=scheduling")
    page.get_by_label("What is wrong?").fill(subject)
    page.get_by_label("What happened?").fill(words)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile(r"/tickets/\d+"))
    return int(re.search(r"/tickets/(\d+)", page.url)[1])  # type: ignore[index]


def test_a_ticket_that_is_a_wish(live: Live, enter: EnterAs) -> None:
    pm = enter(live, "pm@acme.test")
    wish = "I would like a view of all lookahead plans of 5 sites. Ask jo.wray@acme.test."
    number = ask(pm, live.url, "Lookahead of all sites at once", wish)
    agent = enter(live, "agent1@corbel.test", f"/desk/{number}", **HANDLES_CSP)
    agent.locator("#desk-more summary").click()
    agent.get_by_role("link", name="Make it an idea…").click()
    expect(agent.get_by_label("What should be possible?")).not_to_have_value(re.compile("jo.wray"))
    assert_fine_at_any_width(agent)
    agent.get_by_label("What should be possible?").fill("Write to jo.wray@acme.test")
    agent.get_by_role("button", name="Make it an idea and tell them").click()
    expect(agent.get_by_text("some of it looks private")).to_be_visible()
    assert_fine(agent)
    agent.get_by_label("What should be possible?").fill("See all lookahead plans on one page.")
    agent.get_by_role("button", name="Make it an idea and tell them").click()
    expect(agent.get_by_text("Their vote is counted.")).to_be_visible()
    expect(agent.get_by_text(re.compile("It is an idea now")).first).to_be_visible()
    pm.goto(f"{live.url}/tickets/{number}")
    expect(pm.get_by_text(re.compile("It is an idea now")).first).to_be_visible()
    link = pm.locator("#ticket-conversation a[href*='/ideas/']")
    expect(link).to_be_visible(timeout=30_000)
    link.click()
    expect(pm.get_by_role("heading", name="Lookahead of all sites at once")).to_be_visible()
    expect(pm.get_by_text("Your company wants it.")).to_be_visible()


def test_an_answer_is_published_once_they_agree(live: Live, enter: EnterAs) -> None:
    pm = enter(live, "pm@acme.test", **NARROW)
    words = "The weekly lookahead prints on 9 pages. Tell Jo Wray at +1 415 555 0134."
    number = ask(pm, live.url, "Lookahead prints on nine pages", words)
    agent = enter(live, "agent1@corbel.test", f"/desk/{number}", **HANDLES_CSP)
    agent.locator("#composer-body").fill("Choose *Fit to page* in the print dialog.")
    agent.get_by_role("button", name="Send", exact=True).click()
    undo = agent.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    expect(undo).not_to_be_visible(timeout=25_000)
    agent.goto(f"{live.url}/desk/{number}/thread")
    expect(agent.get_by_label("Words of the question")).to_have_value(
        re.compile(r"\[phone number\]")
    )
    assert_fine_at_any_width(agent)
    agent.get_by_role("button", name="Ask whether we may publish it").click()
    expect(agent.get_by_text("has not answered yet")).to_be_visible()
    assert_fine_at_any_width(agent)
    pm.goto(f"{live.url}/tickets/{number}")
    assert_fine(pm)
    pm.get_by_role("link", name="Look and decide").click()
    assert_fine(pm)
    expect(pm.get_by_text("555 0134")).not_to_be_visible()
    pm.get_by_text("Yes, publish it like this").click()
    pm.get_by_role("button", name="Send the answer").click()
    expect(pm.get_by_text("We will publish it, without your name.")).to_be_visible()
    agent.reload()
    assert_fine(agent)
    agent.get_by_role("button", name="Publish it", exact=True).click()
    expect(agent.get_by_role("heading", name="Lookahead prints on nine pages")).to_be_visible()
    address = agent.url
    pm.goto(f"{live.url}/tickets/{number}/publication")
    expect(pm.get_by_role("heading", name="Others read this in the forum")).to_be_visible()
    assert_fine(pm)
    pm.get_by_role("button", name="Take my consent back").click()
    expect(pm.get_by_text("it goes from the forum now")).to_be_visible()
    pm.wait_for_timeout(3_000)
    pm.goto(address)
    expect(pm.get_by_text("Fit to page")).not_to_be_visible()
