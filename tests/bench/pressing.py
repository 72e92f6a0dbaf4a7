"""The "?" on the demo's host page: what its press fetches, and what the page pays for its being
there."""

from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Browser, Request, expect, sync_playwright

from tests.bench.report import Figure
from tests.bench.systems import scratch, system
from tests.fixtures.browser import launch
from tests.fixtures.live import Live

SCREEN = "/projects/482/schedule"
LOADER = "/widget/corbel.js"
REQUESTS, KILOBYTES = 3, 40
LOADS = 25
NOISE = 1.15
LATER = ("/tips.", "/tour?")  # of the page itself, whether somebody presses or not
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def measured() -> Iterator[Figure]:
    with scratch("host") as data, system(data, "--demo") as live, sync_playwright() as playwright:
        browser = launch(playwright)
        page = f"{_host_of(live)}{SCREEN}"
        yield from _pressed(browser, page, live.url)
        yield from _loads(browser, page)
        browser.close()


def _host_of(live: Live) -> str:
    (said,) = [line for line in live.lines if "demo host" in line]
    return said.split("demo host")[1].split()[0]


def _pressed(browser: Browser, address: str, root: str) -> Iterator[Figure]:
    """Until the panel can be read; what came before the press, at leisure, weighs as well."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(address, wait_until="networkidle")
    before = len(asked)
    page.locator("[data-corbel]").get_by_role("button", name="Help").click()
    expect(page.frame_locator("iframe[title=Help]").locator("[data-view=home]")).to_be_visible()
    pressed = [one for one in asked[before:] if _is_of_the_press(one.url, root)]
    sizes = [one.sizes() for one in asked if _is_of_the_press(one.url, root)]
    total = sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)
    yield Figure("pressed ?: requests", len(pressed), "", limit=REQUESTS)
    yield Figure("panel: on the wire, all after the loader", total / 1000, "kB", limit=KILOBYTES)
    context.close()


def _is_of_the_press(url: str, root: str) -> bool:
    return url.startswith(root) and not any(part in url for part in (LOADER, *LATER))


def _loads(browser: Browser, address: str) -> Iterator[Figure]:
    """Without the help, with it loaded after the page, and by one tag, in turn; nothing is kept
    from before."""
    times: dict[str, list[float]] = {"none": [], "script": [], "tag": []}
    for _load in range(LOADS):
        for way, taken in times.items():
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{address}?help={way}")
            page.wait_for_load_state("networkidle")  # the next one is not to pay for this one
            taken.append(page.evaluate(LOADED))
            context.close()
    without = median(times["none"])
    yield Figure("host page without the help", without, "ms", note="median")
    for way, what in (("script", "after it"), ("tag", "by one tag")):
        took = median(times[way])
        yield Figure(
            f"host page with the help {what}",
            took,
            "ms",
            ratio=took / without,
            limit=NOISE,
            note="median",
        )
