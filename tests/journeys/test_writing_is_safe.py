"""Nothing that an editor has typed is lost, and nothing that somebody pastes can do harm."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.fixtures.live import Live
from tests.journeys.conftest import EnterAs
from tests.journeys.looks import assert_fine_at_any_width
from tests.journeys.test_writing_articles import WIDE, begun, saved, write

pytestmark = pytest.mark.once

HOSTILE = """\
<script>window.harmed = 'script'</script>
<img src=x onerror="window.harmed = 'onerror'">
<svg onload="window.harmed = 'svg'"><a xlink:href="javascript:window.harmed='xlink'">x</a></svg>
<iframe srcdoc="<script>parent.harmed = 'frame'</script>"></iframe>
<details ontoggle="window.harmed = 'toggle'" open><summary>x</summary></details>
<form action="javascript:window.harmed='form'"><button>press me</button></form>
<style>body { display: none }</style>

[run](javascript:window.harmed='link') [data](data:text/html,<script>harmed=1</script>)
[tab](java&#x09;script:window.harmed='tab') <a href="vbscript:x">vb</a> ![x](javascript:harmed)
![svg](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)

:::note[<b onmouseover="window.harmed = 'title'">Title</b>]
<math><mtext><img src=x onerror="window.harmed = 'math'"></mtext></math>
:::

The words after it all.
"""
DANGEROUS = """node => [...node.querySelectorAll('*')].filter(one =>
    one.matches('script, style, iframe, object, embed, form, svg:not(.icon), math, link, meta')
    || [...one.attributes].some(part => part.name.startsWith('on')
        || /^\\s*(javascript|vbscript|data):/i.test(part.value)))
    .map(one => one.outerHTML.slice(0, 200))"""


def assert_harmless(page: Page, place: str) -> None:
    expect(page.locator(place)).to_contain_text("The words after it all.")
    assert page.locator(place).evaluate(DANGEROUS) == []
    assert page.evaluate("window.harmed ?? null") is None


def paste(page: Page, text: str) -> None:
    """At once: typed line by line, thousands of them take longer than anybody waits."""
    page.locator("#body").evaluate(
        "(node, text) => { node.value = text; "
        "node.dispatchEvent(new InputEvent('input', {bubbles: true})); }",
        text,
    )


def test_a_reload_before_anything_was_saved_loses_nothing(live: Live, enter: EnterAs) -> None:
    lead = enter(live, "lead@corbel.test", **WIDE)
    begun(lead, live, "Typed and gone")
    lead.route("**/draft", lambda route: route.abort())  # as when a train enters a tunnel
    lead.locator("#body").fill("Words that never left.")
    expect(lead.locator("[data-draft-state]")).to_contain_text("kept in this browser")
    lead.unroute("**/draft")
    lead.reload()
    notice = lead.locator("[data-kept-notice]")
    expect(notice).to_be_visible()
    assert_fine_at_any_width(lead)
    notice.get_by_role("button", name="Bring them back").click()
    expect(lead.locator("#body")).to_have_value("Words that never left.")
    saved(lead)
    lead.goto(f"{live.url}/articles")
    lead.go_back()
    expect(lead.locator("#body")).to_have_value("Words that never left.")


def test_what_is_written_before_the_page_listens_is_saved(live: Live, enter: EnterAs) -> None:
    agent = enter(live, "agent1@corbel.test", **WIDE)
    place = begun(agent, live, "Written at once")
    late: list[Route] = []
    agent.route(re.compile(r"/editor\.[^/]*js|/editor\.js"), lambda route: late.append(route))
    agent.goto(place, wait_until="commit")
    agent.locator("#body").fill("Quicker than the script.")
    expect(agent.locator("[data-draft-state]")).to_be_empty()
    assert late
    late.pop().continue_()
    agent.unroute_all()
    saved(agent)
    expect(agent.locator("#preview")).to_contain_text("Quicker than the script.")
    agent.reload()
    expect(agent.locator("#body")).to_have_value("Quicker than the script.")


def test_whoever_is_signed_out_meanwhile_comes_back_to_their_words(
    live: Live, enter: EnterAs
) -> None:
    lead = enter(live, "lead@corbel.test", **WIDE)
    place = begun(lead, live, "Signed out")
    cookies = lead.context.cookies()
    lead.route("**/preview", lambda route: route.fulfill(status=204))
    lead.context.clear_cookies()
    lead.locator("#body").fill("Written by nobody.")
    expect(lead.locator("[data-draft-state]")).to_contain_text("You are signed out")
    lead.context.add_cookies(cookies)  # type: ignore[arg-type]  as they were given
    lead.goto(place)
    lead.locator("[data-kept-notice]").get_by_role("button", name="Bring them back").click()
    expect(lead.locator("#body")).to_have_value("Written by nobody.")
    saved(lead)


def test_two_tabs_of_one_person_are_brought_together(live: Live, enter: EnterAs) -> None:
    lead = enter(live, "lead@corbel.test", **WIDE)
    place = begun(lead, live, "Two tabs")
    write(lead, "First\n\nMiddle\n\nLast\n")
    other = lead.context.new_page()
    other.goto(place)
    write(lead, "First of one\n\nMiddle\n\nLast\n")
    other.locator("#body").fill("First\n\nMiddle\n\nLast of the other\n")
    expect(other.locator("[data-draft-state]")).to_contain_text("has saved in the meantime")
    other.get_by_role("button", name="Save draft").click()
    other.get_by_role("button", name="Save both together").click()
    expect(other.locator("#body")).to_have_value("First of one\n\nMiddle\n\nLast of the other\n")


def test_hostile_words_are_words(live: Live, enter: EnterAs) -> None:
    lead = enter(live, "lead@corbel.test", **WIDE)
    begun(lead, live, "Hostile <img src=x onerror=harmed=1>")
    write(lead, HOSTILE)
    assert_harmless(lead, "#preview")
    expect(lead.locator("#checks")).to_contain_text(re.compile("javascript:", re.IGNORECASE))
    assert_fine_at_any_width(lead)
    lead.get_by_role("button", name="Publish").click()
    lead.get_by_role("button", name="Publish all the same").click()
    expect(lead.get_by_text("Published as version 1.")).to_be_visible()
    shown = lead.get_by_role("link", name="As readers see it").get_attribute("href")
    lead.goto(f"{live.url}{shown}")
    assert_harmless(lead, "article")
    for versions in (f"{lead.url}?view=inline", lead.url):
        lead.goto(versions)
        assert lead.evaluate("window.harmed ?? null") is None


@pytest.mark.parametrize(
    "knot",
    ["[" * 50_000, "> " * 3_000 + "deep", "<div>" * 5_000, ":::note\n" * 2_000, "*_" * 20_000],
    ids=["brackets", "quotes", "tags", "blocks", "stars"],
)
def test_a_knot_is_shown_and_the_page_goes_on(live: Live, enter: EnterAs, knot: str) -> None:
    lead = enter(live, "lead@corbel.test", **WIDE)
    begun(lead, live, "A knot")
    paste(lead, f"{knot}\n\nAfter the knot")
    saved(lead)
    expect(lead.locator("#preview")).to_contain_text("After the knot")
    lead.reload()
    expect(lead.locator("#body")).to_have_value(f"{knot}\n\nAfter the knot")


def test_ten_megabytes_are_refused_and_still_there(live: Live, enter: EnterAs) -> None:
    lead = enter(live, "lead@corbel.test", **WIDE)
    begun(lead, live, "Too much")
    write(lead, "Enough.")
    much = "Ten megabytes of words. " * 437_000
    paste(lead, much)
    state = lead.locator("[data-draft-state]")
    expect(state).to_contain_text("too long to be saved")
    lead.get_by_role("button", name="Save draft").click()
    expect(state).to_contain_text("too long to be saved")
    assert lead.locator("#body").evaluate("node => node.value.length") == len(much)
    lead.locator("#body").fill("Less.")
    saved(lead)


def test_an_address_that_is_taken_is_said_before_and_when_publishing(
    live: Live, enter: EnterAs
) -> None:
    lead = enter(live, "lead@corbel.test", **WIDE)
    begun(lead, live, "Somebody else’s address")
    write(lead, "Words.")
    lead.get_by_role("textbox", name="Address").fill("link-tasks")
    saved(lead)
    expect(lead.locator("#checks")).to_contain_text("link-tasks-2")
    lead.get_by_role("button", name="Publish").click()
    expect(lead.get_by_text("This must be set right first.")).to_be_visible()
    expect(lead.get_by_role("button", name="Publish")).to_have_count(0)
    assert_fine_at_any_width(lead)
