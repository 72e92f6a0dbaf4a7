"""Pressed twice, taken back, gone back, reloaded, cut off: nothing comes twice, nothing is lost."""

import re

from playwright.sync_api import Browser, Page, Route, expect

from tests.fixtures.live import Live
from tests.journeys.acting import (
    arrived,
    assert_nothing_twice,
    describe,
    listens,
    message,
    report,
    send,
    write_back,
)
from tests.journeys.conftest import EnterAs

OWNER, AGENT = "owner@cedar.test", "agent2@corbel.test"


def tickets_named(page: Page, url: str, subject: str) -> int:
    page.goto(f"{url}/tickets")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page.get_by_role("link", name=subject).count()


def test_reply_is_taken_back_and_its_words_are_in_the_editor(live: Live, enter: EnterAs) -> None:
    owner = enter(live, OWNER)
    number = report(owner, live.url, "Question about crews")
    listens(owner)
    desk = enter(live, AGENT, f"/desk/{number}")
    desk.locator("#composer-body").fill("Too early a thought.")
    desk.get_by_role("button", name="Send", exact=True).click()
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator("#composer-body")).to_have_value("Too early a thought.")
    expect(message(desk, "Too early a thought.")).to_have_count(0)
    expect(desk.locator("#flashes")).to_contain_text("Taken back")
    assert_nothing_twice(desk)

    desk.locator("#composer-body").fill("A better thought.")
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(message(owner, "A better thought.")).to_have_count(1)
    assert "Too early a thought." not in owner.content()
    owner.reload()
    assert "Too early a thought." not in owner.content()


def test_pressed_twice_and_after_going_back_it_is_one_ticket_and_one_reply(
    live: Live, enter: EnterAs
) -> None:
    subject = "Pressed more than once"
    owner = enter(live, OWNER, "/tickets/new")
    describe(owner, subject, "My finger is quick.")
    owner.get_by_role("button", name="Send report").dblclick()
    number = arrived(owner)

    owner.get_by_label("Write a reply").fill("And this once, please.")
    owner.locator("#composer").get_by_role("button", name="Send", exact=True).dblclick()
    expect(message(owner, "And this once, please.")).to_have_count(1)

    owner.go_back()  # the form's address knows what came of it
    assert arrived(owner) == number
    assert tickets_named(owner, live.url, subject) == 1
    owner.goto(f"{live.url}/tickets/{number}")
    expect(message(owner, "And this once, please.")).to_have_count(1)


def test_same_form_sent_from_two_windows_is_one_ticket(live: Live, enter: EnterAs) -> None:
    """As a browser does that shows the filled form again from its memory."""
    subject = "Sent from two windows"
    first = enter(live, OWNER, "/tickets/new")
    second = first.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        describe(page, subject, "Back and again.")
    assert send(first) == send(second)
    assert tickets_named(first, live.url, subject) == 1


def test_reply_goes_once_when_pressed_again_after_going_back(live: Live, enter: EnterAs) -> None:
    owner = enter(live, OWNER)
    number = report(owner, live.url, "Replied to and gone back")
    write_back(owner, "Only once.")
    owner.go_back()
    owner.goto(f"{live.url}/tickets/{number}")
    expect(owner.get_by_label("Write a reply")).to_have_value("")
    expect(message(owner, "Only once.")).to_have_count(1)


def test_draft_outlives_a_reload_and_a_lost_network_and_is_sent_then(
    live: Live, enter: EnterAs, browser: Browser
) -> None:
    subject = "Written on the train"
    keyed = enter(live, OWNER).context.storage_state()
    # a context whose log may hold what htmx says of a lost network
    with browser.new_context(storage_state=keyed) as context:
        owner = context.new_page()
        owner.goto(f"{live.url}/tickets/new")
        describe(owner, subject, "First half.")
        expect(owner.locator("[data-draft-state]")).to_contain_text("Draft saved")
        owner.reload()
        expect(owner.get_by_label("What is wrong?")).to_have_value(subject)
        expect(owner.get_by_label("What happened?")).to_have_value("First half.")
        expect(owner.locator(".kept-draft")).to_contain_text("We kept what you wrote")

        context.set_offline(True)
        owner.get_by_label("What happened?").fill("First half. Second half.")
        expect(owner.locator("[data-draft-state]")).to_contain_text("kept in this browser")
        owner.get_by_role("button", name="Send report").click()
        expect(owner.locator("[data-draft-state]")).to_contain_text("No connection")
        expect(owner.get_by_label("What happened?")).to_have_value("First half. Second half.")

        context.set_offline(False)
        expect(owner.locator("[data-draft-state]")).to_contain_text("Draft saved")
        owner.get_by_role("button", name="Send report").click()
        number = arrived(owner)
        expect(message(owner, "First half. Second half.")).to_have_count(1)
        owner.goto(f"{live.url}/tickets/new")
        expect(owner.get_by_label("What is wrong?")).to_have_value("")

        owner.goto(f"{live.url}/tickets/{number}")
        listens(owner)
        context.set_offline(True)
        reply = owner.get_by_label("Write a reply")
        reply.fill("From the tunnel.")
        owner.locator("#composer").get_by_role("button", name="Send", exact=True).click()
        expect(owner.locator("[data-draft-state]")).to_contain_text("No connection")
        expect(reply).to_have_value("From the tunnel.")
        context.set_offline(False)
        owner.reload()
        expect(reply).to_have_value("From the tunnel.")
        owner.locator("#composer").get_by_role("button", name="Send", exact=True).click()
        expect(message(owner, "From the tunnel.")).to_have_count(1)
        assert tickets_named(owner, live.url, subject) == 1


def test_a_report_begun_before_the_page_listens_is_kept(live: Live, enter: EnterAs) -> None:
    owner = enter(live, OWNER)
    late: list[Route] = []
    owner.route(re.compile(r"/static/site\.[0-9a-f]+\.js"), lambda route: late.append(route))
    owner.goto(f"{live.url}/tickets/new", wait_until="commit")
    owner.get_by_label("What is wrong?").fill("Written at once")
    late.pop().continue_()
    owner.unroute_all()
    expect(owner.locator("[data-draft-state]")).to_contain_text("Draft saved")
    owner.reload()
    expect(owner.get_by_label("What is wrong?")).to_have_value("Written at once")
