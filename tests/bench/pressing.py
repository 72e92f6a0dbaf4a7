"""The "?" on the demo's host page: what its press fetches, and what the page pays for its being
there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.bench.report import Figure
from tests.bench.systems import scratch, system
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
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = f"{_host_of(live)}{SCREEN}"
        yield from _pressed(browser, page, live.url)
        yield from _loads(browser, page, live.url)
        browser.close()


def _host_of(live: Live) -> str:
    (said,) = [line for line in live.lines if "demo host" in line]
    return said.split("demo host")[1].split()[0]


@dataclass(slots=True)
class Fetched:
    """What comes from us, by the id of its request; `sizes` are bytes on the wire."""

    root: str
    addresses: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)

    def listen(self, context: BrowserContext, page: Page) -> None:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._came)

    def _asked(self, event: Any) -> None:
        url = event["request"]["url"]
        if url.startswith(self.root) and not any(part in url for part in (LOADER, *LATER)):
            self.addresses[event["requestId"]] = url

    def _came(self, event: Any) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    @property
    def kilobytes(self) -> float:
        return sum(self.sizes.get(one, 0) for one in self.addresses) / 1000


def _pressed(browser: Browser, address: str, root: str) -> Iterator[Figure]:
    context = browser.new_context()
    page = context.new_page()
    fetched = Fetched(root)
    fetched.listen(context, page)
    page.goto(address)
    page.locator("[data-corbel]").get_by_role("button", name="Help").click()
    expect(page.frame_locator("iframe[title=Help]").locator("[data-view=home]")).to_be_visible()
    page.wait_for_timeout(300)
    yield Figure("pressed ?: requests", len(fetched.addresses), "", limit=REQUESTS)
    yield Figure("pressed ?: on the wire", fetched.kilobytes, "kB", limit=KILOBYTES)
    context.close()


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
