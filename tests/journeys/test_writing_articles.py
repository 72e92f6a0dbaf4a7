"""An article from its first word to its third version, by several hands."""

import base64
import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.fixtures.live import Live
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import NARROW, WIDE_SCREEN, assert_fine, assert_fine_at_any_width

pytestmark = [pytest.mark.once, pytest.mark.timeout(600)]

WIDE = {**NARROW, "viewport": WIDE_SCREEN}
PASTE = """([target, encoded]) => {
    const bytes = Uint8Array.from(atob(encoded), one => one.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'board.png', {type: 'image/png'}));
    document.querySelector(target).dispatchEvent(
        new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""

SLOW = """(() => {
    const quick = HTMLCanvasElement.prototype.toBlob;
    HTMLCanvasElement.prototype.toBlob = function (...asked) {
        setTimeout(() => quick.apply(this, asked), 500);
    };
})()"""


def begun(page: Page, live: Live, title: str) -> str:
    page.goto(f"{live.url}/articles/new")
    page.get_by_label("Title", exact=False).first.fill(title)
    page.get_by_role("button", name="Begin writing").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    return page.url


def write(page: Page, text: str) -> None:
    page.locator("#body").fill(text)
    saved(page)


def saved(page: Page) -> None:
    expect(page.locator("[data-draft-state]")).to_contain_text("Saved as a draft")


def picture() -> str:
    made = io.BytesIO()
    Image.new("RGB", (640, 360), "#dde6f5").save(made, "PNG")
    return base64.b64encode(made.getvalue()).decode()


def test_from_the_first_word_to_readers(live: Live, enter: EnterAs) -> None:
    agent = enter(live, "agent1@corbel.test", **WIDE)
    agent.add_init_script(SLOW)
    title = "Why does a crew not appear on the board?"
    place = begun(agent, live, title)
    write(
        agent, "## Look at its dates\n\n:::tip[Faster]\nPress the key.\n:::\n\n[x](/kb/nowhere)\n"
    )
    expect(agent.locator("#preview")).to_contain_text("Press the key.")
    expect(agent.locator("#checks")).to_contain_text("A link leads nowhere")
    agent.get_by_role("button", name="Line 7").click()
    assert (
        agent.evaluate("getSelection().toString()")
        or agent.locator("#body").evaluate(
            "node => node.value.slice(node.selectionStart, node.selectionEnd)"
        )
        == "[x](/kb/nowhere)"
    )
    agent.keyboard.type("Done.")
    expect(agent.locator("#checks")).not_to_contain_text("A link leads nowhere")

    agent.locator("#body").press("Control+End")
    agent.evaluate(PASTE, ["#body", picture()])
    dialog = agent.get_by_role("dialog", name="Picture")
    expect(dialog.get_by_role("button", name="Draw on it")).to_be_visible()
    dialog.get_by_role("button", name="Draw on it").click()
    board = agent.get_by_role("dialog", name="Draw on the picture")
    expect(board).to_be_visible()
    for tool in ("Arrow", "Number", "Blur"):
        board.get_by_role("button", name=tool, exact=True).click()
        board.locator("canvas").press("Enter")
    expect(board.get_by_role("status")).to_contain_text("Shape 3 of 3: Blur")
    board.get_by_role("button", name="Undo").click()
    board.get_by_role("button", name="Use this picture").click()
    expect(board).to_have_count(0)
    dialog.get_by_label("What it shows").fill("The board with one crew")
    dialog.get_by_role("button", name="Put into the text").click()
    expect(agent.locator("#body")).to_have_value(
        re.compile(r"!\[The board with one crew\]\(/kb/files/")
    )
    expect(agent.locator("#preview img")).to_have_js_property("naturalWidth", 640)
    saved(agent)
    agent.get_by_role("button", name=re.compile("^Draw on it")).last.click()
    expect(board).to_be_visible()
    board.locator("canvas").press("Tab")
    expect(board.get_by_role("status")).to_contain_text("Shape 1 of 2: Arrow")
    board.get_by_role("button", name="Cancel").click()
    saved(agent)
    agent.get_by_role("button", name="Submit for review").click()
    expect(agent.get_by_text("Submitted.")).to_be_visible()

    lead = enter(live, "lead@corbel.test", **WIDE)
    lead.goto(place)
    expect(lead.get_by_text("This waits for review")).to_be_visible()
    lead.get_by_text("Send back").first.click()
    lead.get_by_label("Why? Its author reads this.").fill("Give it a summary.")
    lead.get_by_role("button", name="Send back").click()
    agent.goto(place)
    expect(agent.get_by_text("Give it a summary.")).to_be_visible()
    agent.get_by_label("Summary").fill("What to look at first.")
    saved(agent)
    agent.locator("#body").press("Control+Enter")
    expect(agent.get_by_text("Submitted.")).to_be_visible()
    lead.goto(place)
    lead.locator("#body").press("Control+Enter")
    expect(lead.get_by_text("Published as version 1.")).to_be_visible()
    visitor = lead.context.browser.new_context().new_page()
    visitor.goto(f"{live.url}/kb/en/why-does-a-crew-not-appear-on-the-board")
    expect(visitor.get_by_role("heading", name=title)).to_be_visible()
    expect(visitor.get_by_alt_text("The board with one crew")).to_be_visible()
    visitor.context.close()


def test_two_write_at_once_and_nothing_is_lost(live: Live, enter: EnterAs) -> None:
    one = enter(live, "lead@corbel.test", **WIDE)
    place = begun(one, live, "Two hands")
    write(one, "First line\n\nMiddle\n\nLast line\n")
    other = enter(live, "agent2@corbel.test", **WIDE)
    other.goto(place)
    write(one, "First line of one\n\nMiddle of one\n\nLast line\n")
    other.locator("#body").fill("First line\n\nMiddle of the other\n\nLast line of the other\n")
    expect(other.locator("[data-draft-state]")).to_contain_text("has saved in the meantime")
    other.get_by_role("button", name="Save draft").click()
    expect(other.get_by_role("heading", name="has saved in the meantime")).to_be_visible()
    assert_fine_at_any_width(other)
    other.get_by_label("Mine").check()
    other.get_by_role("button", name="Save both together").click()
    expect(other.locator("#body")).to_have_value(
        "First line of one\n\nMiddle of the other\n\nLast line of the other\n"
    )
    expect(other.locator("[data-kept-notice]")).to_be_hidden()


def test_versions_come_back_and_translations_grow_old(live: Live, enter: EnterAs) -> None:
    lead = enter(live, "lead@corbel.test", **WIDE)
    place = begun(lead, live, "Growing old")
    write(lead, "The first words.")
    lead.get_by_role("button", name="Publish").click()
    expect(lead.get_by_text("Published as version 1.")).to_be_visible()
    assert_fine_at_any_width(lead)
    lead.set_viewport_size(WIDE_SCREEN)
    lead.get_by_role("button", name="Begin").click()
    expect(lead.get_by_text("Begun with the original’s words.")).to_be_visible()
    spanish = lead.url
    lead.get_by_label("Title", exact=False).first.fill("Se hace viejo")
    write(lead, "Las primeras palabras.")
    lead.get_by_role("button", name="Publish").click()
    expect(lead.get_by_text("Published as version 1.")).to_be_visible()

    lead.goto(place)
    write(lead, "The second words.")
    assert_fine_at_any_width(lead)
    lead.set_viewport_size(WIDE_SCREEN)
    lead.goto(f"{place}/removal")
    assert_fine(lead)
    lead.goto(f"{place}/publication")
    assert_fine(lead)
    lead.get_by_role("button", name="Publish").click()
    expect(lead.get_by_text("Published as version 2.")).to_be_visible()

    lead.goto(spanish)
    expect(lead.get_by_text("The original has changed since version 1")).to_be_visible()
    expect(lead.locator("ins", has_text="second")).to_be_visible()
    assert_fine_at_any_width(lead)
    lead.set_viewport_size(WIDE_SCREEN)
    lead.goto(f"{live.url}/articles?state=outdated")
    expect(lead.get_by_role("link", name="Se hace viejo")).to_be_visible()
    lead.goto(spanish)
    lead.get_by_role("button", name="The translation says all of this").click()
    expect(lead.get_by_text("Up to date with the original.")).to_be_attached()

    for page in (f"{place}/versions", f"{place}/versions/1", f"{place}/versions/1?view=inline"):
        lead.goto(page)
        assert_fine_at_any_width(lead)
    lead.set_viewport_size(WIDE_SCREEN)
    lead.goto(f"{place}/versions/1/restoration")
    assert_fine(lead)
    lead.get_by_role("button", name="Make it the draft").click()
    expect(lead.locator("#body")).to_have_value("The first words.")
    lead.get_by_role("link", name="Throw the draft away").click()
    lead.get_by_role("button", name="Throw it away").click()
    lead.get_by_role("button", name="Have it back").click()
    expect(lead.locator("#body")).to_have_value("The first words.")
    lead.goto(f"{place}/unpublication")
    assert_fine(lead)
    lead.get_by_role("button", name="Take it away").click()
    expect(lead.get_by_text("Taken away. Readers no longer find it")).to_be_visible()


def test_many_at_once_and_undone(live: Live, enter: EnterAs) -> None:
    lead = enter(live, "lead@corbel.test", **WIDE)
    for title in ("Many one", "Many two"):
        begun(lead, live, title)
        write(lead, "Words.")
    lead.goto(f"{live.url}/articles?q=many")
    lead.get_by_label("Tick all").check()
    lead.get_by_label("For those that are ticked").select_option("publish")
    lead.get_by_role("button", name="See what would change").click()
    assert_fine_at_any_width(lead)
    lead.get_by_role("button", name="Publish").click()
    expect(lead.get_by_text("2 articles were changed.")).to_be_visible()
    lead.goto(f"{live.url}/articles?q=many")
    lead.get_by_label("Tick all").check()
    lead.get_by_label("For those that are ticked").select_option("audience")
    lead.locator("#many-audience").select_option("staff")
    lead.get_by_role("button", name="See what would change").click()
    lead.get_by_role("button", name="Set who may read it").click()
    assert_fine_at_any_width(lead)
    lead.get_by_role("button", name="Undo").click()
    expect(lead.get_by_text("Undone: 2 articles are as they were.")).to_be_visible()


def test_pictures_that_nothing_shows_are_removed(live: Live, enter: EnterAs) -> None:
    lead = enter(live, "lead@corbel.test", **WIDE)
    lead.goto(f"{live.url}/articles")
    lead.get_by_role("link", name="Unused pictures").click()
    assert_fine_at_any_width(lead)
    lead.get_by_label("first-try.png").check()
    lead.get_by_role("button", name="Remove those that are ticked").click()
    expect(lead.get_by_role("heading", name="Remove this picture?")).to_be_visible()
    assert_fine_at_any_width(lead)
    lead.get_by_role("button", name="Remove").click()
    expect(lead.get_by_text("One picture is gone.")).to_be_visible()


def test_without_a_script_it_is_a_form(live: Live, enter: EnterAs) -> None:
    lead = enter(live, "lead@corbel.test", **WIDE, java_script_enabled=False)
    lead.goto(f"{live.url}/articles/new")
    lead.get_by_label("Title", exact=False).first.fill("By hand")
    lead.get_by_role("button", name="Begin writing").click()
    lead.locator("#body").fill("Plain *words*.")
    lead.get_by_role("button", name="Show preview").click()
    expect(lead.locator("#preview em")).to_have_text("words")
    lead.get_by_text("Add a picture").click()
    lead.locator("#picture").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": base64.b64decode(picture())}
    )
    lead.locator("#alt").fill("A board")
    lead.get_by_role("button", name="Add to the end of the text").click()
    expect(lead.locator("#body")).to_have_value(re.compile(r"!\[A board\]\(/kb/files/"))
    lead.get_by_role("button", name="Publish").click()
    expect(lead.get_by_text("Published as version 1.")).to_be_visible()
