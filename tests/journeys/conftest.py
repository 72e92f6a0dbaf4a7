"""Doors into running systems: each person signs in once, as the sign-in page may be used rarely."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fixtures.browser import OpenPage
from tests.fixtures.live import Live, live_with
from tests.fixtures.prepared import Prepare
from tests.journeys.acting import PATIENCE, sign_in

EnterAs = Callable[..., Page]
"""enter(system, "owner@acme.test", "/tickets", **options of Playwright's new_context)"""


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="package")
def live(prepare: Prepare) -> Iterator[Live]:
    """One demo system for the journeys of this process; they must not undo each other. It ends
    with the last of them: even when nobody asks it anything, it has its work."""
    yield from live_with(prepare, "--demo")


@pytest.fixture(scope="session")
def keys() -> dict[tuple[Path, str], Any]:
    """Cookies of those who have signed in, by system and address."""
    return {}


@pytest.fixture
def enter(open_page: OpenPage, browser: Browser, keys: dict[tuple[Path, str], Any]) -> EnterAs:
    def as_person(system: Live, email: str, path: str = "/", **options: Any) -> Page:
        mine = (system.data, email)
        if mine not in keys:
            with browser.new_context() as door:
                sign_in(door.new_page(), system.url, email)
                keys[mine] = door.storage_state()
        page = open_page(storage_state=keys[mine], **options)
        page.set_default_timeout(PATIENCE)
        page.goto(system.url + path)
        return page

    return as_person
