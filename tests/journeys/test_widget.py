"""The help on somebody else's page: the demo's host, with third-party cookies blocked."""

import http.server
import re
import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.fixtures.browser import OpenPage, violations
from tests.fixtures.live import Live

pytestmark = pytest.mark.once
STRANGE = (
    "<!doctype html><html lang=en><title>strange</title>"
    '<iframe src="{root}/widget/panel?builder=acme"></iframe>'
)


def host_of(live: Live) -> str:
    (said,) = [line for line in live.lines if "demo host" in line]
    return said.split("demo host")[1].split()[0]


def press(page: Page) -> FrameLocator:
    page.locator("[data-corbel]").get_by_role("button", name="Help").click()
    frame = page.frame_locator("iframe[title=Help]")
    expect(frame.locator("[data-view=home]")).to_be_visible()
    return frame


def sign_in_as(page: Page, who: str) -> None:
    page.get_by_label("Signed in as").select_option(who)
    page.get_by_role("button", name="Switch").click()
    page.wait_for_load_state()


def write(frame: FrameLocator, subject: str, body: str) -> None:
    frame.get_by_role("link", name="Write to us").click()
    frame.get_by_label("What is wrong?").fill(subject)
    frame.get_by_label("What happened?").fill(body)
    expect(frame.locator("#choices")).to_contain_text("answer by")
    frame.get_by_role("button", name="Send", exact=True).click()


def test_a_page_is_loaded_before_first_steps_are_asked_for(live: Live, page: Page) -> None:
    def late(route: Route) -> None:
        time.sleep(1)
        route.abort()

    page.route("**/late.css", late)
    page.add_init_script(
        "if (top === self) addEventListener('DOMContentLoaded', () => { "
        "const late = document.createElement('link'); "
        "late.rel = 'stylesheet'; late.href = '/late.css'; document.body.append(late); })"
    )
    with page.expect_request_finished(lambda request: "/tips." in request.url):
        page.goto(f"{host_of(live)}/projects/482/schedule")
    first_steps = "performance.getEntriesByType('resource').find(e => e.name.includes('/tips.'))"
    loaded = "performance.getEntriesByType('navigation')[0].loadEventStart"
    assert page.evaluate(f"{first_steps}.startTime") >= page.evaluate(loaded)


def test_one_tag_does_what_was_asked_for_before_it_came(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("if (top === self) Corbel = [['contact', {subject: 'Asked early'}]]")
    page.goto(f"{host_of(live)}/projects/482/schedule?help=tag")
    frame = page.frame_locator("iframe[title=Help]")
    expect(frame.get_by_label("What is wrong?")).to_have_value("Asked early")


def test_first_steps_come_where_the_browser_is_never_idle(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(
        "requestIdleCallback = (call, {timeout} = {}) => timeout && setTimeout(call, timeout)"
    )
    page.goto(f"{host_of(live)}/projects/482/schedule")
    expect(page.locator("[data-corbel] .step")).to_be_visible()


def test_from_the_question_mark_to_a_ticket_and_back(live: Live, open_page: OpenPage) -> None:
    """On a page with a strict policy; the script complains of nothing, or the fixture fails."""
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{host_of(live)}/projects/482/schedule")
    before = page.evaluate("JSON.stringify(document.querySelector('main').getBoundingClientRect())")
    page.wait_for_load_state("networkidle")  # what the page asks for by itself is no one's press
    asked.clear()
    frame = press(page)
    beside = r"/tips\.|/tour\?|/presses$"  # which nobody waits for
    ours = [url for url in asked if live.url in url and not re.search(beside, url)]
    assert len(ours) <= 3, ours
    write(frame, "The schedule does not save", "Nobody can. password: hunter2hunter2")
    expect(frame.get_by_text("We have it. It is number")).to_be_visible()
    expect(frame.get_by_text("We removed")).to_be_visible()
    frame.get_by_role("link", name="See it").click()
    frame.get_by_label("Write back").fill("One word more.")
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.locator(".conversation")).to_contain_text("One word more.")
    page.keyboard.press("Escape")
    expect(page.locator("[data-corbel] .panel")).to_be_hidden()
    focused = "document.querySelector('[data-corbel]').shadowRoot.activeElement?.textContent"
    assert page.evaluate(focused) == "?"
    assert page.context.cookies(live.url) == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert before == page.evaluate(
        "JSON.stringify(document.querySelector('main').getBoundingClientRect())"
    )
    assert not any("corbel-panel_" in url for url in asked)


def test_the_panel_follows_the_page(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{host_of(live)}/projects/482/schedule")
    frame = press(page)
    with page.expect_request(lambda request: "/widget/home?" in request.url) as sent:
        page.get_by_role("link", name="Invoices").click()
    assert "invoices" in sent.value.url
    expect(frame.locator("[data-view=home]")).to_be_visible()


def test_words_survive_a_page_that_goes_away(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{host_of(live)}/projects/482/estimates")
    sign_in_as(page, "newcomer")
    frame = press(page)
    frame.get_by_role("link", name="Write to us").click()
    with page.expect_response(lambda answer: "/contact/draft" in answer.url):
        frame.get_by_label("What happened?").fill("Half a senten")
    page.goto(f"{host_of(live)}/invoices")
    frame = press(page)
    frame.get_by_role("link", name="Write to us").click()
    expect(frame.get_by_label("What happened?")).to_have_value("Half a senten")


def test_a_client_meets_the_builder_alone(live: Live, open_page: OpenPage) -> None:
    page = open_page(bypass_csp=True)
    page.goto(f"{host_of(live)}/invoices")
    sign_in_as(page, "client")
    frame = press(page)
    expect(frame.locator("body")).not_to_contain_text("Corbel")
    inside = next(one for one in page.frames if "/widget/panel" in one.url)
    assert violations(inside) == []  # type: ignore[arg-type]
    frame.get_by_role("link", name="Write to us").click()
    expect(frame.locator("#contact")).to_be_visible()
    assert violations(inside) == []  # type: ignore[arg-type]
    expect(frame.locator("body")).not_to_contain_text("Corbel")


def test_a_guest_finds_again_what_this_browser_wrote(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{host_of(live)}/welcome")
    sign_in_as(page, "guest")
    frame = press(page)
    frame.get_by_role("link", name="Write to us").click()
    frame.get_by_label("Your name").fill("Ana")
    frame.get_by_label("Your e-mail address").fill("ana@example.com")
    frame.get_by_label("How can we help?").fill("Where do I see my invoices?")
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.get_by_text("We have it. It is number")).to_be_visible()
    page.reload()
    frame = press(page)
    frame.get_by_role("link", name="My tickets").click()
    expect(frame.get_by_text("Where do I see my invoices?")).to_be_visible()


def test_on_a_phone_it_is_a_sheet_that_keeps_the_focus(live: Live, open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 360, "height": 720}, reduced_motion="reduce")
    page.goto(f"{host_of(live)}/projects/482/schedule")
    frame = press(page)
    panel = page.locator("[data-corbel] .panel")
    box = panel.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 360)
    expect(panel).to_have_attribute("aria-modal", "true")
    for _press in range(12):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hasAttribute('data-corbel')")
    frame.get_by_role("button", name="Close the help").click()
    expect(panel).to_be_hidden()


@pytest.fixture
def stranger(live: Live) -> Iterator[str]:
    """A page of another origin, which the builder has not named."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = STRANGE.format(root=live.url).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_strange_page_is_shown_nothing(live: Live, browser, stranger: str) -> None:
    """Past the fixture that fails on complaints: here the browser has to complain."""
    with browser.new_context() as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(stranger)
        page.wait_for_timeout(500)
        assert any("frame-ancestors" in text for text in said)
        assert not any("/widget/panel" in frame.url for frame in page.frames)


def test_messages_of_others_are_not_heard(live: Live, open_page: OpenPage) -> None:
    """From a window that is not the parent, or a page that knows the words but holds no port."""
    page = open_page()
    page.goto(f"{host_of(live)}/projects/482/schedule")
    frame = press(page)
    inside = next(one for one in page.frames if "/widget/panel" in one.url)
    forged = """() => { const channel = new MessageChannel();
      window.postMessage({corbel: 'hello', url: 'https://evil.example/'}, '*', [channel.port2]);
      dispatchEvent(new MessageEvent('message', {origin: 'https://evil.example', source: parent,
        data: {corbel: 'hello', url: 'https://evil.example/'}, ports: [channel.port2]})); }"""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    inside.evaluate(forged)
    page.evaluate("() => window.postMessage({type: 'close'}, '*')")
    page.wait_for_timeout(400)
    assert not any("/widget/session" in url for url in sent)
    expect(frame.locator("[data-view=home]")).to_be_visible()


def test_a_second_builder_on_the_page_is_turned_away(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{host_of(live)}/projects/482/schedule")
    load = """(src) => new Promise((done) => {
      const script = document.createElement('script');
      Object.assign(script, { src, onload: done });
      script.dataset.builder = 'birch';
      document.head.append(script); })"""
    expect(page.locator("[data-corbel]")).to_be_attached()
    page.evaluate(load, f"{live.url}/widget/corbel.js?second")
    assert page.locator("[data-corbel]").count() == 1
    press(page)
    panels = [one.url for one in page.frames if "/widget/panel" in one.url]
    assert len(panels) == 1
    assert "builder=acme" in panels[0]
