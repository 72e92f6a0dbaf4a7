"""An article instead of a ticket, an article out of a ticket, and what editors see of both."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.background import create_background
from portal.config import Settings
from portal.core.audience import Audience, gates
from portal.core.permissions import Actor, Role
from portal.foundation.clock import utcnow
from portal.foundation.runtime import runtime_of
from portal.foundation.tenancy import PLATFORM, see
from portal.kb.service import drafting, publishing
from portal.kb.service.drafting import Placing, Text
from portal.search import service as search
from portal.search.documents import Document
from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.fixtures.processes import environment
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import NARROW, assert_fine

pytestmark = pytest.mark.once
TITLE = "Move a scaffold on the crane board"
BODY = "1. Open **Schedule**.\n2. Drag the scaffold to another crane.\n\nNothing else is needed."


@pytest.fixture(scope="package")
def shelved(live: Live) -> None:
    """Published for everybody, portals too; found as soon as the index has it."""
    roles = ["client"]
    own = environment({"DATA": str(live.data), **live.settings})
    app = create_background(Settings.from_env(own))
    with app.app_context(), runtime_of(app).writers.begin() as session:
        see(session, PLATFORM)
        by = Actor(Role.MANAGER, name="Lead")
        placing = Placing(module_tag="scheduling", role_tags=roles)
        draft = drafting.begin(
            session, placing, "en", Text("", TITLE, "", BODY), by=by, at=utcnow()
        )
        article = publishing.publish(session, draft, by=by, at=utcnow())
        document = Document(
            kind="article",
            object_id=article.id,
            language="en",
            title=TITLE,
            path=f"/kb/en/{article.slug}",
            slug=article.slug,
            gates=gates(Audience.PUBLIC, roles),
            module="scheduling",
            body=BODY,
        )
        search.put(session, document, at=utcnow())


def begin(page: Page, root: str) -> None:
    page.goto(f"{root}/tickets/new?module=scheduling")
    page.get_by_label("What is wrong?").fill("How to move a scaffold on the crane board")
    page.get_by_label("What happened?").fill("I can't drag it.")


def unfold(page: Page) -> None:
    expect(page.get_by_text("Perhaps this answers it")).to_be_visible(timeout=15_000)
    page.locator("#suggested summary", has_text=TITLE).click()
    expect(page.get_by_text("Drag the scaffold to another crane.", exact=True)).to_be_visible()


def test_an_article_is_enough_and_is_not(shelved: None, live: Live, enter: EnterAs) -> None:
    page = enter(live, "pm@acme.test", **NARROW)
    begin(page, live.url)
    unfold(page)
    assert_fine(page)
    page.get_by_label("What happened?").press_sequentially(" It jumps back.")
    page.wait_for_timeout(1500)
    expect(page.get_by_text("Drag the scaffold to another crane.", exact=True)).to_be_visible()
    page.get_by_role("button", name="This solved it").click()
    expect(page.get_by_role("heading", name="Good that it is solved")).to_be_visible()
    assert_fine(page)
    page.get_by_role("button", name="It did not: go on with my report").click()
    expect(page.get_by_label("What happened?")).to_have_value("I can't drag it. It jumps back.")
    assert "/tickets/new?" in page.url
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_text("We have it. It is number")).to_be_visible()


def test_without_a_script_and_without_an_account(
    shelved: None, live: Live, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{live.url}/contact")
    page.get_by_label("How can we help?").fill("How to move a scaffold on the crane board?")
    page.get_by_role("button", name="Look for articles that may help").click()
    page.locator("#suggested summary", has_text=TITLE).click()
    expect(page.get_by_text("Drag the scaffold to another crane.", exact=True)).to_be_visible()
    page.get_by_role("button", name="This solved it").click()
    expect(page.get_by_role("heading", name="Good that it is solved")).to_be_visible()
    page.get_by_role("button", name="It did not: go on with my report").click()
    expect(page.get_by_label("How can we help?")).to_have_value(re.compile("crane board"))


def test_an_article_is_made_of_an_answer(shelved: None, live: Live, enter: EnterAs) -> None:
    asking = enter(live, "pm@acme.test")
    begin(asking, live.url)
    asking.get_by_role("button", name="Send report").click()
    asking.wait_for_url(re.compile(r"/tickets/\d+"))
    number = re.search(r"/tickets/(\d+)", asking.url)[1]  # type: ignore[index]
    page = enter(live, "agent1@corbel.test")
    page.goto(f"{live.url}/desk/{number}")
    page.locator("#side-articles").get_by_role("button", name=f"Insert link {TITLE}").click()
    body = page.locator("#composer-body")
    expect(body).to_have_value(re.compile(r"\[Move a scaffold on the crane board\]\(http"))
    page.keyboard.press("Escape")
    body.fill("Hello Mr. Mercer,\n\npress **Unlock**. It costs $300, call +1 415 555 0134.")
    page.get_by_role("button", name="Send", exact=True).click()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    expect(undo).not_to_be_visible(timeout=25_000)
    page.goto(f"{live.url}/desk/{number}/article")
    assert_fine(page)
    expect(page.get_by_label("Words of the answer")).to_have_value(re.compile(r"\[amount\]"))
    page.get_by_label("$300").uncheck()
    expect(page.get_by_label("Words of the answer")).to_have_value(re.compile(r"\$300"))
    page.get_by_role("button", name="Make the draft").click()
    page.wait_for_url(re.compile(r"/articles/[0-9a-f-]{36}"))
    page.goto(f"{live.url}/desk/{number}")
    expect(page.get_by_text("Began an article from this").first).to_be_visible()


def test_what_readers_miss(live: Live, enter: EnterAs, open_page: OpenPage) -> None:
    seeking = open_page()
    seeking.goto(f"{live.url}/search?q=zeppelin+mooring")
    seeking.wait_for_timeout(1500)
    page = enter(live, "agent1@corbel.test", **NARROW)
    page.goto(f"{live.url}/articles/gaps?kind=nothing_found")
    expect(page.get_by_role("link", name="zeppelin mooring")).to_be_visible()
    assert_fine(page)
    page.get_by_role("link", name="zeppelin mooring").click()
    assert_fine(page)
    page.get_by_label("Why").fill("We have no zeppelins")
    page.get_by_role("button", name="Dismiss it").click()
    expect(page.get_by_text("Set aside: Dismissed")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It is in the list again")).to_be_visible()
    page.goto(f"{live.url}/articles/gaps?kind=nothing_found")
    expect(page.get_by_role("link", name="zeppelin mooring")).to_be_visible()
