"""To readers once, at the right time, and away from them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.models import AuditEntry
from portal.core.permissions import Forbidden
from portal.foundation.outbox import OutboxEvent
from portal.foundation.tenancy import PLATFORM, see
from portal.ideas.models import IdeaStatusChange, Status
from portal.ideas.service import statuses
from portal.ideas.service.statuses import Decision
from portal.releases.happenings import PUBLISHED
from portal.releases.models import Release
from portal.releases.service import publishing, scheduling
from portal.releases.service.drafting import Words, Written, edit
from portal.releases.service.refusals import ChangedMeanwhile, NothingWritten, NotNow, TooEarly
from portal.writing.models import Picture
from portal.writing.service import pictures
from tests.fixtures.premises import picture
from tests.fixtures.world import NOW
from tests.ideas.making import idea
from tests.releases.making import note, published

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("noon")]
LATER = NOW + timedelta(hours=2)


def happened(session):
    return session.scalar(select(func.count()).where(OutboxEvent.kind == PUBLISHED))


def acts(session):
    return [act for act in session.scalars(select(AuditEntry.act)) if act.startswith("release.")]


def test_a_number_is_drawn_with_the_first_publication(session, world):
    drafts = [note(session, world.manager, f"Note {place}") for place in range(3)]
    assert [one.number for one in drafts] == [None] * 3
    for one in reversed(drafts):
        publishing.publish(session, one, by=world.manager, at=NOW)
    numbers = [one.number for one in reversed(drafts)]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert acts(session) == ["release.published"] * 3


def test_only_who_may_write_news_does(session, world):
    draft = note(session, world.manager)
    for who in (world.agent, world.owner):
        with pytest.raises(Forbidden):
            publishing.publish(session, draft, by=who, at=NOW)
        with pytest.raises(Forbidden):
            note(session, who)


def test_a_note_says_something_in_one_language_at_least(session, world):
    with pytest.raises(NothingWritten):
        note(session, world.manager, " ")


def test_an_edit_over_a_newer_one_is_refused(session, world):
    draft = note(session, world.manager)
    words = Written({"en": Words("New")})
    edit(session, draft, words, draft.edition, by=world.manager, at=NOW)
    with pytest.raises(ChangedMeanwhile):
        edit(session, draft, words, draft.edition - 1, by=world.admin, at=NOW)
    seen = draft.edition
    publishing.publish(session, draft, by=world.manager, at=NOW)
    with pytest.raises(ChangedMeanwhile):
        edit(session, draft, words, seen, by=world.admin, at=NOW)


def test_linked_ideas_become_shipped_in_its_version(session, world):
    wished, before = idea(session, world.owner), idea(session, world.owner, "There already")
    statuses.decide(
        session, before, Decision(Status.SHIPPED, version="4.0"), by=world.manager, at=NOW
    )
    published(session, world.manager, ideas=[wished.id, before.id])
    assert (wished.status, wished.shipped_in_version) == (Status.SHIPPED, "4.2")
    assert before.shipped_in_version == "4.0"
    changes = select(func.count()).where(IdeaStatusChange.to_status == Status.SHIPPED)
    assert session.scalar(changes) == 2


def test_two_presses_and_the_clock_at_once_publish_once(app, session, runtime, world):
    wished = idea(session, world.owner)
    draft = note(session, world.manager, ideas=[wished.id])
    scheduling.schedule(session, draft, LATER, by=world.manager, at=NOW)
    session.commit()
    key = draft.id

    def press(by):
        with app.app_context(), runtime.writers.begin() as own:
            see(own, PLATFORM)
            publishing.publish(own, own.get_one(Release, key), by=by, at=LATER)

    def tick():
        with app.app_context():
            scheduling.publish_due(runtime.writers, LATER)

    with ThreadPoolExecutor(4) as pool:
        done = [
            *(pool.submit(press, who) for who in (world.manager, world.admin)),
            *(pool.submit(tick) for _ in range(2)),
        ]
        for one in done:
            one.result()
    session.rollback()
    session.expire_all()
    assert session.get_one(Release, key).state == "published"
    assert happened(session) == 1
    assert acts(session).count("release.published") == 1
    changes = select(func.count()).where(IdeaStatusChange.to_status == Status.SHIPPED)
    assert session.scalar(changes) == 1


def test_the_clock_publishes_at_its_time_and_not_before(session, runtime, world):
    draft = note(session, world.manager)
    with pytest.raises(TooEarly):
        scheduling.schedule(session, draft, NOW, by=world.manager, at=NOW)
    scheduling.schedule(session, draft, NOW + timedelta(hours=1), by=world.manager, at=NOW)
    scheduling.schedule(session, draft, LATER, by=world.manager, at=NOW)
    session.commit()
    assert scheduling.publish_due(runtime.writers, LATER - timedelta(seconds=1)) == 0
    assert scheduling.publish_due(runtime.writers, LATER) == 1
    assert scheduling.publish_due(runtime.writers, LATER) == 0
    session.rollback()
    session.expire_all()
    done = session.get_one(Release, draft.id)
    assert (done.state, done.published_at, done.publish_at) == ("published", LATER, None)


def test_what_was_cancelled_is_not_published_by_itself(session, runtime, world):
    draft = note(session, world.manager)
    scheduling.schedule(session, draft, LATER, by=world.manager, at=NOW)
    assert scheduling.cancel(session, draft, by=world.manager, at=NOW)
    assert not scheduling.cancel(session, draft, by=world.manager, at=NOW)
    session.commit()
    assert scheduling.publish_due(runtime.writers, LATER) == 0


def test_one_that_fails_holds_no_other_up(session, runtime, world, monkeypatch):
    bad, good = (note(session, world.manager, title) for title in ("Bad", "Good"))
    for minutes, one in enumerate((bad, good)):
        when = NOW + timedelta(minutes=10 + minutes)
        scheduling.schedule(session, one, when, by=world.manager, at=NOW)
    session.commit()
    publish, key = publishing.publish, bad.id

    def failing(own, one, **how):
        if one.id == key:
            raise RuntimeError("not this one")
        return publish(own, one, **how)

    monkeypatch.setattr(publishing, "publish", failing)
    assert scheduling.publish_due(runtime.writers, LATER) == 1


def test_it_is_withdrawn_and_brought_back_and_nobody_is_told_twice(session, world):
    done = published(session, world.manager)
    with pytest.raises(NotNow):
        scheduling.schedule(session, done, LATER, by=world.manager, at=NOW)
    assert publishing.withdraw(session, done, by=world.manager, at=NOW)
    assert not publishing.withdraw(session, done, by=world.manager, at=NOW)
    with pytest.raises(NotNow):
        publishing.publish(session, done, by=world.manager, at=NOW)
    assert publishing.bring_back(session, done, by=world.manager, at=LATER)
    assert not publishing.bring_back(session, done, by=world.manager, at=LATER)
    assert (done.published_at, happened(session)) == (NOW, 1)
    assert acts(session) == ["release.published", "release.withdrawn", "release.restored"]


def test_pictures_are_shown_while_the_note_is(session, runtime, world):
    own, strangers = (
        pictures.keep(session, runtime.store, picture(), by=who, at=NOW, limit=10**7)
        for who in (world.admin, world.owner)
    )
    body = f"![one](/attachments/{own.id}) ![two](/attachments/{strangers.id})"
    draft = note(session, world.manager, body=body)

    def shown(one):
        session.expire_all()
        return pictures.readable(session, one.id, None) is not None

    assert not shown(own)
    publishing.publish(session, draft, by=world.manager, at=NOW)
    assert shown(own)
    assert not shown(strangers)  # who brought it has shown it to nobody
    publishing.withdraw(session, draft, by=world.manager, at=NOW)
    assert not shown(own)
    publishing.bring_back(session, draft, by=world.manager, at=NOW)
    assert shown(own)
    assert session.get_one(Picture, strangers.id).shown_at is None
