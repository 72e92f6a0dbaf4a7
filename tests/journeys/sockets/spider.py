"""Whoever follows every link of every page that they are shown."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import requests

from tests.fixtures.processes import GENEROUS
from tests.journeys.sockets.callers import Caller

LINK = re.compile(r'(?:href|src|hx-get)="([^"#]+)')
FIXED = ("/static/", "/api/docs")  # the same for everybody
NO_PAGE = "/live"
VARIETIES = 8  # of one path, by what is asked of it
MOST = 1_000  # pages: more are no site of ours but a trap


def pages_of(caller: Caller) -> Iterator[requests.Response]:
    """From home on, each address once. What is asked for goes back to where it came from."""
    home = caller.url + "/"
    ahead, seen = [home], {home}
    while ahead:
        answer = caller.browser.get(ahead.pop(), timeout=GENEROUS)
        yield answer
        for link in _links(answer):
            if link.startswith(home) and link not in seen and _is_new(link, seen):
                seen.add(link)
                ahead.append(link)
        assert len(seen) < MOST, sorted(seen)


def _links(answer: requests.Response) -> Iterator[str]:
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        for found in LINK.findall(answer.text):
            yield urljoin(answer.url, unescape(found))


def _is_new(link: str, seen: set[str]) -> bool:
    path = urlsplit(link).path
    if path.startswith(FIXED) or path.endswith(NO_PAGE):
        return False
    return sum(urlsplit(one).path == path for one in seen) < VARIETIES
