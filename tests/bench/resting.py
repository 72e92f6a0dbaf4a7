"""The embedded system when nobody asks anything: memory, and the weight of its first page."""

import gzip
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tests.bench.client import Client
from tests.bench.report import Figure
from tests.bench.systems import family, scratch, system
from tests.fixtures.live import Live

MEMORY_LIMIT = 300  # MB, all processes
PAGE_LIMIT = 60  # kB, gzip, with all that it loads
REST = 12  # seconds: the clock has rung twice
FIRST = "/sign-in"
LOADS = re.compile(
    r'<(?:script|img|iframe|source|use)[^>]+(?:src|href)="([^"#]+)'
    r'|<link[^>]+rel="(?:stylesheet|icon|preload|modulepreload)"[^>]*href="([^"#]+)'
)


def measured() -> Iterator[Figure]:
    with scratch("rest") as data, system(data, "--demo") as live:
        first = Client(live.url).get(FIRST)
        assert first.status == 200, first.status
        time.sleep(REST)
        yield from _memory(live)
        yield from _weight(live, first.body.decode())


def _memory(live: Live) -> Iterator[Figure]:
    assert live.process is not None
    pids = family(live.process.pid)
    sizes = [_sizes(pid) for pid in pids]
    shared = sum(size["Pss"] for size in sizes)
    alone = sum(size["Rss"] for size in sizes)
    each = ", ".join(
        f"{_name(pid)} {size['Pss']:.0f}" for pid, size in zip(pids, sizes, strict=True)
    )
    yield Figure("at rest, all processes (PSS)", shared, "MB", limit=MEMORY_LIMIT, note=each)
    yield Figure("at rest, all processes (RSS)", alone, "MB", limit=MEMORY_LIMIT)


def _sizes(pid: int) -> dict[str, float]:
    """In MB. PSS counts what processes share once, RSS for each of them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    pairs = (line.split()[:2] for line in lines)
    return {name.rstrip(":"): int(size) * 1024 / 1e6 for name, size in pairs}


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    if b"portal" in words:
        return words[words.index(b"portal") + 1].decode()
    return Path(words[0].decode()).name.partition(" ")[0].strip("[]:")


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
