"""The help centre: pages over ten thousand articles in two languages, embedded and on PostgreSQL,
beside the floor."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

from portal.kb.addresses import article_path, category_path, home_path
from tests.bench import importing, library, pressing, stocking
from tests.bench.client import Client
from tests.bench.filling import CUSTOMER, MANAGER, Filled, signed_in
from tests.bench.measuring import Ask, Times, in_turn
from tests.bench.report import Figure
from tests.bench.systems import floor, scratch, system

ARTICLES = 10_000
READ = 400  # articles that are opened, one after the other
CONTEXTUAL, ARTICLE, SEARCH = "contextual lookup", "article", "search"
LIMITS = {CONTEXTUAL: 4, ARTICLE: 5, SEARCH: 10}  # times the floor, at the 95th percentile
FLOOR = "floor"


def measured(shelf: Path, rounds: int, articles: int = ARTICLES) -> Iterator[Figure]:
    filled = stocking.kept(shelf, articles)
    with ExitStack() as running:
        bare = Client(running.enter_context(floor(filled.folder / "corbel.db")))
        url = running.enter_context(system(filled.folder)).url
        address = running.enter_context(stocking.on_postgres(filled.folder))
        data = running.enter_context(scratch("data"))
        other = running.enter_context(system(data, DATABASE_URL=address)).url
        asks: dict[str, Ask] = {FLOOR: lambda: bare.get("/")}
        asks |= _asks(url, filled, articles)
        asks["search, PostgreSQL"] = _each(Client(other), _searches())
        asks["search again, PostgreSQL"] = _each(Client(other), _same())
        yield from _figures(in_turn(asks, rounds), articles)
    yield from importing.measured()
    yield from pressing.measured()


def _figures(times: dict[str, Times], articles: int) -> Iterator[Figure]:
    base = times.pop(FLOOR)
    yield Figure(FLOOR, base.p95 * 1000, "ms", note=f"median {base.median * 1000:.1f} ms")
    for name, taken in times.items():
        kind = name.partition(",")[0].removesuffix(" again")
        yield Figure(
            f"{name}, p95 of {articles:,}",
            taken.p95 * 1000,
            "ms",
            ratio=taken.p95 / base.p95,
            limit=LIMITS.get(kind),
            note=f"median {taken.median * 1000:.1f} ms = {taken.median / base.median:.1f} ×",
        )


def _asks(url: str, filled: Filled, articles: int) -> dict[str, Ask]:
    owner, manager = signed_in(filled, [CUSTOMER, MANAGER.format(0)])
    visitor, program = Client(url), Client(url, {"Authorization": f"Bearer {filled.tokens[0]}"})
    reader, editor = Client(url, cookies=owner), Client(url, cookies=manager)
    read = [
        article_path(page.language, page.slug)
        for both in library.pages(min(articles, READ))
        for page in both
    ]
    return {
        CONTEXTUAL: _each(program, _screens()),
        f"{ARTICLE}, visitor": _each(visitor, read),
        f"{ARTICLE}, owner": _each(reader, read),
        "category": _each(visitor, [category_path("en", f"shelf-{n}") for n in range(12)]),
        "home of the help": _each(visitor, [home_path("en"), home_path("es")]),
        "search, embedded": _each(visitor, _searches()),
        "search again, embedded": _each(visitor, _same()),
        "suggested while typing": _each(visitor, _typed()),
        "sitemap": _each(visitor, ["/sitemap.xml", "/sitemap-2.xml"]),
        "list of editors": _each(editor, ["/articles"]),
        "gaps": _each(editor, ["/articles/gaps"]),
    }


def _each(client: Client, paths: list[str]) -> Ask:
    following = cycle(paths)
    return lambda: client.get(next(following))


def _screens() -> list[str]:
    pages = [stocking.address(n).format(id=n + 7) for n in range(stocking.SCREENS)]
    return [
        f"/api/v1/support/kb/contextual?{urlencode({'url': page, 'lang': spoken})}"
        for page in pages
        for spoken in library.LANGUAGES
    ]


def _searches() -> list[str]:
    """Another question each time."""
    return [_search(words, spoken) for words, spoken in library.many_questions()]


def _same() -> list[str]:
    """Questions that were asked before."""
    return [_search(words, spoken) for words, spoken in library.questions()[:5]]


def _typed() -> list[str]:
    return [
        _search(words[:end], spoken) + "&typing=1"
        for words, spoken in library.questions()
        for end in range(3, len(words), 2)
    ]


def _search(words: str, spoken: str) -> str:
    return f"/search?{urlencode({'q': words, 'lang': spoken})}"
