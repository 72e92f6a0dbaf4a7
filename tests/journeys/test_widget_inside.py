"""What is opened within a panel: films, answers beside the form, pictures to draw on, and the
meaning of fields on the page around it."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from tests.fixtures.browser import OpenPage, violations
from tests.fixtures.live import Live
from tests.journeys.test_widget import host_of, press, sign_in_as

pytestmark = pytest.mark.once
REACHED = """(film, place) => new Promise((done) => film.addEventListener('timeupdate',
    () => { if (film.currentTime >= place) done(); }))"""
DESCRIBED = """() => {
  const named = document.querySelector('[data-help] select').getAttribute('aria-describedby');
  const words = (id) => document.getElementById(id)?.textContent ?? '';
  return (named || '').split(' ').map(words).join(' '); }"""
SCHEDULE = "/projects/482/schedule"


def opened(live: Live, page: Page, who: str = "") -> FrameLocator:
    page.goto(f"{host_of(live)}{SCHEDULE}")
    if who:
        sign_in_as(page, who)
    return press(page)


def form(frame: FrameLocator) -> None:
    frame.locator(".help__nav [data-to=contact]").click()
    expect(frame.locator("#contact")).to_be_visible()


def test_a_film_plays_here_with_captions(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    frame = opened(live, page)
    frame.locator("[data-film]").first.click()
    film = frame.locator("video")
    film.evaluate("film => film.play()")
    film.evaluate(REACHED, 0.2)
    assert film.evaluate("film => film.textTracks[0].cues.length") > 0
    frame.locator(".moments a").nth(1).click()
    film.evaluate(REACHED, 8)
    assert len(page.context.pages) == 1


def test_an_answer_beside_the_form_and_every_word_back(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    frame = opened(live, page)
    form(frame)
    frame.locator("#subject").fill("Link tasks so that one waits for another")
    frame.locator("#body").fill("The second task does not move.")
    frame.locator("#suggested summary").first.click()
    expect(frame.locator("#suggested .article-body").first).to_be_visible()
    frame.get_by_role("button", name="This solved it").first.click()
    expect(frame.get_by_text("Nothing was sent, and nobody waits for you.")).to_be_visible()
    frame.get_by_role("button", name="It did not: go on with my report").click()
    expect(frame.locator("#body")).to_have_value("The second task does not move.")
    form(frame)  # the tab again: nothing of it is lost
    expect(frame.locator("#contact")).to_be_visible()


def test_a_picture_is_drawn_on_by_keyboard_and_taken_off(live: Live, open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 360, "height": 720}, reduced_motion="reduce")
    frame = opened(live, page)
    form(frame)
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(picture, "PNG")
    file = {"name": "screen.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    frame.locator("#attachments").set_input_files([file])  # type: ignore[list-item]
    row = frame.locator("[data-previews] .attachment")
    size = row.locator(".attachment__size")
    before = size.inner_text()
    frame.get_by_role("button", name="Draw on it: screen.png").click()
    board = frame.locator("dialog[open]")
    expect(board.locator("canvas")).to_be_focused()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+z")
    expect(board.locator("[data-board-undo]")).to_be_disabled()
    page.keyboard.press("Enter")
    expect(board.locator("[data-board-state]")).to_contain_text("Shape 1 of 1")
    page.keyboard.press("Escape")  # lets go of the shape, and of nothing else
    expect(board.locator("[data-board-state]")).to_contain_text("Nothing is chosen")
    board.get_by_role("button", name="Use this picture").click()
    expect(board).to_have_count(0)
    expect(size).not_to_have_text(before)
    frame.get_by_role("button", name="Draw on it: screen.png").click()
    expect(board.locator("canvas")).to_be_focused()
    page.keyboard.press("Escape")
    expect(frame.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("[data-corbel] .panel")).to_be_visible()
    frame.get_by_role("button", name="Remove: screen.png").click()
    expect(row).to_have_count(0)


PASTED = """(field, said) => {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File(['picture'], 'image.png', { type: 'image/png' }));
  if (said) clipboardData.setData('text/plain', said);
  const how = { clipboardData, bubbles: true, cancelable: true };
  field.dispatchEvent(new ClipboardEvent('paste', how)); }"""


def test_a_picture_is_pasted_while_one_writes(live: Live, open_page: OpenPage) -> None:
    frame = opened(live, open_page(viewport={"width": 360, "height": 720}))
    form(frame)
    rows = frame.locator("[data-previews] .attachment")
    frame.locator("#body").evaluate(PASTED, "words of a table, with its picture")
    expect(rows).to_have_count(0)
    frame.locator("#body").evaluate(PASTED, "")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("image.png")


FILM = """<section data-view="film" data-title="Film"><div class="watch__screen"><div
class="watch__film watch__film--asked" data-embed="{embed}" data-title="A film"><div
class="watch__ask"><button class="button" type="button" data-load>Play it</button></div></div>
</div></section>"""


@pytest.mark.parametrize(
    "embed", ["https://www.youtube-nocookie.com/embed/abc", "https://player.vimeo.com/video/7"]
)
def test_a_film_of_others_is_asked_for_when_it_is_wanted(
    live: Live, browser: Browser, embed: str
) -> None:
    """Past the fixture that lets nobody ask foreign hosts."""
    with browser.new_context() as context:
        page = context.new_page()
        foreign: list[str] = []
        context.route(
            re.compile(r"https://.*"),
            lambda route: (
                foreign.append(route.request.url),
                route.fulfill(content_type="text/html", body="<p>The film"),
            ),
        )
        context.route(
            "**/widget/films/**",
            lambda route: route.fulfill(content_type="text/html", body=FILM.format(embed=embed)),
        )
        frame = opened(live, page)
        frame.locator("[data-film]").first.click()
        button = frame.get_by_role("button", name="Play it")
        expect(button).to_be_visible()
        assert foreign == []
        button.click()
        expect(frame.frame_locator("iframe").get_by_text("The film")).to_be_visible()
        assert foreign == [embed]


def test_words_of_a_moment_ago_are_kept_when_another_view_is_opened(
    live: Live, open_page: OpenPage
) -> None:
    page = open_page()
    frame = opened(live, page, "newcomer")
    form(frame)
    with page.expect_response(lambda answer: "/contact/draft" in answer.url):
        frame.locator("#body").fill("Just typed")
        frame.locator(".help__nav [data-to=home]").click()
    form(frame)
    expect(frame.locator("#body")).to_have_value("Just typed")


def test_a_guests_words_are_gone_once_they_are_sent(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    frame = opened(live, page, "guest")
    form(frame)
    frame.get_by_label("Your name").fill("Ana")
    frame.get_by_label("Your e-mail address").fill("ana@example.com")
    frame.get_by_label("How can we help?").fill("Who comes on Monday?")
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.get_by_text("We have it. It is number")).to_be_visible()
    form(frame)
    expect(frame.get_by_label("How can we help?")).to_have_value("")


def test_an_answer_to_a_view_that_is_gone_has_no_place(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    held: list[Route] = []
    page.route("**/widget/contact/choices", lambda route: held.append(route))
    frame = opened(live, page, "guest")
    form(frame)
    with page.expect_request("**/widget/contact/choices"):
        frame.get_by_label("How can we help?").fill("Who comes on Monday?")
    frame.get_by_role("button", name="Back", exact=True).click()
    expect(frame.locator("[data-view=home]")).to_be_visible()
    for route in held:
        route.continue_()
    page.wait_for_timeout(500)  # nothing is written to the console, which `open_page` looks at
    expect(frame.locator("[data-view=home]")).to_be_visible()


def test_no_view_hinders_anybody(live: Live, open_page: OpenPage) -> None:
    page = open_page(bypass_csp=True)
    frame = opened(live, page)
    inside = next(one for one in page.frames if "/widget/panel" in one.url)

    def clean(view: str) -> None:
        expect(frame.locator(f"[data-view={view}]")).to_be_visible()
        assert violations(inside) == [], view  # type: ignore[arg-type]

    clean("home")
    frame.locator("[data-article]").first.click()
    clean("article")
    frame.get_by_role("button", name="Back", exact=True).click()
    clean("home")
    frame.locator("[data-film]").first.click()
    clean("film")
    form(frame)
    clean("contact")
    frame.get_by_role("button", name="Send", exact=True).click()
    expect(frame.locator(".field--error").first).to_be_visible()
    clean("contact")
    frame.locator(".help__nav [data-to=tickets]").click()
    clean("tickets")
    frame.locator("[data-get]").first.click()
    clean("ticket")
    expect(page.locator("[data-corbel]")).to_be_attached()
    assert violations(page) == []


# the meaning of fields, on a page with a strict policy


def tip(page: Page):  # type: ignore[no-untyped-def]
    return page.locator("[data-corbel] [role=tooltip]")


def past_the_first_steps(page: Page) -> None:
    """Which take the focus, and put away what explains a field."""
    step = page.locator("[data-corbel] .step")
    expect(step).to_be_visible()
    step.get_by_role("button", name="Later").click()
    expect(step).to_have_count(0)


def described(page: Page) -> str:
    return str(page.evaluate(DESCRIBED))


def test_a_field_explains_itself_to_pointer_keyboard_and_reader(
    live: Live, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(f"{host_of(live)}{SCHEDULE}")
    past_the_first_steps(page)
    field = page.locator("[data-help]").first
    field.hover()
    expect(tip(page)).to_be_visible()
    words = tip(page).locator("p").first.inner_text()
    assert words in described(page)
    page.keyboard.press("Escape")
    expect(tip(page)).to_have_count(0)
    assert described(page).strip() == ""
    page.mouse.move(2, 2)
    control = field.locator("select")
    control.focus()
    expect(tip(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip(page)).to_have_count(0)
    expect(control).to_be_focused()


@pytest.mark.parametrize("lost", ["**/widget/tips.*.js", "**/widget/terms?*"])
def test_what_was_not_told_once_is_asked_again(live: Live, open_page: OpenPage, lost: str) -> None:
    page = open_page()
    page.route("**/widget/tour?*", lambda route: route.abort())
    tries: list[str] = []

    def fails_once(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) == 1:
            route.abort()
        else:
            route.continue_()

    page.route(lost, fails_once)
    page.goto(f"{host_of(live)}{SCHEDULE}")
    field = page.locator("[data-help]").first
    with page.expect_event("requestfailed", lambda asked: asked.url in tries):
        field.hover()
    expect(tip(page)).to_have_count(0)
    page.mouse.move(2, 2)
    field.hover()
    expect(tip(page)).to_be_visible()
    assert len(tries) == 2


def test_first_steps_leave_the_focus_to_whom_is_at_work(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    held: list[Route] = []
    page.route("**/widget/tour?*", lambda route: held.append(route))
    with page.expect_request("**/widget/tour?*"):
        page.goto(f"{host_of(live)}{SCHEDULE}")
    control = page.locator("[data-help] select").first
    control.focus()
    for route in held:
        route.continue_()
    step = page.locator("[data-corbel] .step")
    expect(step).to_be_visible()
    expect(step.get_by_role("button", name="Next")).to_be_visible()
    expect(tip(page)).to_have_count(0)
    expect(control).to_be_focused()
    step.get_by_role("button", name="Next").click()
    expect(step.get_by_role("button", name="Next")).to_be_focused()
    page.keyboard.press("Escape")
    expect(step).to_have_count(0)
    expect(control).to_be_focused()


def test_a_field_explains_itself_to_a_finger(live: Live, open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 360, "height": 720}, has_touch=True)
    page.goto(f"{host_of(live)}{SCHEDULE}")
    past_the_first_steps(page)
    page.locator("[data-help]").first.tap()
    page.locator("[data-corbel]").get_by_role("button", name="What this means").tap()
    expect(tip(page)).to_be_visible()
    box = tip(page).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
