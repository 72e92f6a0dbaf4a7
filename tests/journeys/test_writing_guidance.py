"""Screens, words and first steps as their editors work on them: by keyboard, and with mistakes."""

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.live import Live
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import NARROW, assert_fine_at_any_width

pytestmark = pytest.mark.once


def expect_focus(page: Page, name: str) -> None:
    expect(
        page.locator(f"button[value='{name}']" if ":" in name else f"[id='{name}']")
    ).to_be_focused()


def press(page: Page, do: str) -> None:
    page.locator(f"button[value='{do}']").focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/guidance/screens/new", {"title-en": "W" * 300, "patterns": "/a/**b/{"}),
        ("/guidance/screens/new", {"title-en": "Mine", "page_key": "scheduling.board"}),
        ("/guidance/terms/new", {"key": "estimating.markup", "term-es": "W" * 300}),
        ("/guidance/orientations/new", {"title-0-en": "W" * 300, "target-0": "no key"}),
    ],
)
def test_mistakes_are_named_and_the_page_stays_fine(
    live: Live, enter: EnterAs, path: str, wrong: dict[str, str]
) -> None:
    page = enter(live, "lead@corbel.test", path, **NARROW)
    for field, text in wrong.items():
        page.fill(f"[id='{field}']", text)
    page.get_by_role("button", name="Save", exact=True).click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    said = summary.locator("a").all_inner_texts()
    assert len(set(said)) == len(said), "each says which field it is about"
    assert_fine_at_any_width(page)


def test_the_focus_goes_along_with_what_is_moved(live: Live, enter: EnterAs) -> None:
    page = enter(live, "lead@corbel.test", "/guidance")
    page.get_by_role("link", name="Schedule of a project").click()
    last = page.locator(".pinned li").nth(2).inner_text()
    press(page, "up-article:2")
    expect_focus(page, "up-article:1")
    page.keyboard.press("Enter")
    expect_focus(page, "down-article:0")  # at the top it can go down alone
    assert page.locator(".pinned li").first.inner_text() == last
    pinned = page.locator("button[value^='remove-article:']")
    left = pinned.count() - 1
    press(page, "remove-article:0")
    expect(pinned).to_have_count(left)  # the next has the same name, and would be pressed for it
    expect_focus(page, "remove-article:0")
    press(page, "remove-video:0")
    expect_focus(page, "find")
    page.fill("#find", "schedule")
    page.keyboard.press("Enter")
    page.locator("button[value^='pin-video']").first.press("Enter")
    expect(page.locator("#find")).to_have_value("")
    expect_focus(page, "find")


def test_steps_are_written_and_moved_by_keyboard(live: Live, enter: EnterAs) -> None:
    page = enter(live, "lead@corbel.test", "/guidance/orientations/new")
    page.fill("#title-0-en", "First")
    press(page, "add-step")
    expect_focus(page, "title-1-en")
    page.keyboard.type("Second")
    press(page, "up-step:1")
    expect_focus(page, "down-step:0")
    expect(page.locator("#title-0-en")).to_have_value("Second")
    press(page, "remove-step:1")
    expect_focus(page, "remove-step:0")


def test_a_screen_moved_in_the_list_is_where_tab_goes_on(live: Live, enter: EnterAs) -> None:
    page = enter(live, "lead@corbel.test", "/guidance")
    rows = page.locator("tbody tr")
    name = rows.nth(3).locator("a").inner_text()
    for place in (2, 3):
        button = page.get_by_role("button", name=f"{'Up' if place == 2 else 'Down'}: {name}")
        with page.expect_navigation():
            button.press("Enter")
        expect(rows.nth(place).locator("a")).to_have_text(name)
        page.keyboard.press("Tab")
        expect(rows.nth(place).locator("a")).to_be_focused()
