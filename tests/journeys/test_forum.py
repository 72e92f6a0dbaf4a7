"""A question in the forum, from its first word to the one who finds the answer."""

import base64
import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.acting import assert_not_reloaded, mark
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import WIDE_SCREEN, assert_fine, assert_fine_at_any_width
from tests.journeys.test_writing_articles import PASTE

pytestmark = [pytest.mark.once, pytest.mark.timeout(600)]
ASKER, HELPER, STAFF = "pm@acme.test", "owner@birch.test", "agent1@corbel.test"
ANSWER = "The crane’s, if the task says so: zebra calendar."
OPENING = "Like a site hut with coffee."
TITLE = "Which calendar counts the days of a crane?"


def picture() -> str:
    made = io.BytesIO()
    Image.new("RGB", (320, 120), "navy").save(made, "PNG")
    return base64.b64encode(made.getvalue()).decode()


def asked(page: Page, live: Live) -> str:
    page.goto(f"{live.url}/forum/new")
    page.get_by_label("Category").select_option("scheduling")
    page.get_by_label("Title").fill("weather days schedule")
    expect(page.locator("#similar")).to_contain_text("weather days from pushing")
    assert_fine_at_any_width(page)
    page.get_by_label("Title").fill(TITLE)
    body = page.locator("#thread-body")
    body.fill("The crane has a calendar of its own.\n\n")
    body.focus()
    page.evaluate(PASTE, ["#thread-body", picture()])
    page.wait_for_function(
        "document.querySelector('#thread-body').value.includes('(/attachments/')"
    )
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#thread-preview img")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    return page.url


def test_a_question_finds_its_answer_and_the_next_one_finds_both(
    live: Live, enter: EnterAs, open_page: OpenPage
) -> None:
    asker = enter(live, ASKER, viewport=WIDE_SCREEN, bypass_csp=True)
    address = asked(asker, live)
    assert_fine_at_any_width(asker)

    helper = enter(live, HELPER, viewport=WIDE_SCREEN, bypass_csp=True)
    helper.goto(address)
    expect(helper.locator(".post--first img")).to_be_visible()
    mark(helper)
    helper.get_by_role("button", name="Useful").first.click()
    expect(helper.locator(".post--first").get_by_role("button", name="Useful")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert_not_reloaded(helper)
    helper.get_by_label("Your reply").fill(ANSWER)
    expect(helper.locator("[data-draft-state]")).to_contain_text("Draft saved")
    helper.reload()
    expect(helper.get_by_label("Your reply")).to_have_value(ANSWER)
    helper.get_by_role("button", name="Reply", exact=True).click()
    expect(helper.locator("#r-1")).to_contain_text("zebra calendar")

    asker.reload()
    asker.locator("#r-1").get_by_role("link", name="Quote").click()
    expect(asker.get_by_label("Your reply")).to_have_value(
        "> **Bo Lindgren:**\n> The crane’s, if the task says so: zebra calendar.\n\n"
    )
    asker.get_by_label("Your reply").press_sequentially("That was it.")
    asker.keyboard.press("Control+Enter")
    expect(asker.locator("#r-2 blockquote")).to_contain_text("zebra")
    asker.locator("#r-1").get_by_role("button", name="This is the answer").click()
    expect(asker.locator("#r-1")).to_contain_text("This helped who asked")

    staff = enter(live, STAFF, viewport=WIDE_SCREEN, bypass_csp=True)
    staff.goto(address)
    staff.locator("#r-1").get_by_role("button", name="Verify").click()
    expect(staff.locator("#r-1")).to_contain_text("Verified answer, by Ana Torres")
    staff.locator("#r-2").get_by_role("link", name="Edit").click()
    assert_fine_at_any_width(staff)
    staff.locator("#text-body").fill("That was it, thank you.")
    staff.get_by_role("button", name="Save").click()
    staff.locator("#r-2").get_by_role("link", name="Edited").click()
    expect(staff.locator("main")).to_contain_text("That was it.")
    assert_fine(staff)
    staff.go_back()
    staff.locator("#r-2").get_by_role("link", name="Remove").click()
    assert_fine(staff)
    staff.get_by_label("Why it goes").fill("Says nothing new")
    staff.get_by_role("button", name="Take it away").click()
    expect(staff.locator("#r-2")).to_contain_text("Says nothing new")

    visitor = open_page(viewport=WIDE_SCREEN)
    visitor.goto(f"{live.url}/search?q=zebra+crane")
    visitor.get_by_role("link", name=TITLE).click()
    expect(visitor.locator("#r-1")).to_contain_text("Verified answer")
    expect(visitor.locator("#r-2")).to_contain_text("Taken away by Ana Torres")
    expect(visitor.locator("#r-2")).not_to_contain_text("That was it")
    expect(visitor.locator(".post--first img")).to_be_visible()


def test_without_a_script_too(live: Live, enter: EnterAs) -> None:
    page = enter(live, ASKER, java_script_enabled=False)
    page.goto(f"{live.url}/forum/new")
    page.get_by_text("Discussion", exact=True).click()
    page.get_by_label("Category").select_option("settings")
    page.get_by_label("Title").fill("How this forum works for us")
    page.locator("#thread-body").fill(OPENING)
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("main")).to_contain_text("Welcome: how this forum works")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="How this forum works for us")).to_be_visible()
    page.locator("#answer-body").fill("And with biscuits.")
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.locator("#r-1")).to_contain_text("biscuits")
    page.locator(".post--first").get_by_role("link", name="Quote").click()
    expect(page.locator("#answer-body")).to_have_value(
        "> **Paul Mercer:**\n> Like a site hut with coffee.\n\n"
    )


def test_clients_read_it_at_the_portal_as_long_as_their_builder_lets_them(
    live: Live, enter: EnterAs, open_page: OpenPage
) -> None:
    thread = "How do you keep weather days from pushing the whole schedule?"
    client = enter(live, "client@acme.test", "/b/acme/", viewport=WIDE_SCREEN, bypass_csp=True)
    into = client.get_by_role("navigation", name="Main").get_by_role("link", name="Forum")
    into.click()
    assert_fine_at_any_width(client)
    client.get_by_label("Search the forum").fill("weather days schedule")
    client.get_by_role("button", name="Search").click()
    client.get_by_role("link", name=thread).click()
    expect(client.get_by_role("heading", name=thread, level=1)).to_be_visible()
    assert "/b/acme/forum/1002/" in client.url
    assert_fine_at_any_width(client)
    expect(client.locator("main form, main button")).to_have_count(0)

    owner = enter(live, "owner@acme.test", "/company/community", viewport=WIDE_SCREEN)
    shown = owner.get_by_label("Let our clients and vendors read the community at our portal")
    shown.uncheck()
    owner.get_by_role("button", name="Save").click()
    expect(owner.get_by_text("Saved. It holds from now on.")).to_be_visible()
    answer = client.reload()
    assert answer is not None
    assert answer.status == 404
    expect(into).to_have_count(0)
    visitor = open_page()
    answer = visitor.goto(f"{live.url}/b/acme/forum")
    assert answer is not None
    assert answer.status == 404

    shown.check()
    owner.get_by_role("button", name="Save").click()
    expect(owner.get_by_text("Saved. It holds from now on.")).to_be_visible()
    visitor.reload()
    expect(visitor.get_by_role("heading", name="Forum", level=1)).to_be_visible()
    client.goto(f"{live.url}/b/acme/")
    expect(into).to_be_visible()
