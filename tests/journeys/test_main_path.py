"""From a customer's problem to a promise kept: the owner and the agent side by side."""

import re

from playwright.sync_api import Page, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live
from tests.journeys.acting import (
    answer,
    arrived,
    assert_not_reloaded,
    assert_nothing_twice,
    describe,
    listens,
    mark,
    message,
    sign_in,
    write_back,
)
from tests.journeys.conftest import EnterAs

SUBJECT = "Scheduling is down on the Harbor site"
WORDS = "Nobody can open the schedule since nine; the crews stand still."
PICTURE = {
    "name": "white-page.png",
    "mimeType": "image/png",
    "buffer": bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
        "0000000c4944415408d763f8ffff3f0005fe02fea135810f0000000049454e44ae426082"
    ),
}
NOTE = "Between us: the node in the east restarted at nine."
PROMISE = re.compile(r"We'll answer by \w{3} \d{1,2} \w{3}, \d\d:\d\d")


def test_problem_is_answered_comes_back_and_is_closed(
    live: Live, open_page: OpenPage, enter: EnterAs
) -> None:
    queue = enter(live, "agent1@corbel.test", "/queue?view=all")
    listens(queue)
    mark(queue)
    owner = open_page()
    sign_in(owner, live.url, "owner@acme.test")

    number = reported(owner)
    desk = found_in_the_queue(queue, number)
    answered_from_a_template(desk)
    reads_the_answer(owner)
    wait_and_come_back(desk, owner)
    solved_reopened_and_closed(desk, owner)
    expect(message(desk, NOTE)).to_be_visible()
    assert NOTE not in owner.content()


def reported(owner: Page) -> int:
    """Home, intent, form: what is known, suggested and promised is shown before it is sent."""
    owner.get_by_role("link", name="Help with the product").click()
    describe(owner, SUBJECT, WORDS)
    expect(owner.get_by_label("What is it about?")).to_have_value("scheduling")
    suggestions = owner.locator(".suggestion")
    expect(suggestions).to_contain_text("because you wrote")
    expect(owner.get_by_role("radio", name="System down")).to_be_checked()
    expect(owner.locator("#severity")).to_contain_text("because it is down for everybody")
    expect(owner.locator("#choices .promise")).to_contain_text(PROMISE)
    before = owner.locator("#choices .promise__date").inner_text()

    owner.get_by_text("What we send along").click()
    known = owner.locator("[data-captured]")
    for fact in ("owner@acme.test", "Acme Homes", "Business", "1280 × 720"):
        expect(known).to_contain_text(fact)
    owner.get_by_label("Screenshots and files").set_input_files([PICTURE])
    expect(owner.locator("#filing .attachment")).to_contain_text("white-page.png")

    owner.get_by_role("button", name="Send report").click()
    number = arrived(owner)
    expect(owner.locator("#flashes")).to_contain_text(f"#{number}")
    assert as_dated(owner.locator("#ticket-standing .promise__date").inner_text()) == as_dated(
        before
    )
    return number


def as_dated(promise: str) -> str:
    """The promise without its minutes: the clock goes on between reading and sending."""
    return re.sub(r":\d\d", "", promise)


def found_in_the_queue(queue: Page, number: int) -> Page:
    """Without a reload, its clock running; the agent opens it."""
    row = queue.locator(f"#row-{number}")
    expect(row).to_contain_text(SUBJECT)
    expect(row.locator(".clock")).to_have_attribute("data-state", "running")
    expect(row.locator(".clock__left")).to_contain_text("left")
    expect(row.locator(".severity")).to_contain_text("P1")
    assert_not_reloaded(queue)
    assert_nothing_twice(queue)
    row.get_by_role("link", name=SUBJECT).click()
    expect(queue.get_by_role("heading", level=1)).to_contain_text(SUBJECT)
    expect(queue.locator("#desk-talk")).to_contain_text("white-page.png")
    expect(queue.locator("#desk-side")).to_contain_text("1280 × 720")
    expect(queue.locator("#desk-side")).to_contain_text("because it is down for everybody")
    listens(queue)
    mark(queue)
    return queue


def answered_from_a_template(desk: Page) -> None:
    """Half-filled it is refused and what was typed stays; filled it leaves."""
    desk.get_by_text("Internal note", exact=True).click()
    answer_as_note(desk)
    desk.get_by_text("Reply to customer").click()
    desk.get_by_label("Template").select_option("need-details")
    desk.get_by_label("Template").select_option("looking-into-it")  # the last choice counts
    problem = desk.get_by_label("The problem, in your words")
    expect(problem).to_be_visible()
    body = desk.locator("#composer-body")
    words = f"{body.input_value()}\n\nThe phone line is open."
    body.fill(words)
    desk.get_by_role("button", name="Send", exact=True).click()
    refusal = desk.locator("#composer-area .error-summary")
    expect(refusal).to_contain_text("Nothing was sent")
    expect(refusal).to_contain_text("The problem, in your words")
    expect(body).to_have_value(words)
    problem.fill("the schedule stays white")
    expect(desk.locator("#composer-so-far")).to_contain_text("the schedule stays white")
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(message(desk, "the schedule stays white")).to_be_visible()
    expect(desk.locator("#desk-leaving")).to_contain_text("Your reply leaves in")
    expect(desk.locator("#desk-head .state")).to_have_text("In progress")
    expect(desk.locator("#composer-body")).to_have_value("")
    assert_not_reloaded(desk)
    assert_nothing_twice(desk)


def answer_as_note(desk: Page) -> None:
    desk.locator("#composer-body").fill(NOTE)
    desk.get_by_role("button", name="Keep note").click()
    expect(message(desk, NOTE)).to_have_class(re.compile("message--note"))


def reads_the_answer(owner: Page) -> None:
    """On the page that has been open since it was sent, and said once."""
    listens(owner)
    mark(owner)
    expect(message(owner, "the schedule stays white")).to_have_count(1)
    expect(owner.locator("#ticket-head .state")).to_have_text("Being worked on")
    expect(owner.locator("#ticket-standing")).to_contain_text("You hear from us again by")
    assert_not_reloaded(owner)
    assert_nothing_twice(owner)
    expect(message(owner, "The phone line is open.")).to_have_count(1)


def wait_and_come_back(desk: Page, owner: Page) -> None:
    """The ball goes to the customer's side and back."""
    expect(desk.locator("#desk-leaving form")).to_have_count(0)
    answer(desk, "Which browser is it?", then="Send and wait on customer")
    expect(desk.locator("#desk-head .state")).to_have_text("Waiting on customer")
    expect(message(owner, "Which browser is it?")).to_be_visible()
    expect(owner.locator("#ticket-head .state")).to_have_text("Your turn")
    expect(owner.locator("#ticket-standing")).to_contain_text("It is your turn")
    write_back(owner, "Firefox, and it works again now.")
    expect(message(desk, "Firefox, and it works again now.")).to_be_visible()
    expect(desk.locator("#desk-head .state")).to_have_text("Open")
    expect(owner.locator("#ticket-head .state")).to_have_text("With us")
    assert_not_reloaded(desk)
    assert_nothing_twice(desk)


def solved_reopened_and_closed(desk: Page, owner: Page) -> None:
    desk.get_by_role("link", name="Solve").click()
    desk.get_by_label("What came of it").fill("The node was replaced.")
    desk.get_by_role("button", name="Solve").click()
    expect(desk.locator("#desk-head .state")).to_have_text("Resolved")
    expect(owner.locator("#ticket-head .state")).to_have_text("Solved")
    expect(owner.locator("#ticket-standing")).to_contain_text("The node was replaced.")

    write_back(owner, "It is white again, sorry.")
    expect(owner.locator("#ticket-head .state")).to_have_text("With us")
    expect(message(desk, "It is white again, sorry.")).to_be_visible()
    expect(desk.locator("#desk-head .state")).to_have_text("Open")

    owner.get_by_role("button", name="This solved it").click()
    expect(owner.locator("#ticket-head .state")).to_have_text("Solved")
    expect(desk.locator("#desk-head .state")).to_have_text("Resolved")
    owner.get_by_role("button", name="Open it again").click()
    expect(desk.locator("#desk-head .state")).to_have_text("Open")
    owner.get_by_role("link", name="I no longer need this").click()
    owner.get_by_role("button", name="Close the ticket").click()
    expect(owner.locator("#ticket-head .state")).to_have_text("Closed")
    expect(desk.locator("#desk-head .state")).to_have_text("Closed")
    for page in (desk, owner):
        assert_nothing_twice(page)
