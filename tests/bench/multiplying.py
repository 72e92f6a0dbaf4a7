"""A community by the million: rows made like those that the product wrote, with other words, people
and times, and with counts that agree with the rows. The same ones at every run.

As in stencil.py, rows are written as SQLite keeps them. They go in by their keys, and without the
indexes that can be made at the end: that is what would take the time.
"""

import random
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any, Final
from uuid import UUID

from portal.core.idea_ranking import heat_of
from portal.foundation.markup import render
from portal.ideas.models import Status
from portal.ideas.service.submitting import INTERNAL_FROM
from tests.bench import library
from tests.bench.stencil import key_at

SPAN: Final = timedelta(days=2 * 365).total_seconds()
LANES: Final = 4  # kinds of rows whose keys differ though they are of the same moment
MARK: Final = "4711"  # in each text: becomes a number that no other has
TEXTS: Final = 300
REPLIES_A_POST: Final = 5
POSTS_AN_IDEA: Final = 4
VOTES_A_POST: Final = 5  # in the forum, and as many for ideas
SKEW: Final = 1.1  # of a Pareto distribution: most threads are short, one of a thousand is of 500
LONGEST: Final = 1000  # times as many replies as the shortest thread gets
COMMENTS_AN_IDEA: Final = 2
BIG: Final = 4  # ideas that most builders want
STATUSES: Final = {
    Status.SUBMITTED: 45,
    Status.UNDER_REVIEW: 15,
    Status.PLANNED: 5,
    Status.IN_PROGRESS: 3,
    Status.SHIPPED: 17,
    Status.DECLINED: 15,
}
FORUM: Final = ("posts", "replies", "votes", "follows", "positions")
IDEAS: Final = (
    *("feature_requests", "feature_request_votes"),
    *("idea_comments", "idea_status_changes"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One of each builder; keys as SQLite keeps them."""

    user: str
    name: str
    builder: str


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    body: str
    html: str

    def numbered(self, number: int) -> dict[str, str]:
        return {
            "body": self.body.replace(MARK, str(number)),
            "body_html": self.html.replace(MARK, str(number)),
        }


@dataclass(slots=True)
class Plan:
    """Of what size it becomes; `now` in POSIX seconds, numbers are the first that are free."""

    posts: int
    people: list[Person]
    categories: list[str]
    now: float
    first_post: int
    first_idea: int
    texts: list[Text] = field(default_factory=lambda: some_texts())

    @property
    def begun(self) -> float:
        return self.now - SPAN

    @property
    def ideas(self) -> int:
        return self.posts // POSTS_AN_IDEA


class Shape:
    """A row that the product wrote, to make others like it."""

    def __init__(self, connection: sqlite3.Connection, table: str, which: str = "true") -> None:
        newest = f'SELECT * FROM "{table}" WHERE {which} ORDER BY rowid DESC LIMIT 1'
        cursor = connection.execute(newest)
        names = [name for name, *_ in cursor.description]
        self.row = dict(zip(names, cursor.fetchone(), strict=True))
        self.insertion = f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(names))})'

    def like(self, **changes: Any) -> tuple[Any, ...]:
        return tuple({**self.row, **changes}.values())


Rows = Iterable[tuple[Any, ...]]


def multiply(connection: sqlite3.Connection, plan: Plan) -> None:
    with _without_indexes(connection, [f"forum_{name}" for name in FORUM]):
        _Forum(connection, plan).write()
    with _without_indexes(connection, IDEAS):
        _Ideas(connection, plan).write()


def some_texts() -> list[Text]:
    """Of one to four paragraphs."""
    dice, found = random.Random(5), []
    for page, *_others in library.pages(TEXTS, seed=5):
        paragraphs = [one for one in page.body.split("\n\n") if not one.startswith(("#", "["))]
        chosen = paragraphs[: dice.choice((1, 1, 2, 2, 3, 4))]
        body = "\n\n".join([f"See {MARK}. {chosen[0]}", *chosen[1:]])
        found.append(Text(page.title, body, str(render(body))))
    return found


@dataclass(slots=True)
class _Thread:
    place: int
    key: str
    at: float
    author: int
    size: int = 0
    removed: int = 0
    last_at: float = 0
    answer: int = 0  # number of the reply that was accepted


@dataclass(slots=True)
class _Reply:
    at: float
    thread: int
    number: int
    key: str = ""

    @property
    def is_removed(self) -> bool:
        return (self.thread + self.number) % 89 == 88

    def author(self, people: int) -> int:
        return (self.thread * 31 + self.number * 17) % people


class _Forum:
    def __init__(self, connection: sqlite3.Connection, plan: Plan) -> None:
        self.connection, self.plan, self.dice = connection, plan, random.Random(46)
        self.threads = self._threads()
        self.replies = self._replies()
        self.upvotes = array("i", bytes(4 * (len(self.threads) + len(self.replies))))

    def write(self) -> None:
        votes = list(self._votes())
        for table, rows in (
            ("forum_posts", self._posts()),
            ("forum_replies", self._answers()),
            ("forum_votes", votes),
        ):
            _insert(self.connection, table, rows)
        self.connection.execute(FOLLOWED)
        self.connection.execute(READ)

    def _threads(self) -> list[_Thread]:
        times = _times(self.dice, self.plan.begun, self.plan.now, self.plan.posts)
        people = len(self.plan.people)
        return [
            _Thread(place, key, at, self.dice.randrange(people), last_at=at)
            for place, (at, key) in enumerate(zip(times, _keys(times, 0), strict=True))
        ]

    def _replies(self) -> list[_Reply]:
        """In the order in which they came; the more a thread has, the longer it went on."""
        dice, found = self.dice, []
        for thread, size in zip(self.threads, self._sizes(), strict=True):
            span = (self.plan.now - thread.at) * min(1.0, 0.02 + size / 1000)
            times = _times(dice, thread.at, thread.at + span, size)
            some = [_Reply(at, thread.place, number) for number, at in enumerate(times, 1)]
            thread.size, thread.removed = size, sum(reply.is_removed for reply in some)
            thread.last_at = times[-1] if times else thread.at
            helpful = [reply.number for reply in some[:10] if not reply.is_removed]
            thread.answer = dice.choice(helpful) if helpful and dice.random() < 0.6 else 0
            found += some
        found.sort(key=lambda reply: reply.at)
        for reply, key in zip(found, _keys([reply.at for reply in found], 1), strict=True):
            reply.key = key
        return found

    def _sizes(self) -> "array[int]":
        weights = [min(self.dice.paretovariate(SKEW), LONGEST) for _ in self.threads]
        sizes = array("i", bytes(4 * len(weights)))
        drawn = self.dice.choices(
            range(len(weights)),
            cum_weights=list(accumulate(weights)),
            k=len(weights) * REPLIES_A_POST,
        )
        for place in drawn:
            sizes[place] += 1
        return sizes

    def _votes(self) -> Iterator[tuple[Any, ...]]:
        """Some things are voted for by many and most by few; nobody votes for their own."""
        shape, people = Shape(self.connection, "forum_votes"), self.plan.people
        total, count = self.plan.posts * VOTES_A_POST, 0
        for place, person in enumerate(people):
            share = total * (place + 1) // len(people) - total * place // len(people)
            for target in self._chosen(place, share):
                self.upvotes[target] += 1
                count += 1
                reply = target - len(self.threads)
                what = self.threads[target] if reply < 0 else self.replies[reply]
                yield shape.like(
                    id=key_at(count),
                    user_id=person.user,
                    post_id=what.key if reply < 0 else None,
                    reply_id=what.key if reply >= 0 else None,
                    created_at=_time(self.dice.uniform(what.at, self.plan.now)),
                )

    def _chosen(self, place: int, count: int) -> list[int]:
        threads, targets, people = len(self.threads), len(self.upvotes), len(self.plan.people)
        found: set[int] = set()
        while len(found) < count:
            target = int(targets * self.dice.random() ** 2) * 7919 % targets
            if target < threads:
                author = self.threads[target].author
            else:
                author = self.replies[target - threads].author(people)
            if author != place:
                found.add(target)
        return sorted(found)

    def _posts(self) -> Iterator[tuple[Any, ...]]:
        plan, dice = self.plan, random.Random(3)
        shape, pinned = Shape(self.connection, "forum_posts"), 3 * len(plan.categories)
        for thread in self.threads:
            author, text = plan.people[thread.author], dice.choice(plan.texts)
            number, at = plan.first_post + thread.place, _time(thread.at)
            is_question, is_removed = dice.random() < 0.8, dice.random() < 0.02
            thread.answer = thread.answer if is_question else 0
            answered = _time(thread.last_at) if thread.answer else None
            yield shape.like(
                id=thread.key,
                number=number,
                kind="question" if is_question else "discussion",
                category=dice.choice(plan.categories),
                title=f"{text.title} ({number})",
                author_id=author.user,
                author_name=author.name,
                builder_id=author.builder,
                state="removed" if is_removed else "published",
                removed_at=at if is_removed else None,
                reply_count=thread.size - thread.removed,
                last_number=thread.size,
                last_name=author.name,
                upvote_count=self.upvotes[thread.place],
                pinned_at=at if dice.random() < pinned / plan.posts else None,
                locked_at=at if dice.random() < 0.05 else None,
                answered_at=answered,
                verified_at=answered if thread.place % 5 == 0 else None,
                active_at=_time(thread.last_at),
                created_at=at,
                updated_at=_time(thread.last_at),
                **text.numbered(number),
            )

    def _answers(self) -> Iterator[tuple[Any, ...]]:
        plan, dice, people = self.plan, random.Random(4), len(self.plan.people)
        shape = Shape(self.connection, "forum_replies")
        for count, reply in enumerate(self.replies):
            author, thread = plan.people[reply.author(people)], self.threads[reply.thread]
            at, is_answer = _time(reply.at), thread.answer == reply.number
            yield shape.like(
                id=reply.key,
                post_id=thread.key,
                number=reply.number,
                author_id=author.user,
                author_name=author.name,
                builder_id=author.builder,
                state="removed" if reply.is_removed else "published",
                removed_at=at if reply.is_removed else None,
                accepted_at=_time(thread.last_at) if is_answer else None,
                verified_at=_time(thread.last_at) if is_answer and reply.thread % 5 == 0 else None,
                upvote_count=self.upvotes[len(self.threads) + count],
                created_at=at,
                **dice.choice(plan.texts).numbered(count),
            )


FOLLOWED: Final = """INSERT INTO forum_follows (id, user_id, post_id, created_at)
    SELECT id, author_id, id, created_at FROM forum_posts AS post WHERE NOT EXISTS
    (SELECT 1 FROM forum_follows WHERE post_id = post.id) ORDER BY author_id, id"""
READ: Final = """INSERT INTO forum_positions (id, user_id, post_id, read_to, at)
    SELECT id, author_id, id, last_number / 2, created_at FROM forum_posts AS post WHERE NOT EXISTS
    (SELECT 1 FROM forum_positions WHERE post_id = post.id) ORDER BY author_id, id"""


@dataclass(slots=True)
class _Idea:
    place: int
    key: str
    at: float
    author: int
    status: Status
    is_internal: bool
    voters: list[int] = field(default_factory=list)
    heat: float = 0
    comments: int = 0


class _Ideas:
    def __init__(self, connection: sqlite3.Connection, plan: Plan) -> None:
        self.connection, self.plan, self.dice = connection, plan, random.Random(47)
        self.ideas = self._ideas()
        self._share_votes()

    def write(self) -> None:
        votes, comments = list(self._votes()), list(self._comments())
        for table, rows in (
            ("feature_requests", self._rows()),
            ("feature_request_votes", votes),
            ("idea_comments", comments),
            ("idea_status_changes", self._changes()),
        ):
            _insert(self.connection, table, rows)

    def _ideas(self) -> list[_Idea]:
        """The first are those that most builders want: planned, and nobody's secret."""
        dice, plan = self.dice, self.plan
        drawn = dice.choices(list(STATUSES), list(STATUSES.values()), k=plan.ideas)
        found = []
        for place, at in enumerate(_times(dice, plan.begun, plan.now, plan.ideas)):
            key = UUID(int=dice.getrandbits(128), version=4).hex
            status = Status.PLANNED if place < BIG else drawn[place]
            is_internal = place >= BIG and dice.random() < 0.02
            author = dice.randrange(len(plan.people))
            found.append(_Idea(place, key, at, author, status, is_internal))
        return found

    def _share_votes(self) -> None:
        """Each builder's one; the builder's that it comes from is the first."""
        dice, people, plan = self.dice, range(len(self.plan.people)), self.plan
        big = len(people) * 5 // 6
        weights = [min(dice.paretovariate(SKEW), LONGEST) for _ in self.ideas[BIG:]]
        sizes = array("i", [big] * BIG + [1] * len(weights))
        left = plan.posts * VOTES_A_POST - sum(sizes)
        places = range(BIG, len(sizes))
        while left:
            for place in dice.choices(places, cum_weights=list(accumulate(weights)), k=left):
                if sizes[place] < len(people):
                    sizes[place] += 1
                    left -= 1
        for idea, size in zip(self.ideas, sizes, strict=True):
            others = set(dice.sample(people, size)) - {idea.author}
            idea.voters = sorted([idea.author, *list(others)[: size - 1]])

    def _votes(self) -> Iterator[tuple[Any, ...]]:
        shape, plan, count = Shape(self.connection, "feature_request_votes"), self.plan, 0
        for idea in sorted(self.ideas, key=lambda one: one.key):
            times = [self.dice.uniform(idea.at, plan.now) for _ in idea.voters]
            idea.heat = heat_of(_moment(idea.at), map(_moment, times))
            for voter, at in zip(idea.voters, times, strict=True):
                count += 1
                person = plan.people[voter]
                yield shape.like(
                    id=key_at(count),
                    request_id=idea.key,
                    builder_id=person.builder,
                    user_id=person.user,
                    user_name=person.name,
                    created_at=_time(at),
                )

    def _comments(self) -> Iterator[tuple[Any, ...]]:
        shape, dice, plan = Shape(self.connection, "idea_comments"), self.dice, self.plan
        weights = [len(idea.voters) for idea in self.ideas]
        drawn = dice.choices(self.ideas, weights, k=plan.ideas * COMMENTS_AN_IDEA)
        for count, idea in enumerate(drawn, 1):
            idea.comments += 1
            author = plan.people[dice.choice(idea.voters)]
            yield shape.like(
                id=key_at(count),
                request_id=idea.key,
                author_id=author.user,
                author_name=author.name,
                builder_id=author.builder,
                created_at=_time(dice.uniform(idea.at, plan.now)),
                **dice.choice(plan.texts).numbered(count),
            )

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        shape, dice, plan = Shape(self.connection, "feature_requests"), random.Random(6), self.plan
        for idea in self.ideas:
            author, at = plan.people[idea.author], _time(idea.at)
            number, text = plan.first_idea + idea.place, dice.choice(plan.texts)
            words = text.numbered(number)
            yield shape.like(
                id=idea.key,
                number=INTERNAL_FROM + number if idea.is_internal else number,
                title=f"{text.title} ({number})",
                submitted_by=author.user,
                submitted_by_name=author.name,
                builder_id=author.builder,
                status=idea.status,
                status_at=at,
                vote_count=len(idea.voters),
                comment_count=idea.comments,
                heat=idea.heat,
                category=dice.choice(plan.categories),
                is_internal=idea.is_internal,
                created_at=at,
                updated_at=at,
                description=words["body"],
                description_html=words["body_html"],
            )

    def _changes(self) -> Iterator[tuple[Any, ...]]:
        shape = Shape(self.connection, "idea_status_changes")
        moved = [idea for idea in self.ideas if idea.status != Status.SUBMITTED]
        for count, idea in enumerate(moved, 1):
            yield shape.like(
                id=key_at(count),
                request_id=idea.key,
                from_status=Status.SUBMITTED,
                to_status=idea.status,
                at=_time(idea.at),
            )


def _times(dice: random.Random, begin: float, end: float, count: int) -> list[float]:
    return sorted(dice.uniform(begin, end) for _ in range(count))


def _keys(times: Sequence[float], lane: int) -> Iterator[str]:
    """Of moments in their order; two of the same moment differ."""
    ticks = 0
    for at in times:
        ticks = max(ticks + 1, int(at * 1000) * (4096 // LANES))
        yield key_at(ticks * LANES + lane)


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _time(at: float) -> str:
    return _moment(at).replace(tzinfo=None).isoformat(" ", "microseconds")


def _insert(connection: sqlite3.Connection, table: str, rows: Rows) -> None:
    insertion = Shape(connection, table).insertion
    connection.execute("BEGIN")
    connection.executemany(insertion, rows)
    connection.execute("COMMIT")


@contextmanager
def _without_indexes(connection: sqlite3.Connection, tables: Sequence[str]) -> Iterator[None]:
    """Those that decide what may stand there stay."""
    those = ", ".join("?" * len(tables))
    made = connection.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ({those})"
        " AND sql LIKE 'CREATE INDEX%'",
        tables,
    ).fetchall()
    for name, _sql in made:
        connection.execute(f'DROP INDEX "{name}"')
    yield
    for _name, sql in made:
        connection.execute(sql)
