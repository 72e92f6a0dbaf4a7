"""The community: the forum, ideas and the roadmap of a system with thousands of builders and of one
a tenth as large, beside the floor. What is written goes into a copy, so that the next run finds the
same."""

import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import cycle
from pathlib import Path
from typing import Final

from portal.forum.addresses import category_path, thread_path
from portal.ideas.addresses import idea_path
from tests.bench import gathering, shipping
from tests.bench.client import Answer, Client
from tests.bench.filling import CUSTOMER, CUSTOMERS, MANAGER, OWNER, signed_in
from tests.bench.gathering import Gathered
from tests.bench.measuring import Ask, Times, in_turn
from tests.bench.report import Figure
from tests.bench.speed import FLOOR, read_through
from tests.bench.systems import floor, scratch, system

POSTS: Final = 200_000  # of five replies each; a fourth as many ideas, ten times as many votes
TENTH: Final = 10
CATEGORY, THREAD, IDEAS, ROADMAP, VOTE = "category", "thread", "ideas", "roadmap", "vote"
LIMITS: Final = {
    CATEGORY: 8,
    THREAD: 8,
    IDEAS: 8,
    ROADMAP: 8,
}  # times the floor, at the 95th percentile
VOTES: Final = 3  # times the floor of a committed write
GROWTH: Final = 1.1  # of the median, from a tenth
LOOKED_AT: Final = 60  # threads and ideas, one after the other
MIDDLE: Final = 6  # page of a thread of ten and more
AFTER_A_VOTE: Final = 0.05  # seconds until the next: what follows from it is done meanwhile
AHEAD: Final = 12  # votes of each kind, before any is taken back

Key = tuple[str, int]  # what was asked, of how many posts


def measured(shelf: Path, rounds: int, posts: int = POSTS) -> Iterator[Figure]:
    sizes = [posts // TENTH, posts]
    gathered = [gathering.kept(shelf, size) for size in sizes]
    yield from _read(gathered, rounds)
    yield from _written(gathered[-1], rounds)


def _read(gathered: Sequence[Gathered], rounds: int) -> Iterator[Figure]:
    small, large = gathered
    with ExitStack() as running:
        bare = Client(running.enter_context(floor(large.database)))
        asks: dict[Key, Ask] = {(FLOOR, large.posts): lambda: bare.get("/")}
        for one in gathered:
            read_through(one.database)
            url = running.enter_context(system(one.filled.folder)).url
            asks |= {(name, one.posts): ask for name, ask in _pages(url, one).items()}
        times = in_turn(asks, rounds)
    base = times.pop((FLOOR, large.posts))
    yield Figure(FLOOR, base.p95 * 1000, "ms", note=f"median {base.median * 1000:.1f} ms")
    for name in dict.fromkeys(name for name, _posts in times):
        taken, before = times[name, large.posts], times[name, small.posts]
        limit = LIMITS.get(name.partition(",")[0])
        yield _against(base, taken, f"{name}, p95 of {large.posts:,}", limit)
        yield Figure(
            f"{name}, {large.posts:,} to {small.posts:,}",
            taken.median * 1000,
            "ms",
            ratio=taken.median / before.median,
            limit=GROWTH,
            note="median",
        )


def _against(base: Times, taken: Times, what: str, limit: float | None) -> Figure:
    return Figure(
        what,
        taken.p95 * 1000,
        "ms",
        ratio=taken.p95 / base.p95,
        limit=limit,
        note=f"median {taken.median * 1000:.1f} ms = {taken.median / base.median:.1f} ×",
    )


def _pages(url: str, one: Gathered) -> dict[str, Ask]:
    owner, manager = signed_in(one.filled, [CUSTOMER, MANAGER.format(0)])
    readers = {"visitor": Client(url), "owner": Client(url, cookies=owner)}
    decider = Client(url, cookies=manager)
    with closing(sqlite3.connect(one.database)) as connection:
        full = [thread_path(*row) for row in connection.execute(FULL, [LOOKED_AT])]
        long = [thread_path(*row, MIDDLE) for row in connection.execute(LONG, [LOOKED_AT])]
        ideas = [idea_path(number) for (number,) in connection.execute(WANTED, [LOOKED_AT])]
        places = [row for (row,) in connection.execute(CATEGORIES)]
    asks: dict[str, Ask] = {}
    for who, client in readers.items():
        asks |= {
            f"{CATEGORY}, {who}": _each(client, [category_path(place) for place in places]),
            f"{CATEGORY}, by votes, {who}": _each(
                client, [f"{category_path(place)}?sort=top" for place in places]
            ),
            f"{THREAD}, 50 replies, {who}": _each(client, full),
            f"{THREAD}, middle of a long one, {who}": _each(client, long),
            f"{IDEAS}, {who}": _each(client, ["/ideas"]),
            f"{IDEAS}, of a category, {who}": _each(
                client, [f"/ideas?category={place}" for place in places]
            ),
            f"{ROADMAP}, {who}": _each(client, ["/roadmap"]),
            f"one idea, {who}": _each(client, ideas),
        }
    asks[f"{IDEAS}, the company's, owner"] = _each(readers["owner"], ["/ideas?tab=mine"])
    asks["one idea, manager"] = _each(decider, ideas)
    return asks


FULL: Final = """SELECT number, title FROM forum_posts
    WHERE last_number BETWEEN 50 AND 60 AND state = 'published' ORDER BY number LIMIT ?"""
LONG: Final = """SELECT number, title FROM forum_posts
    WHERE last_number >= 500 AND state = 'published' ORDER BY number LIMIT ?"""
CATEGORIES: Final = "SELECT DISTINCT category FROM forum_posts"
WANTED: Final = """SELECT number FROM feature_requests
    WHERE vote_count >= 50 AND NOT is_internal AND merged_into_id IS NULL ORDER BY id LIMIT ?"""


def _each(client: Client, paths: Sequence[str]) -> Ask:
    following = cycle(paths)
    return lambda: client.get(next(following))


def _written(one: Gathered, rounds: int) -> Iterator[Figure]:
    with scratch("community") as folder, ExitStack() as running:
        copied = one.copied_to(folder)
        bare = Client(running.enter_context(floor(copied.database)))
        url = running.enter_context(system(folder)).url
        asks: dict[str, Ask] = {FLOOR: lambda: bare.post("/", {})}
        asks |= _votes(url, copied)
        times = in_turn(asks, rounds, pause=AFTER_A_VOTE)
        base = times.pop(FLOOR)
        note = f"median {base.median * 1000:.1f} ms"
        yield Figure("floor of a committed write", base.p95 * 1000, "ms", note=note)
        for name, taken in times.items():
            yield _against(base, taken, f"{name}, p95 of {one.posts:,}", VOTES)
        yield from shipping.measured(url, copied, base)


def _votes(url: str, one: Gathered) -> dict[str, Ask]:
    """By many people, for each may press only so often."""
    cookies = signed_in(one.filled, [OWNER.format(number) for number in range(CUSTOMERS)])
    voters = [Client(url, cookies=each) for each in cookies]
    for voter in voters:
        voter.get("/ideas/new")  # which brings the token that a form is sent with
        voter.headers["HX-Request"] = "true"  # a press, as the page's script sends it
    with closing(sqlite3.connect(one.database)) as connection:
        kinds = {
            what: [path.format(*row) for row in connection.execute(unknown)]
            for what, (path, unknown) in UNVOTED.items()
        }
    asks: dict[str, Ask] = {}
    for what, paths in kinds.items():
        presses = _Presses(voters, paths)
        asks[f"{VOTE} for {what}"] = presses.cast
        asks[f"{VOTE} for {what}, taken back"] = presses.take_back
    return asks


VOTERS: Final = ", ".join(f"'{OWNER.format(number)}'" for number in range(CUSTOMERS))
UNVOTED: Final = {
    "a post": (
        "/forum/{}/vote",
        f"""SELECT number FROM forum_posts AS post WHERE state = 'published'
        AND NOT EXISTS (SELECT 1 FROM forum_votes WHERE post_id = post.id)
        AND author_id NOT IN (SELECT id FROM users WHERE email IN ({VOTERS}))
        ORDER BY number DESC LIMIT {LOOKED_AT}""",
    ),
    "an idea": (
        "/ideas/{}/vote",
        f"""SELECT number FROM feature_requests AS idea WHERE status = 'submitted'
        AND NOT is_internal AND NOT EXISTS (SELECT 1 FROM feature_request_votes
        JOIN users ON users.id = user_id WHERE request_id = idea.id AND email IN ({VOTERS}))
        ORDER BY number DESC LIMIT {LOOKED_AT}""",
    ),
}
"""For which none of those who press has voted: where, and which."""


class _Presses:
    """Votes of each for each, one after the other; those that were cast are taken back."""

    def __init__(self, voters: Sequence[Client], paths: Sequence[str]) -> None:
        self._next = cycle([(voter, path) for path in paths for voter in voters])
        self._cast: deque[tuple[Client, str]] = deque()
        for _ahead in range(AHEAD):
            self.cast()

    def cast(self) -> Answer:
        voter, path = next(self._next)
        self._cast.append((voter, path))
        return voter.post(path, {"from": "list"})

    def take_back(self) -> Answer:
        voter, path = self._cast.popleft()
        return voter.post(f"{path}/removal", {"from": "list"})
