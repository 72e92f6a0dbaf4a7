"""Ideas go to the tracker of those who build: connected, tried, sent, in trouble, and in step."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.live import Live
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import assert_fine, assert_fine_at_any_width
from tests.support.http_receiver import Answer
from tests.support.trackers import ACCOUNT, TOKEN, StandInJira, text_of

pytestmark = [pytest.mark.once, pytest.mark.timeout(300)]
ADMIN, LEAD = "admin@corbel.test", "lead@corbel.test"
SOON = 30_000  # milliseconds until worker and clock have been round


@pytest.fixture
def jira() -> Iterator[StandInJira]:
    with StandInJira() as running:
        yield running


def test_an_idea_reaches_those_who_build(live: Live, enter: EnterAs, jira: StandInJira) -> None:
    admin = enter(live, ADMIN)
    connected(admin, live, jira)

    lead = enter(live, LEAD)
    lead.goto(f"{live.url}/ideas/1001")
    title = lead.get_by_role("heading", level=1).inner_text()
    lead.get_by_role("button", name="Send it to Jira").click()
    there(lead, "In step")
    expect(lead.get_by_role("link", name="ENG-1")).to_have_attribute(
        "href", f"{jira.url}/browse/ENG-1"
    )
    assert_fine_at_any_width(lead)
    (issue,) = jira.issues.values()
    assert issue["summary"] == title
    assert "/ideas/1001" in text_of(issue["description"])

    jira.fail("PUT /rest/api/3/issue", Answer(400, '{"errors": {"summary": "Too plain."}}'))
    lead.get_by_role("button", name="Bring it up to date").click()
    there(lead, "Failed")
    lead.get_by_text("What it said").click()
    expect(lead.get_by_text("Too plain.")).to_be_visible()
    assert_fine_at_any_width(lead)

    admin.goto(f"{live.url}/staff/backlog")
    expect(admin.get_by_role("link", name=title)).to_be_visible()
    assert_fine_at_any_width(admin)
    admin.get_by_role("button", name="Try all of them again").click()
    expect(admin.get_by_text("1 idea is on its way.")).to_be_visible()
    lead.goto(f"{live.url}/ideas/1001")
    there(lead, "In step")

    admin.goto(f"{live.url}/staff/backlog/removal")
    assert_fine_at_any_width(admin)
    admin.get_by_role("button", name="Disconnect it").click()
    expect(admin.get_by_text("No tracker is connected")).to_be_visible()


def connected(admin: Page, live: Live, jira: StandInJira) -> None:
    admin.goto(f"{live.url}/administration")
    admin.get_by_role("link", name="Backlog").click()
    admin.get_by_role("link", name="Connect Jira").click()
    admin.get_by_label("Address of your Jira").fill(jira.url)
    admin.get_by_label("E-mail address of the account").fill(ACCOUNT)
    admin.get_by_label("API token").fill(TOKEN)
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_role("link", name="Enter the key, such as ENG")).to_be_visible()
    expect(admin.get_by_label("Address of your Jira")).to_have_value(jira.url)
    assert_fine(admin)
    admin.get_by_label("Key of the project").fill("eng")
    admin.get_by_label("API token").fill(TOKEN)
    admin.get_by_role("button", name="Save").click()
    admin.get_by_role("button", name="Test the connection").click()
    expect(admin.get_by_text("We are Corbel Bot there")).to_be_visible()
    assert_fine_at_any_width(admin)


def there(page: Page, state: str) -> None:
    """The page looks again by itself until the tracker has been told."""
    told = page.locator(".panel").filter(has=page.get_by_role("heading", name="Jira"))
    expect(told.get_by_text(state, exact=True)).to_be_visible(timeout=SOON)
