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
LOADS = 15
NOISE = 1.15
LATER = ("/tips.", "/tour?")  # of the page itself, whether somebody presses or not
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def measured() -> Iterator[Figure]:
    with scratch("host") as data, system(data, "--demo") as live, sync_playwright() as playwright:
        browser = launch(playwright)
        page = f"{_host_of(live)}{SCREEN}"
        yield from _pressed(browser, page, live.url)
        yield from _loads(browser, page, live.url)
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


def _loads(browser: Browser, address: str, root: str) -> Iterator[Figure]:
    """With the loader and with its address refused, in turn, with nothing kept from before."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for _load in range(LOADS):
        for refused in times:
            context = browser.new_context()
            page = context.new_page()
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.setBlockedURLs", {"urls": [f"{root}/*"] if refused else []})
            page.goto(address)
            page.wait_for_function(f"{LOADED} > 0")
            times[refused].append(page.evaluate(LOADED))
            context.close()
    without, with_it = median(times[True]), median(times[False])
    yield Figure("host page without the loader", without, "ms", note="median")
    yield Figure(
        "host page with the loader",
        with_it,
        "ms",
        ratio=with_it / without,
        limit=NOISE,
        note="median",
    )
