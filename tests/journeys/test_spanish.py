"""The main path in Spanish, and no word of the pages' own in English."""

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.live import Live
from tests.journeys.acting import arrived, listens, message
from tests.journeys.conftest import EnterAs
from tests.journeys.spanish import es, leftovers

pytestmark = pytest.mark.once

FIELD, AGENT = "field@acme.test", "agent2@corbel.test"
SUBJECT = "La planificación está caída"


def assert_spanish(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "es")
    assert leftovers(page) == [], page.url


def test_main_path_in_spanish_on_both_sides(live: Live, enter: EnterAs) -> None:
    field = enter(live, FIELD)
    assert_spanish(field)
    number = reported(field)
    desk = enter(live, AGENT, f"/desk/{number}")
    in_spanish(desk)
    try:
        expect(desk.locator("#desk-head .state")).to_have_text(es("Open"))
        listens(desk)
        assert_spanish(desk)
        answered(desk)
        assert_spanish(desk)
        listens(field)
        expect(message(field, "Lo estamos mirando.")).to_have_count(1)
        expect(field.locator("#ticket-head .state")).to_have_text(es("Being worked on"))
        assert_spanish(field)
        solved(field, live)
        for path in ("/queue?view=all", f"/desk/{number}/resolution", "/notifications"):
            desk.goto(live.url + path)
            assert_spanish(desk)
    finally:
        in_english(desk, live)


def reported(field: Page) -> int:
    field.get_by_role("link", name=es("Report a problem")).first.click()
    field.get_by_role("button", name=es("Send report")).click()
    expect(field.locator(".error-summary")).to_contain_text(es("Tell us what happened."))
    assert_spanish(field)
    field.get_by_label(es("What is wrong?")).fill(SUBJECT)
    field.get_by_label(es("What happened?")).fill("Nadie puede abrir la planificación.")
    expect(field.get_by_role("radio", name="Sistema caído")).to_be_checked()
    expect(field.locator("#choices .promise__date")).to_contain_text("Business")
    assert_spanish(field)
    field.get_by_role("button", name=es("Send report")).click()
    number = arrived(field)
    expect(field.locator("#ticket-head .state")).to_have_text(es("With us"))
    expect(field.locator("#flashes")).to_contain_text(
        es("We have it. It is number #%(number)s.", number=number)
    )
    assert_spanish(field)
    return number


def in_spanish(page: Page) -> None:
    """By the switch in the page's head; it lasts."""
    page.locator("summary", has_text="Language and appearance").click()
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")


def in_english(page: Page, live: Live) -> None:
    page.goto(f"{live.url}/account")
    page.locator("summary", has_text=es("Language and appearance")).click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def answered(desk: Page) -> None:
    desk.locator("#composer-body").fill("Lo estamos mirando.")
    desk.get_by_role("button", name=es("Send"), exact=True).click()
    expect(desk.locator("#desk-leaving")).to_contain_text(es("Your reply leaves in"))
    expect(message(desk, "Lo estamos mirando.")).to_have_count(1)


def solved(field: Page, live: Live) -> None:
    field.get_by_role("button", name=es("This solved it")).click()
    expect(field.locator("#ticket-head .state")).to_have_text(es("Solved"))
    field.get_by_role("button", name=es("Open it again")).click()
    expect(field.locator("#ticket-head .state")).to_have_text(es("With us"))
    for path in ("/tickets", "/account", "/account/notifications", "/notifications", "/mailbox"):
        field.goto(live.url + path)
        assert_spanish(field)
