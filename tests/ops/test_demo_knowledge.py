"""The demo's help centre as it is filled and used."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Role
from portal.foundation.db import Base
from portal.foundation.runtime import Runtime
from portal.guidance.models import Press
from portal.kb.importing import running
from portal.kb.importing.report import Report
from portal.kb.importing.running import Job
from portal.kb.importing.storing import Choices
from portal.kb.models import Article, ArticleLink, Draft, Feedback, KbFile, Reading, Topic, Video
from portal.kb.service import tidying
from portal.ops.demo import guidance, knowledge, reading
from portal.ops.demo.readers import PRESSED, READ, WORTH
from portal.search.models import Query
from tests.fixtures.world import NOW, Person, World

Cast = Mapping[str, Actor]


@pytest.fixture
def cast(world: World, person: Person) -> Cast:
    """As many as the figures name."""
    known = [world.owner, world.pm, world.client, world.stranger, world.agent, world.second]
    return {
        **{actor.email: actor for actor in [*known, world.manager]},
        "field@acme.test": person(Role.FIELD, world.acme),
        "vendor@acme.test": person(Role.VENDOR, world.acme),
        "owner@cedar.test": person(Role.OWNER, world.birch),
    }


def _imported(runtime: Runtime, language: str) -> Report:
    return running.run(
        Job(knowledge.HELP / language, Choices(language), name=knowledge.TREE),
        runtime.writers,
        runtime.readers,
        runtime.store,
        at=NOW,
        progress=lambda step, done, of: None,
    )


def test_the_folder_comes_in_whole_but_for_one_link_and_a_second_time_changes_nothing(
    runtime: Runtime, session: Session, cast: Cast
) -> None:
    guidance.film(session, runtime.store, by=cast["lead@corbel.test"], at=NOW)
    session.commit()
    english, spanish = _imported(runtime, "en"), _imported(runtime, "es")
    assert [(one.file, one.what) for one in english.problems] == [
        ("estimating/takeoff.md", "broken_link")
    ]
    assert list(spanish.problems) == []
    assert (english.created, spanish.created) == (46, 45)
    for language in ("en", "es"):
        again = _imported(runtime, language)
        assert again.created + again.updated + again.moved == 0
    filmed = select(Article.slug).join(Topic).join(Video).where(Video.slug == guidance.FILM)
    assert set(session.scalars(filmed)) == {"build-a-schedule", "armar-cronograma"}


@pytest.fixture
def stocked(runtime: Runtime, session: Session, cast: Cast) -> Session:
    """As the demo does it."""
    guidance.film(session, runtime.store, by=cast["lead@corbel.test"], at=NOW)
    session.commit()
    knowledge.stock(runtime, NOW - timedelta(days=58))
    session.rollback()
    report = guidance.explain(session, by=cast["lead@corbel.test"], at=NOW)
    assert report.missing == []
    knowledge.revise(session, cast, NOW)
    lead = cast["lead@corbel.test"]
    knowledge.leave_over(session, runtime.store, lead, NOW - timedelta(days=3))
    session.commit()
    return session


def test_editors_find_something_to_do(stocked: Session) -> None:
    session = stocked
    drafts = {draft.title: draft.state for draft in session.scalars(select(Draft))}
    assert drafts == {
        "Hold back and release retainage": "in_review",
        "Print one crew's week on a page": "draft",
    }
    assert _behind(session) == ["corregir-factura"]
    nowhere = select(ArticleLink.target).where(ArticleLink.topic_id.is_(None))
    assert session.scalars(nowhere).all() == ["/kb/manage-drawings"]
    assert session.scalars(select(Topic.id).where(Topic.review_by < NOW)).all()
    assert session.scalars(select(Topic.id).where(Topic.owner_id.is_(None))).all() == []
    idle = select(KbFile.filename).where(KbFile.id.in_(tidying.unused(session, NOW)))
    assert session.scalars(idle).all() == [knowledge.LEFT_OVER]


def test_it_was_used_by_those_who_may_read_and_the_same_way_every_time(
    stocked: Session, cast: Cast
) -> None:
    session = stocked
    reading.read(session, cast, NOW)
    session.commit()
    judged = sum(worth.helped + len(worth.not_helped) for worth in WORTH.values())
    assert _count(session, Feedback) == judged
    assert _count(session, Reading) > sum(READ.values())
    assert _count(session, Press) == sum(PRESSED.values())
    assert _count(session, Query) > 120
    assert session.scalars(select(Press.id).where(Press.shown == 0)).all()
    oldest = session.scalar(select(func.min(Reading.at)))
    assert oldest is not None
    assert oldest > NOW - timedelta(days=29)
    staff_only = select(Reading.role).join(Article, Article.id == Reading.article_id).join(Topic)
    assert set(session.scalars(staff_only.where(Topic.audience == "staff"))) <= {"agent", "manager"}


def _behind(session: Session) -> list[str]:
    """Translations of what has been changed since."""
    newest = select(Article.topic_id, Article.number).where(Article.language == "en").subquery()
    rows = select(Article.slug).join(newest, newest.c.topic_id == Article.topic_id)
    return list(session.scalars(rows.where(Article.translated_from < newest.c.number)))


def _count(session: Session, kind: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(kind)) or 0
