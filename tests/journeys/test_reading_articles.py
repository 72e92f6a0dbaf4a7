"""An article as it is read: by eye, by keyboard, on a phone, on paper, in the other language."""

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import NARROW, WIDE_SCREEN, assert_fine, assert_fine_at_any_width
from tests.journeys.spanish import es, leftovers

pytestmark = pytest.mark.once

COPYING = {"permissions": ["clipboard-read", "clipboard-write"], "bypass_csp": True}
CLIPBOARD = "navigator.clipboard.readText()"
SEEN = "node => node.checkVisibility({contentVisibilityAuto: true})"


def open_wide(open_page: OpenPage, address: str) -> Page:
    page = open_page(viewport=WIDE_SCREEN, **COPYING)
    page.goto(address)
    return page


def test_the_table_of_contents_follows_and_sections_have_addresses(
    live: Live, open_page: OpenPage
) -> None:
    page = open_wide(open_page, f"{live.url}/kb/en/link-tasks")
    contents = page.get_by_role("navigation", name="On this page")
    here = contents.locator("[aria-current]")
    expect(here).to_have_text("Make a link")
    page.locator("#days-in-between").scroll_into_view_if_needed()
    page.mouse.wheel(0, 500)
    expect(here).not_to_have_text("Make a link")
    contents.get_by_role("link", name="The critical path").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live.url}/kb/en/link-tasks#the-critical-path")
    expect(here).to_have_text("The critical path")
    expect(page.get_by_role("heading", name="The four kinds", exact=True)).to_be_visible()
    name = "Copy the link to this section: The four kinds"
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    assert page.evaluate(CLIPBOARD) == f"{live.url}/kb/en/link-tasks#the-four-kinds"
    assert_fine_at_any_width(page)


def test_pictures_are_enlarged_and_closed_by_keyboard(live: Live, open_page: OpenPage) -> None:
    page = open_wide(open_page, f"{live.url}/kb/en/link-tasks")
    picture = page.locator("#article-body img")
    picture.scroll_into_view_if_needed()
    picture.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Picture")
    expect(dialog).to_contain_text("the circle to drag from")
    assert_fine(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(picture).to_be_focused()


def test_code_is_copied_and_tabs_are_chosen(live: Live, enter: EnterAs) -> None:
    page = enter(live, "owner@acme.test", viewport=WIDE_SCREEN, **COPYING)
    page.goto(f"{live.url}/kb/en/webhooks")
    code = page.locator("#article-body pre:visible").first
    page.get_by_role("button", name="Copy the code").first.click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    copied, written = page.evaluate(CLIPBOARD), code.text_content() or ""
    assert copied.strip() == written.strip()
    tabs = page.get_by_role("tab")
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    expect(tabs.nth(1)).to_be_focused()
    assert_fine_at_any_width(page)


def test_the_film_is_beside_what_it_shows(live: Live, open_page: OpenPage) -> None:
    page = open_wide(open_page, f"{live.url}/kb/es/armar-cronograma")
    page.get_by_role("link", name="Tu primer cronograma").click()
    expect(page).to_have_url(f"{live.url}/kb/es/videos/first-schedule")
    assert page.locator("track[default]").get_attribute("srclang") == "es"
    expect(page.get_by_role("link", name="Mover lo que espera")).to_be_visible()


def test_it_did_not_help_with_a_reason_and_back(live: Live, open_page: OpenPage) -> None:
    page = open_wide(open_page, f"{live.url}/kb/en/weather-days")
    opinion = page.get_by_role("region", name="Did this help?")
    opinion.get_by_role("button", name="No").focus()
    page.keyboard.press("Enter")
    expect(opinion.get_by_role("heading", name="What was wrong with it?")).to_be_focused()
    assert_fine_at_any_width(page)
    opinion.get_by_label("Something is missing").check()
    opinion.get_by_label("What would have helped?").fill("Snow.")
    opinion.get_by_role("button", name="Send").click()
    expect(opinion.get_by_text("Thank you. Whoever looks after this")).to_be_visible()
    page.reload()
    expect(opinion.get_by_text("Thank you. Whoever looks after this")).to_be_visible()
    contact = opinion.get_by_role("link", name="Write to us for an answer")
    assert "url=" in str(contact.get_attribute("href"))
    opinion.get_by_role("button", name="I have changed my mind").click()
    expect(opinion.get_by_role("heading", name="Did this help?")).to_be_visible()
    opinion.get_by_role("button", name="Yes").click()
    expect(opinion.get_by_text("Good to know that it helped")).to_be_visible()


def test_one_article_leads_to_the_next(live: Live, open_page: OpenPage) -> None:
    page = open_wide(open_page, f"{live.url}/kb/en/link-tasks")
    turning = page.get_by_role("navigation", name="Next to this article")
    turning.get_by_role("link", name="Assign crews").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Assign crews")
    turning.get_by_role("link", name="Link tasks").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Link tasks")
    page.get_by_role("region", name="Related articles").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Link tasks")


def test_the_other_language_is_one_press_away(live: Live, open_page: OpenPage) -> None:
    page = open_page(**NARROW, locale="es")
    page.goto(f"{live.url}/kb/en/link-tasks")
    page.locator(".reading__facts").get_by_role("link", name="Español").click()
    expect(page).to_have_url(f"{live.url}/kb/es/enlazar-tareas")
    assert_fine(page)
    assert leftovers(page) == []
    page.get_by_text(es("On this page")).first.click()
    page.locator(".contents-folded a").last.click()
    expect(page.locator(".contents-folded")).not_to_have_attribute("open", "")


def test_what_is_only_in_another_language_says_so(live: Live, enter: EnterAs) -> None:
    page = enter(live, "owner@acme.test", **NARROW)
    page.goto(f"{live.url}/kb/es/export-your-data")
    expect(page.get_by_text(es("This article is not translated yet."))).to_be_visible()
    expect(page.locator("article[lang=en]")).to_contain_text("Export all your data")
    assert_fine(page)


def test_on_paper_nothing_is_folded_and_no_button_is_left(live: Live, open_page: OpenPage) -> None:
    page = open_wide(open_page, f"{live.url}/kb/en/link-tasks")
    folded = page.locator("#article-body details > :not(summary)").first
    assert not folded.evaluate(SEEN)
    page.emulate_media(media="print")
    assert folded.evaluate(SEEN)
    for gone in (".site-head", ".opinion", ".turning", ".reading__contents", ".related", "button"):
        assert page.locator(f"{gone}:visible").count() == 0, gone
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
