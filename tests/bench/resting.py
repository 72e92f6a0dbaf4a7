"""The embedded system when nobody asks anything, and its first page: memory and weight."""

import gzip
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from portal.ops.demo.people import PASSWORD
from tests.bench.client import Client
from tests.bench.report import Figure
from tests.bench.systems import family, scratch, system
from tests.fixtures.live import Live

MEMORY_LIMIT = 300  # MB, all processes
PAGE_LIMIT = 60  # kB, gzip, with all that it loads
REST = 12  # seconds: the clock has rung twice
FIRST = "/sign-in"
AGENT, CUSTOMER = "agent1@corbel.test", "owner@acme.test"
PAGES = 200
LOADS = re.compile(
    r'<(?:script|img|iframe|source|use)[^>]+(?:src|href)="([^"#]+)'
    r'|<link[^>]+rel="(?:stylesheet|icon|preload|modulepreload)"[^>]*href="([^"#]+)'
)


def measured() -> Iterator[Figure]:
    with scratch("rest") as data, system(data, "--demo") as live:
        first = Client(live.url).get(FIRST)
        assert first.status == 200, first.status
        time.sleep(REST)
        yield from _memory(live, "at rest", alone=MEMORY_LIMIT)
        _look_around(live)
        yield from _memory(live, f"after {PAGES} pages", alone=None)
        yield from _weight(live, first.body.decode())


def _look_around(live: Live) -> None:
    """As an agent and a customer at their lists and tickets."""
    rounds = [
        _round(live, AGENT, "/queue", "/desk/"),
        _round(live, CUSTOMER, "/tickets", "/tickets/"),
    ]
    for number in range(PAGES):
        client, paths = rounds[number % 2]
        answer = client.get(paths[number // 2 % len(paths)])
        assert answer.status == 200, answer.status


def _round(live: Live, email: str, listing: str, ticket: str) -> tuple[Client, list[str]]:
    client = Client(live.url)
    client.get(FIRST)
    assert client.post(FIRST, {"email": email, "password": PASSWORD}).status == 303
    found = set(re.findall(rf'href="({ticket}\d+)"', client.get(listing).body.decode()))
    return client, [path for one in sorted(found) for path in (listing, one)]


def _memory(live: Live, when: str, *, alone: float | None) -> Iterator[Figure]:
    """What is really taken has the limit at all times; what each process sees for itself, in which
    Python's own pages are counted six times, has the one that is given."""
    assert live.process is not None
    pids = family(live.process.pid)
    sizes = [_sizes(pid) for pid in pids]
    shared = sum(size["Pss"] for size in sizes)
    seen = sum(size["Rss"] for size in sizes)
    each = ", ".join(
        f"{_name(pid)} {size['Rss']:.0f}" for pid, size in zip(pids, sizes, strict=True)
    )
    yield Figure(f"{when}, all processes (PSS)", shared, "MB", limit=MEMORY_LIMIT)
    yield Figure(f"{when}, all processes (RSS)", seen, "MB", limit=alone, note=each)


def _sizes(pid: int) -> dict[str, float]:
    """In MB. PSS counts what processes share once, RSS for each of them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    pairs = (line.split()[:2] for line in lines)
    return {name.rstrip(":"): int(size) * 1024 / 1e6 for name, size in pairs}


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    if b"portal" in words:
        return words[words.index(b"portal") + 1].decode()
    return "valkey" if b"valkey-server" in words[0] else Path(words[0].decode()).name


def _weight(live: Live, page: str) -> Iterator[Figure]:
    links = {urljoin(live.url + FIRST, found[0] or found[1]) for found in LOADS.findall(page)}
    ours = urlsplit(live.url).netloc
    foreign = sorted(link for link in links if urlsplit(link).netloc != ours)
    size = _packed(page.encode()) + sum(_size(live, link) for link in links if link not in foreign)
    note = f"{len(links) + 1} files"
    yield Figure(
        "first page, gzip, with all it loads", size / 1000, "kB", limit=PAGE_LIMIT, note=note
    )
    yield Figure(
        "first page, requests to foreign hosts", len(foreign), "", limit=0, note=" ".join(foreign)
    )


def _size(live: Live, link: str) -> int:
    parts = urlsplit(link)
    answer = Client(live.url).get(f"{parts.path}?{parts.query}", **{"Accept-Encoding": "gzip"})
    assert answer.status == 200, link
    if answer.headers.get(b"content-encoding") == b"gzip":
        return answer.size
    return _packed(answer.body)


def _packed(body: bytes) -> int:
    return len(gzip.compress(body, 6))
