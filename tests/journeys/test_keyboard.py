"""An agent's day without a mouse: every key does what the help says, and focus is never lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.live import Live
from tests.fixtures.processes import eventually
from tests.journeys.acting import (
    assert_not_reloaded,
    assert_nothing_twice,
    listens,
    mark,
    message,
    report,
)
from tests.journeys.conftest import EnterAs

pytestmark = pytest.mark.once

AGENT = "agent3@corbel.test"
WHERE = """() => {
    const node = document.activeElement;
    const box = node.getBoundingClientRect();
    const ringed = (one) => {
        const style = getComputedStyle(one);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    };
    let around = node;
    while (around !== document.body && !ringed(around)) around = around.parentElement;
    return {
        id: node.id,
        what: node.outerHTML.slice(0, 100),
        lost: node === document.body,
        on_screen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
        ringed: around !== document.body,
    };
}"""


def assert_focus_is_seen(page: Page) -> str:
    """The id of what has the focus: something on the screen that says so, once it has scrolled."""
    page.wait_for_load_state()
    eventually(lambda: page.evaluate(WHERE)["on_screen"])
    where = page.evaluate(WHERE)
    assert not where["lost"]
    assert where["ringed"], where["what"]
    return str(where["id"])


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Tab until the control of this name has the focus."""
    wanted = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first
    for _ in range(most):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        press(page, "Tab")
    raise AssertionError(f"{name!r} can't be reached by Tab")


def test_queue_and_ticket_by_keys_alone(live: Live, enter: EnterAs) -> None:
    owner = enter(live, "owner@birch.test")
    number = report(owner, live.url, "By keys alone")
    desk = enter(live, AGENT, "/queue")
    walk_the_queue(desk)
    open_the_ticket(desk, number)
    take_and_note(desk)
    reply_and_undo(desk)
    press(desk, "g", "a")
    desk.wait_for_url("**/queue")


def walk_the_queue(desk: Page) -> None:
    press(desk, "Tab")
    expect(desk.get_by_role("link", name="Skip to content")).to_be_focused()
    assert_focus_is_seen(desk)
    press(desk, "?")
    help_dialog = desk.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_dialog).to_be_visible()
    press(desk, "Escape")
    expect(help_dialog).to_be_hidden()
    expect(desk.get_by_role("link", name="Skip to content")).to_be_focused()
    press(desk, "g", "a")
    expect(desk.get_by_role("heading", level=1)).to_have_text("All")
    rows = desk.locator("[data-row]")
    press(desk, "j")
    expect(rows.nth(0)).to_be_focused()
    press(desk, "j")
    expect(rows.nth(1)).to_be_focused()
    press(desk, "k")
    expect(rows.nth(0)).to_be_focused()
    assert_focus_is_seen(desk)


def open_the_ticket(desk: Page, number: int) -> None:
    rows = desk.locator("[data-row]")
    for _ in range(rows.count()):
        if desk.evaluate("document.activeElement.id") == f"open-{number}":
            break
        press(desk, "j")
    press(desk, "Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("By keys alone")
    mark(desk)


def take_and_note(desk: Page) -> None:
    press(desk, "t")
    expect(desk.locator("#desk-head")).to_contain_text("Chen Wei")
    expect(desk.locator("#do-take")).to_have_count(0)
    assert_nothing_twice(desk)
    press(desk, "n")
    expect(desk.locator("#composer-body")).to_be_focused()
    desk.keyboard.type("Looked at it by keyboard.")
    tab_to(desk, "Keep note")
    press(desk, "Enter")
    expect(message(desk, "Looked at it by keyboard.")).to_be_visible()
    expect(desk.locator("#composer-body")).to_have_value("")
    expect(desk.locator("#composer-area")).to_be_focused()  # its button is gone


def reply_and_undo(desk: Page) -> None:
    press(desk, "r")
    expect(desk.locator("#composer-body")).to_be_focused()
    desk.keyboard.type("Sent by keyboard.")
    press(desk, "Control+Enter")
    expect(desk.locator("#desk-leaving")).to_contain_text("Your reply leaves in")
    assert_focus_is_seen(desk)
    assert_not_reloaded(desk)
    press(desk, "Escape", "z")  # out of the editor, so that single keys are commands again
    expect(desk.locator("#flashes")).to_contain_text("Taken back")
    expect(desk.locator("#composer-body")).to_have_value("Sent by keyboard.")


def test_focus_stays_where_it_is_when_the_list_updates_itself(live: Live, enter: EnterAs) -> None:
    desk = enter(live, AGENT, "/queue?view=all")
    listens(desk)
    mark(desk)
    press(desk, "j", "j")
    before = assert_focus_is_seen(desk)
    number = report(enter(live, "owner@birch.test"), live.url, "Came in between")
    expect(desk.locator(f"#row-{number}")).to_be_visible()
    assert assert_focus_is_seen(desk) == before
    assert_not_reloaded(desk)


def test_customer_reports_with_tab_and_enter_alone(live: Live, enter: EnterAs) -> None:
    page = enter(live, "owner@birch.test")
    tab_to(page, "Report a problem")
    assert_focus_is_seen(page)
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Report a problem")
    page.get_by_label("What is wrong?").focus()
    page.keyboard.type("Without a mouse")
    press(page, "Tab")
    expect(page.get_by_label("What happened?")).to_be_focused()
    page.keyboard.type("The printer is slow.")
    tab_to(page, "Send report")
    assert_focus_is_seen(page)
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Without a mouse")
