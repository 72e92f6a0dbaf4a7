"""A system with a whole community: people of thousands of builders, the forum, ideas, a roadmap and
notes of what is new. One of each was written through the product; multiplying.py makes the rest."""

import json
import random
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts import service as accounts
from portal.accounts.models import Membership, User
from portal.background import create_background
from portal.core.permissions import Actor, Role
from portal.core.quarters import around, quarter_of
from portal.forum.models import Kind
from portal.forum.service import posting, voting
from portal.forum.service.posting import NewPost
from portal.foundation.clock import utcnow
from portal.foundation.numbers import Counter
from portal.foundation.outbox import OutboxEvent
from portal.foundation.runtime import Runtime, runtime_of
from portal.foundation.tenancy import PLATFORM, see
from portal.ideas.models import OPEN, FeatureRequest, Status
from portal.ideas.service import commenting, statuses, submitting
from portal.ideas.service.statuses import Decision
from portal.ops.revisions import MIGRATIONS
from portal.policy.loader import load_pack
from portal.policy.modules import modules
from portal.releases.service import drafting, publishing
from portal.releases.service.drafting import Written
from portal.roadmap.models import Stage
from portal.roadmap.service import writing
from portal.roadmap.service.writing import Plan as Planned
from portal.roadmap.service.writing import Words
from tests.bench import filling, library, multiplying, stencil, stories
from tests.bench.filling import MANAGER, OWNER, Filled, fill, settings_of
from tests.bench.multiplying import BIG, MARK, SPAN, Person, Plan, Shape
from tests.bench.stencil import key_at

TICKETS: Final = 1000  # beside the community; the floor shows some of them
POSTS_A_BUILDER: Final = 33
ITEMS: Final = 300  # of the roadmap, whatever the size of all else
QUARTERS_BEFORE, QUARTERS_AFTER = 4, 3
IDEAS_AN_ITEM: Final = 3
NOTES: Final = 40
ADMIN: Final = "admin@corbel.test"
PACK: Final = "module-46"
PLANS: Final = ("starter", "professional", "business", "enterprise")


@dataclass(frozen=True, slots=True)
class Gathered:
    """`notes` and `items` are drafts and items in progress that ship ideas which most want."""

    filled: Filled
    posts: int
    notes: list[str]
    items: list[str]

    @property
    def database(self) -> Path:
        return self.filled.folder / "corbel.db"

    def copied_to(self, folder: Path) -> "Gathered":
        """Of nothing that runs."""
        shutil.copytree(self.filled.folder, folder, dirs_exist_ok=True)
        return replace(self, filled=replace(self.filled, folder=folder))


def kept(shelf: Path, posts: int) -> Gathered:
    """From the shelf, or made."""
    folder = shelf / f"community-{posts}-{_edition()}"
    note = folder / "gathered.json"
    if not note.exists():
        for old in shelf.glob(f"community-{posts}-*"):
            shutil.rmtree(old)
        filled = fill(folder, TICKETS)
        made = gather(folder, posts)
        note.write_text(json.dumps(made | {"tokens": filled.tokens}))
    known = json.loads(note.read_text())
    filled = Filled(folder, TICKETS, known.pop("tokens"), [])
    return Gathered(filled, posts, **known)


def _edition() -> str:
    made_by = [Path(str(one.__file__)) for one in (filling, library, multiplying, stencil, stories)]
    made_by += [Path(__file__), *sorted(MIGRATIONS.rglob("*.py"))]
    return sha256(b"".join(map(Path.read_bytes, made_by))).hexdigest()[:10]


def gather(folder: Path, posts: int) -> dict[str, Any]:
    """What Gathered says of it."""
    app, now = create_background(settings_of(folder)), utcnow()
    with app.app_context():
        runtime = runtime_of(app)
        _write_one_of_each(runtime, now - timedelta(seconds=SPAN))
        runtime.engine.dispose()
        plan = _fill(folder, posts, now)
        with runtime.writers.begin() as session:
            see(session, PLATFORM)
            admin = _admin(session, now)
            items = _roadmap(session, plan, admin, now)
            notes = _notes(session, plan, admin, now)
            session.execute(update(OutboxEvent).values(done_at=now))  # nobody is told of all that
        runtime.engine.dispose()
    return {"items": items, "notes": notes}


def _fill(folder: Path, posts: int, now: datetime) -> Plan:
    with closing(sqlite3.connect(folder / "corbel.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        people = _people(connection, posts // POSTS_A_BUILDER)
        plan = _plan(connection, posts, people, now)
        multiplying.multiply(connection, plan)
        _count_on(connection)
        assert not any(connection.execute(wrong).fetchall() for wrong in WRONG)
        connection.execute("PRAGMA journal_mode = WAL")
    return plan


def _write_one_of_each(runtime: Runtime, at: datetime) -> None:
    """By builders who are not those that are measured."""
    text = f"See {MARK}."
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        asker, helper, manager = (
            _actor(session, email)
            for email in (OWNER.format(18), OWNER.format(19), MANAGER.format(0))
        )
        new = NewPost(Kind.QUESTION, "scheduling", "en", f"Where is {MARK}?", text)
        post = posting.begin(session, new, by=asker, at=at).post
        posting.reply(session, post, text, by=helper, at=at)
        voting.upvote(session, post, by=helper, at=at)
        words = submitting.Words(f"More of {MARK}", text, category="scheduling")
        idea = submitting.submit(session, words, language="en", by=asker, at=at)
        commenting.comment(session, idea, text, by=helper, at=at)
        statuses.decide(session, idea, Decision(Status.UNDER_REVIEW), by=manager, at=at)


def _actor(session: Session, email: str) -> Actor:
    membership = session.scalars(select(Membership).join(User).where(User.email == email)).one()
    return accounts.actor(membership, None)


def _people(connection: sqlite3.Connection, builders: int) -> list[Person]:
    """An owner for each builder; the first ones are there."""
    company, owner = Shape(connection, "builders"), Shape(connection, "users", LAST_OWNER)
    member = Shape(connection, "memberships", "role = 'owner'")
    connection.execute("BEGIN")
    for number in range(filling.CUSTOMERS, builders):
        key, plan = key_at(number), PLANS[number % len(PLANS)]
        for shape, changes in (
            (company, {"slug": f"builder{number}", "name": f"Builder {number}", "plan": plan}),
            (owner, {"email": OWNER.format(number), "name": f"Owner {number}"}),
            (member, {"user_id": key, "builder_id": key}),
        ):
            connection.execute(shape.insertion, shape.like(id=key, **changes))
    connection.execute("COMMIT")
    return [Person(*row) for row in connection.execute(OWNERS)]


LAST_OWNER: Final = f"email = '{OWNER.format(filling.CUSTOMERS - 1)}'"
OWNERS: Final = """SELECT user_id, users.name, builder_id FROM memberships
    JOIN users ON users.id = user_id WHERE role = 'owner' ORDER BY users.id"""


def _plan(connection: sqlite3.Connection, posts: int, people: list[Person], now: datetime) -> Plan:
    free = [
        connection.execute(f"SELECT max(number) + 1 FROM {table}").fetchone()[0]
        for table in ("forum_posts", "feature_requests")
    ]
    categories = list(modules(load_pack(PACK), "en"))
    return Plan(posts, people, categories, now.timestamp(), *free)


def _count_on(connection: sqlite3.Connection) -> None:
    """From the highest number that was given."""
    for name, table in (("forum", "forum_posts"), ("ideas", "feature_requests")):
        connection.execute(
            f"UPDATE {Counter.__tablename__} SET value = (SELECT max(number) FROM {table}"
            " WHERE number < 1000000) WHERE name = ?",
            [name],
        )


WRONG: Final = (
    """SELECT id FROM forum_posts AS post WHERE upvote_count <>
        (SELECT count(*) FROM forum_votes WHERE post_id = post.id)""",
    """SELECT id FROM forum_replies AS reply WHERE upvote_count <>
        (SELECT count(*) FROM forum_votes WHERE reply_id = reply.id)""",
    """SELECT id FROM forum_posts AS post WHERE (reply_count, last_number) <>
        (SELECT count(*) FILTER (WHERE state = 'published'), coalesce(max(number), 0)
        FROM forum_replies WHERE post_id = post.id)""",
    """SELECT id FROM forum_posts AS post WHERE (answered_at IS NOT NULL) <>
        EXISTS (SELECT 1 FROM forum_replies WHERE post_id = post.id AND accepted_at IS NOT NULL)""",
    """SELECT id FROM feature_requests AS idea WHERE vote_count <>
        (SELECT count(*) FROM feature_request_votes WHERE request_id = idea.id)""",
    """SELECT id FROM feature_requests AS idea WHERE comment_count <>
        (SELECT count(*) FROM idea_comments WHERE request_id = idea.id)""",
)
"""Rows whose counts do not agree with what they count."""


def _admin(session: Session, at: datetime) -> Actor:
    membership = accounts.add_member(
        session,
        email=ADMIN,
        name="Admin",
        role=Role.PLATFORM_ADMIN,
        builder=None,
        password="",
        at=at,
    )
    return accounts.actor(membership, None)


def _roadmap(session: Session, plan: Plan, by: Actor, at: datetime) -> list[str]:
    """The past quarters shipped, this one is in progress. Returns the keys of items in progress
    with an idea that most want."""
    dice, quarters = random.Random(8), around(at, QUARTERS_BEFORE, QUARTERS_AFTER)
    ideas = cycle(_wanted(session, plan, ITEMS * IDEAS_AN_ITEM))
    for number in range(ITEMS):
        place, text = number * len(quarters) // ITEMS, plan.texts[number % len(plan.texts)]
        some = [next(ideas) for _ in range(dice.randint(0, IDEAS_AN_ITEM))]
        planned = Planned(
            {"en": Words(text.title, text.body[:300]), "es": Words(text.title, text.body[:300])},
            _stage_of(place),
            quarters[place],
            dice.choice(plan.categories),
            some,
        )
        _public(session, planned, by, at)
    return [
        _public(
            session,
            Planned({"en": Words(idea.title)}, Stage.IN_PROGRESS, quarter_of(at), ideas=[idea]),
            by,
            at,
        )
        for idea in _big(session, plan)[: BIG // 2]
    ]


def _public(session: Session, planned: Planned, by: Actor, at: datetime) -> str:
    item = writing.add(session, planned, by=by, at=at)
    writing.publish(session, item, item.edition, by=by, at=at)
    return str(item.id)


def _stage_of(place: int) -> Stage:
    if place < QUARTERS_BEFORE:
        return Stage.SHIPPED
    return Stage.PLANNED if place > QUARTERS_BEFORE else Stage.IN_PROGRESS


def _wanted(session: Session, plan: Plan, count: int) -> Sequence[FeatureRequest]:
    """Open ones that everybody may read, but for those that ship later."""
    query = select(FeatureRequest).where(
        FeatureRequest.status.in_(OPEN),
        FeatureRequest.is_internal.is_(False),
        FeatureRequest.number >= plan.first_idea + BIG,
    )
    return session.scalars(query.order_by(FeatureRequest.vote_count.desc()).limit(count)).all()


def _big(session: Session, plan: Plan) -> Sequence[FeatureRequest]:
    numbers = range(plan.first_idea, plan.first_idea + BIG)
    query = select(FeatureRequest).where(FeatureRequest.number.in_(numbers))
    return session.scalars(query.order_by(FeatureRequest.number)).all()


def _notes(session: Session, plan: Plan, by: Actor, at: datetime) -> list[str]:
    """Published ones, and the keys of drafts that ship an idea that most want."""
    for number, text in enumerate(plan.texts[:NOTES]):
        published = at - timedelta(days=10 * (NOTES - number))
        note = drafting.begin(session, _written(text.title, text.body), by=by, at=published)
        publishing.publish(session, note, by=by, at=published)
    return [
        str(drafting.begin(session, _written(idea.title, MARK, [idea.id]), by=by, at=at).id)
        for idea in _big(session, plan)[BIG // 2 :]
    ]


def _written(title: str, body: str, ideas: Sequence[UUID] = ()) -> Written:
    return Written({"en": drafting.Words(title, "", body)}, version="4.2", ideas=ideas)
