"""A note of what is new, from its first words to its readers and away from them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import NARROW, assert_fine

pytestmark = [pytest.mark.once, pytest.mark.timeout(300)]


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def badge(page: Page) -> str:
    found = page.locator("nav.site-nav a[href='/whats-new'] .count")
    return re.sub(r"\D", "", found.inner_text()) if found.count() else ""


def test_a_note_is_written_published_read_and_withdrawn(
    live: Live, enter: EnterAs, open_page: OpenPage
) -> None:
    reader = enter(live, "pm@acme.test", "/forum", **NARROW)
    before = int(badge(reader) or 0)

    writer = enter(live, "lead@corbel.test", "/whats-new/notes/new", **NARROW)
    english, spanish = (writer.locator(".news-side").nth(place) for place in (0, 1))
    english.get_by_label("Title").fill("A journey of ours")
    spanish.get_by_label("Title").fill("Un viaje nuestro")
    english.get_by_label("What has changed").fill("# First\n\nIt is **there**.")
    english.locator(".news-preview summary").click()
    expect(writer.locator("#preview-en strong")).to_have_text("there")
    writer.get_by_label("Find ideas").fill("Gantt chart as a PDF")
    found = writer.locator("#ideas-found").get_by_label("Gantt chart")
    expect(found).to_be_visible()
    expect(writer.locator("[data-draft-state]")).to_contain_text("Draft saved")
    with writer.expect_response(lambda answer: 'name="ideas"' in str(answer.request.post_data)):
        found.check()
    writer.reload()  # nothing of it is lost
    expect(english.get_by_label("Title")).to_have_value("A journey of ours")
    expect(writer.get_by_label("Gantt chart")).to_be_checked()
    assert_fine(writer)
    press(writer, "Save and go on to publishing")
    assert_fine(writer)
    note = writer.url.removesuffix("/publication")
    writer.goto(note)
    assert_fine(writer)
    writer.goto(f"{note}/preview?lang=es")
    expect(writer.get_by_role("heading", level=1)).to_have_text("Un viaje nuestro")
    assert_fine(writer)

    stranger = open_page(**NARROW)
    stranger.goto(f"{live.url}/whats-new")
    expect(stranger.get_by_text("A journey of ours")).to_have_count(0)
    writer.goto(f"{note}/publication")
    press(writer, "Publish now")
    public = writer.url
    stranger.reload()
    stranger.get_by_role("link", name="A journey of ours").click()
    expect(stranger.get_by_role("link", name="Gantt chart as a PDF")).to_be_visible()
    assert_fine(stranger)
    for _wait in range(20):  # it is asked for again after some seconds
        if badge(reader) == str(before + 1):
            break
        reader.wait_for_timeout(1_000)
        reader.reload()
    assert badge(reader) == str(before + 1)
    reader.goto(public)
    assert badge(reader) == ""

    writer.goto(note)
    writer.get_by_role("link", name="Withdraw…").click()
    assert_fine(writer)
    press(writer, "Withdraw")
    gone = stranger.goto(public)
    assert gone is not None
    assert gone.status == 404
