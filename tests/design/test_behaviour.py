"""What our scripts do, tried in a browser against a page that has one of each."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from portal.foundation.clock import utcnow
from tests.fixtures.browser import OpenPage


@pytest.fixture
def desk(page: Page, address: str) -> Page:
    page.route("**/live", lambda route: route.fulfill(status=503))
    page.route("**/draft", lambda route: route.fulfill(status=204))
    page.goto(f"{address}/page/behaviour")
    return page


@pytest.fixture
def refused(browser: Browser, address: str) -> Iterator[Page]:
    """The same page where htmx may log what was refused: that is what these tests are about."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/live", lambda route: route.fulfill(status=503))
    page.goto(f"{address}/page/behaviour")
    yield page
    context.close()


def body_of(request: Request) -> str:
    return (request.post_data_buffer or b"").decode("utf-8", "replace")


def test_clock_runs_into_the_red_by_itself(desk: Page) -> None:
    clock = desk.locator("#soon .clock")
    expect(clock).to_have_attribute("data-state", "soon")
    expect(clock).to_have_attribute("data-state", "breached", timeout=5000)
    expect(clock.locator(".clock__left")).to_have_text(re.compile(r"^\d s over$"))


def test_clock_says_the_same_words_as_the_server(desk: Page) -> None:
    expect(desk.locator("#late .clock__left")).to_have_text("14 min over")
    expect(desk.locator("#held .clock__left")).to_have_text("On hold")


def test_clock_trusts_the_server_and_not_this_machine(open_page: OpenPage, address: str) -> None:
    page = open_page()
    page.clock.set_fixed_time(utcnow() - timedelta(days=2))
    page.goto(f"{address}/page/behaviour")
    expect(page.locator("#late .clock__left")).to_have_text("14 min over")


def test_past_is_told_in_the_language_of_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/page/behaviour?lang=es")
    expect(page.locator("#past time")).to_have_text("hace 3 horas")


def test_dimension_line_follows_the_time(desk: Page) -> None:
    value = desk.locator("#used progress").evaluate("node => node.value")
    assert 3600 <= value < 3700


def test_form_leaves_once_however_often_the_button_is_pressed(desk: Page) -> None:
    sent: list[Request] = []

    def slow(route: Route) -> None:
        sent.append(route.request)
        desk.wait_for_timeout(300)
        route.fulfill(status=204)

    desk.route("**/sent", slow)
    button = desk.locator("#report button[type=submit]")
    button.dblclick()
    expect(button).to_have_text("Sending…")
    button.click(force=True)
    desk.wait_for_timeout(600)
    assert len(sent) == 1


def test_draft_is_saved_while_typing(desk: Page) -> None:
    with desk.expect_request("**/draft") as saved:
        desk.get_by_label("Write a reply").fill("Half a sentence")
    assert "Half a sentence" in body_of(saved.value)
    assert "csrf_token" in body_of(saved.value)
    expect(desk.locator("[data-draft-state]")).to_have_text(re.compile("Draft saved .*[0-9]{2}:"))


def test_a_draft_is_saved_at_the_readers_own_time(desk: Page) -> None:
    zone = ZoneInfo("Asia/Kolkata")  # half an hour from whole zones
    desk.evaluate("zone => { document.documentElement.dataset.zone = zone }", zone.key)
    now = utcnow().astimezone(zone)
    desk.get_by_label("Write a reply").fill("Half a sentence")
    soon = "|".join(f"{now + timedelta(minutes=late):%H:%M}" for late in (0, 1))
    expect(desk.locator("[data-draft-state]")).to_have_text(re.compile(f"Draft saved ({soon})"))


def test_typing_saves_once_after_a_pause(desk: Page) -> None:
    saved: list[Request] = []
    desk.on("request", lambda request: saved.append(request) if "/draft" in request.url else None)
    desk.get_by_label("Write a reply").press_sequentially("abcdef", delay=40)
    desk.wait_for_timeout(1300)
    assert len(saved) == 1


def test_text_survives_a_lost_connection_and_a_reload(desk: Page) -> None:
    desk.route("**/draft", lambda route: route.abort())
    desk.get_by_label("Write a reply").fill("Do not lose me")
    expect(desk.locator("[data-draft-state]")).to_contain_text("kept in this browser")
    desk.reload()
    expect(desk.get_by_label("Write a reply")).to_have_value("Do not lose me")


def test_reply_does_not_leave_without_a_connection(desk: Page) -> None:
    desk.route("**/spot", lambda route: route.fulfill(body="asked once the line is back"))
    desk.get_by_label("Write a reply").fill("Still here")
    desk.context.set_offline(True)
    desk.locator("#composer button[type=submit]").click()
    expect(desk.locator("[data-draft-state]")).to_contain_text("kept in this browser")
    expect(desk.get_by_label("Write a reply")).to_have_value("Still here")
    desk.context.set_offline(False)


def test_a_draft_that_is_saved_while_one_leaves_is_kept_here_too(desk: Page) -> None:
    """The page that comes next may have been made before."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.route("**/draft", hold)
    with desk.expect_request("**/draft"):
        desk.get_by_label("Write a reply").fill("On the way")
    desk.evaluate("dispatchEvent(new Event('beforeunload'))")
    held.pop().fulfill(status=204)
    expect(desk.locator("[data-draft-state]")).to_contain_text("Draft saved")
    assert desk.evaluate("localStorage.getItem('draft:/draft')") == "On the way"
    desk.unroute("**/draft", hold)
    desk.reload()
    expect(desk.get_by_label("Write a reply")).to_have_value("On the way")
    expect(desk.locator("[data-draft-state]")).to_contain_text("Draft saved")
    assert desk.evaluate("localStorage.getItem('draft:/draft')") is None


def test_what_was_sent_does_not_come_back_as_a_draft(desk: Page) -> None:
    desk.route("**/sent", lambda route: route.fulfill(status=200, body="sent"))
    desk.route("**/draft", lambda route: route.abort())
    desk.get_by_label("Write a reply").fill("Gone")
    expect(desk.locator("[data-draft-state]")).to_contain_text("kept in this browser")
    desk.locator("#composer button[type=submit]").click()
    desk.wait_for_url("**/sent")
    desk.go_back()
    assert desk.evaluate("localStorage.getItem('draft:/draft')") is None


@pytest.mark.parametrize("keys", ["Control+Enter", "Meta+Enter"])
def test_reply_leaves_by_keyboard(desk: Page, keys: str) -> None:
    desk.route("**/sent", lambda route: route.fulfill(status=204))
    desk.get_by_label("Write a reply").fill("Quick")
    with desk.expect_request("**/sent") as sent:
        desk.get_by_label("Write a reply").press(keys)
    assert "Quick" in body_of(sent.value)


def test_preview_folds_in_and_out(desk: Page) -> None:
    desk.route("**/preview", lambda route: route.fulfill(body="<p><strong>Bold</strong></p>"))
    desk.get_by_label("Write a reply").fill("**Bold**")
    with desk.expect_request("**/preview") as asked:
        desk.get_by_role("button", name="Preview").click()
    assert "Bold" in body_of(asked.value)
    assert asked.value.headers["x-csrftoken"] == "token"
    expect(desk.locator("[data-preview] strong")).to_be_visible()
    desk.get_by_role("button", name="Preview").click()
    expect(desk.get_by_label("Write a reply")).to_be_focused()


def test_composer_turns_to_tracing_paper_for_a_note(desk: Page) -> None:
    expect(desk.locator(".composer__warning")).to_be_hidden()
    desk.get_by_text("Internal note", exact=True).click()
    expect(desk.locator(".composer__warning")).to_be_visible()


PNG = {"name": "shot.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(40)}


def chosen(page: Page) -> list[str]:
    names: list[str] = page.locator("#files").evaluate(
        "node => [...node.files].map(file => file.name)"
    )
    return names


def test_chosen_files_are_shown_and_can_be_taken_off(desk: Page) -> None:
    text = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"x"}
    desk.locator("#files").set_input_files([PNG, text])
    expect(desk.locator("#report .attachment")).to_have_count(2)
    expect(desk.locator("#report .attachment img")).to_have_count(1)
    desk.get_by_role("button", name="Remove: shot.png").click()
    assert chosen(desk) == ["notes.txt"]
    expect(desk.locator("#report .attachment")).to_have_count(1)


def test_file_over_the_limit_is_named_before_it_is_sent(desk: Page) -> None:
    big = {"name": "big.log", "mimeType": "text/plain", "buffer": b"x" * 1001}
    desk.locator("#files").set_input_files([big])
    expect(desk.locator(".attachment--refused")).to_contain_text("Too large")
    assert desk.locator("#files").evaluate("node => node.validationMessage").startswith("Too large")


def test_one_file_too_many_is_refused(desk: Page) -> None:
    files = [{"name": f"{i}.txt", "mimeType": "text/plain", "buffer": b"x"} for i in range(3)]
    desk.locator("#files").set_input_files(files)
    expect(desk.locator(".attachment--refused")).to_have_count(1)


@pytest.mark.parametrize(("kind", "event"), [("paste", "clipboardData"), ("drop", "dataTransfer")])
def test_pasted_and_dropped_pictures_become_files(desk: Page, kind: str, event: str) -> None:
    desk.locator("#files").evaluate(
        """(node, [kind, carrier]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File(['x'], 'pasted.png', {type: 'image/png'}));
            const Kind = kind === 'paste' ? ClipboardEvent : DragEvent;
            const options = {bubbles: true, cancelable: true, [carrier]: transfer};
            node.dispatchEvent(new Kind(kind, options));
        }""",
        [kind, event],
    )
    assert chosen(desk) == ["pasted.png"]


def test_circumstances_are_gathered_and_shown_before_sending(
    open_page: OpenPage, address: str
) -> None:
    page = open_page(
        viewport={"width": 900, "height": 700}, locale="es-ES", timezone_id="Europe/Madrid"
    )
    page.goto(f"{address}/page/behaviour?from=https%3A%2F%2Fapp.example%2Fprojects%2F7%23secret")
    facts = json.loads(page.locator('[name="captured"]').input_value())
    assert facts["viewport"] == "900 × 700"
    assert facts["locale"] == "es-ES"
    assert facts["time_zone"] == "Europe/Madrid"
    assert facts["page_url"] == "https://app.example/projects/7"
    assert "Chrom" in facts["user_agent"]
    page.get_by_text("What we send along").click()
    expect(page.get_by_text("900 × 700")).to_be_visible()
    expect(page.get_by_text("Recent errors")).to_be_hidden()


def test_recent_errors_of_the_page_are_among_them(desk: Page) -> None:
    desk.evaluate("dispatchEvent(new ErrorEvent('error', {message: 'crews is undefined'}))")
    desk.reload()
    facts = json.loads(desk.locator('[name="captured"]').input_value())
    assert [error["message"] for error in facts["errors"]] == ["crews is undefined"]


def test_queue_is_walked_by_keys(desk: Page) -> None:
    desk.keyboard.press("j")
    expect(desk.get_by_role("link", name="One")).to_be_focused()
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    expect(desk.get_by_role("link", name="Two")).to_be_focused()
    desk.keyboard.press("k")
    desk.keyboard.press("Enter")
    assert desk.url.endswith("#one")


def test_keys_lead_to_views_and_to_the_composer(desk: Page) -> None:
    desk.keyboard.press("g")
    desk.keyboard.press("m")
    assert desk.url.endswith("#mine")
    desk.keyboard.press("n")
    expect(desk.get_by_label("Internal note")).to_be_checked()
    expect(desk.get_by_label("Write a reply")).to_be_focused()


def test_typing_is_no_shortcut(desk: Page) -> None:
    desk.get_by_label("Write a reply").press_sequentially("jkn?")
    expect(desk.get_by_label("Write a reply")).to_have_value("jkn?")
    expect(desk.locator("#shortcuts")).to_be_hidden()


def test_shortcuts_are_explained_and_can_be_turned_off(desk: Page) -> None:
    desk.keyboard.press("?")
    expect(desk.locator("#shortcuts")).to_be_visible()
    desk.get_by_label("Use single-key shortcuts").uncheck()
    desk.keyboard.press("Escape")
    desk.reload()
    desk.keyboard.press("?")
    expect(desk.locator("#shortcuts")).to_be_hidden()


def test_menu_closes_by_escape_and_by_looking_elsewhere(desk: Page) -> None:
    menu = desk.locator("details[data-menu]").first
    menu.locator("summary").click()
    desk.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    desk.get_by_role("heading", name="Behaviour").click()
    assert menu.get_attribute("open") is None


def test_confirming_opens_a_dialog_that_can_be_left(desk: Page) -> None:
    desk.get_by_role("link", name="Resolve").click()
    expect(desk.get_by_role("dialog", name="Resolve?")).to_be_visible()
    desk.get_by_role("button", name="Cancel").click()
    expect(desk.locator("#confirm")).to_be_hidden()
    assert "/resolve" not in desk.url


def stream(page: Page, body: str) -> None:
    headers = {"Content-Type": "text/event-stream"}
    page.route("**/live", lambda route: route.fulfill(headers=headers, body=body))


def test_page_updates_when_the_server_says_so(page: Page, address: str) -> None:
    stream(page, "event: changed\ndata: ticket:0190\n\n")
    page.route("**/spot", lambda route: route.fulfill(body="after"))
    page.goto(f"{address}/page/behaviour")
    expect(page.locator("#spot")).to_have_text("after")


def test_without_a_stream_the_page_asks_every_15_seconds(page: Page, address: str) -> None:
    page.clock.install()
    page.route("**/live", lambda route: route.fulfill(status=503))
    page.route("**/spot", lambda route: route.fulfill(body="polled"))
    page.goto(f"{address}/page/behaviour")
    expect(page.locator("[data-live]")).to_have_text("Updates every 15 s")
    page.clock.run_for(10_000)
    expect(page.locator("#spot")).to_have_text("before")
    page.clock.run_for(6_000)
    expect(page.locator("#spot")).to_have_text("polled")


def test_stream_that_comes_back_ends_the_asking(page: Page, address: str) -> None:
    page.clock.install()
    page.route("**/live", lambda route: route.fulfill(status=503))
    page.route("**/spot", lambda route: route.fulfill(body="caught up"))
    page.goto(f"{address}/page/behaviour")
    expect(page.locator("[data-live]")).to_have_attribute("data-live", "polling")
    stream(page, "retry: 600000\n\n")
    page.clock.run_for(61_000)
    expect(page.locator("#spot")).to_have_text("caught up")


def ask(page: Page, status: int, body: str, headers: dict[str, str] | None = None) -> None:
    answer = {"Content-Type": "text/html"} | (headers or {})
    page.route("**/ask", lambda route: route.fulfill(status=status, headers=answer, body=body))
    page.locator("#ask").click()


@pytest.mark.parametrize("status", [409, 422])
def test_form_that_comes_back_with_errors_is_shown(desk: Page, status: int) -> None:
    ask(desk, status, "<p>Say what is wrong</p>")
    expect(desk.locator("#spot")).to_have_text("Say what is wrong")


def test_refusal_with_a_place_is_shown_there(desk: Page) -> None:
    ask(desk, 503, "<p>Busy</p>", {"HX-Reswap": "innerHTML"})
    expect(desk.locator("#spot")).to_have_text("Busy")
    expect(desk.locator("#toasts .toast")).to_have_count(0)


@pytest.mark.parametrize("status", [404, 422, 500])
def test_error_page_is_never_swapped_into_a_corner(
    refused: Page, status: int, address: str
) -> None:
    whole = refused.request.get(f"{address}/error/{status}").text()
    ask(refused, status, whole)
    toast = refused.locator("#toasts .toast")
    expect(toast).to_have_count(1)
    said = re.search(r"data-detail>([^<]+)", whole)
    assert said
    expect(toast).to_contain_text(said[1])
    expect(refused.locator("#spot")).to_have_text("before")


def test_lost_connection_is_said_and_can_be_dismissed(refused: Page) -> None:
    refused.route("**/ask", lambda route: route.abort())
    refused.locator("#ask").click()
    toast = refused.locator("#toasts .toast")
    expect(toast).to_contain_text("No connection")
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_have_count(0)
