"""What readers see changes as a whole, keeps its addresses, and can be brought back."""

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry
from portal.core.permissions import Forbidden
from portal.foundation.outbox import OutboxEvent
from portal.kb.models import Article, ArticleLink, Redirect
from portal.kb.queries import editing as queries
from portal.kb.service.drafting import BadText, Conflict, SlugTaken, Text, revise, save
from portal.kb.service.publishing import (
    NoSuchVersion,
    publish,
    republish,
    restore,
    unpublish,
)
from tests.fixtures.world import NOW
from tests.kb.making import changed, drafted, published, translated


def test_readers_see_the_draft_once_it_is_published(session, world):
    draft = drafted(session, world.agent, "Plan", "**Words**")
    article = publish(session, draft, by=world.manager, at=NOW, note="First")
    assert article.is_published
    assert article.number == 1
    assert article.published_at == NOW
    assert "<strong>Words</strong>" in article.body_html
    assert queries.any_draft_of(session, article.id) is None
    kept = queries.version(session, article.id, 1)
    assert (kept.title, kept.body, kept.note, kept.by_name) == (
        "Plan",
        "**Words**",
        "First",
        world.manager.name,
    )


def test_agents_write_and_managers_publish(session, world):
    draft = drafted(session, world.agent)
    with pytest.raises(Forbidden):
        publish(session, draft, by=world.agent, at=NOW)


def test_what_has_no_title_stays_a_draft(session, world):
    with pytest.raises(BadText):
        publish(session, drafted(session, world.agent, ""), by=world.manager, at=NOW)


def test_it_is_told_and_written_down(session, world):
    article = published(session, world.manager)
    told = session.scalars(select(OutboxEvent).where(OutboxEvent.kind == "article.published"))
    assert [event.payload["article_id"] for event in told] == [str(article.id)]
    acts = session.scalars(select(AuditEntry.act)).all()
    assert acts == ["article.published"]


def test_the_former_address_leads_on_and_comes_back(session, world):
    article = published(session, world.manager, "Plan")
    changed(session, world.manager, article, slug="schedule")
    assert article.slug == "schedule"
    led = session.scalars(select(Redirect)).one()
    assert (led.slug, led.article_id) == ("plan", article.id)
    assert queries.redirect(session, "en", "plan").article_id == article.id
    changed(session, world.manager, article, slug="plan")
    assert [row.slug for row in queries.redirects_of(session, article.id)] == ["schedule"]


def test_the_address_of_another_is_refused_also_a_former_one(session, world):
    one = published(session, world.manager, "One")
    changed(session, world.manager, one, slug="uno")
    other = published(session, world.manager, "Other")
    draft = revise(session, other, by=world.manager, at=NOW)
    for taken in ("uno", "one"):
        save(session, draft, Text(taken, "Other"), draft.lock, by=world.manager, at=NOW)
        with pytest.raises(SlugTaken) as told:
            publish(session, draft, by=world.manager, at=NOW)
        assert told.value.free == f"{taken}-2"


def test_links_are_noted_with_what_they_lead_to(session, world):
    target = published(session, world.manager, "Target")
    body = "[a](/kb/target) [b](/kb/nowhere#x) [c](https://example.org)"
    article = published(session, world.manager, "Source", body)
    links = {row.target: (row.topic_id, row.anchor) for row in session.scalars(select(ArticleLink))}
    assert links["/kb/target"][0] == target.topic_id
    assert links["/kb/nowhere#x"] == (None, "x")
    assert len(links) == 2
    assert [one.id for one in queries.linking_to(session, target.topic_id)] == [article.id]
    broken = select(ArticleLink.target).where(queries.is_broken())
    assert session.scalars(broken).all() == ["/kb/nowhere#x"]
    unpublish(session, target, by=world.manager, at=NOW)
    assert set(session.scalars(broken)) == {"/kb/nowhere#x", "/kb/target"}


def test_taken_away_it_stays_with_the_editors_and_comes_back(session, world):
    article = published(session, world.manager, body="Words")
    unpublish(session, article, by=world.manager, at=NOW)
    assert not article.is_published
    assert article.body == "Words"
    revise(session, article, by=world.agent, at=NOW)
    republish(session, article, by=world.manager, at=NOW)
    assert article.is_published
    assert article.number == 1
    acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["article.published", "article.unpublished", "article.published"]


def test_a_former_version_comes_back_as_a_draft_and_then_as_the_next(session, world):
    article = published(session, world.manager, "One", "First words")
    changed(session, world.manager, article, title="Two", body="Second words")
    draft = restore(session, article, 1, 0, by=world.manager, at=NOW)
    assert (draft.title, draft.restored) == ("One", 1)
    with pytest.raises(Conflict):
        restore(session, article, 2, draft.lock + 5, by=world.manager, at=NOW)
    with pytest.raises(NoSuchVersion):
        restore(session, article, 9, draft.lock, by=world.manager, at=NOW)
    publish(session, draft, by=world.manager, at=NOW)
    assert queries.version(session, article.id, 3).restored == 1
    assert article.body == "First words"


def test_a_translation_is_outdated_once_its_original_has_changed(session, world):
    original = published(session, world.manager, "Plan")
    spanish = translated(session, world.manager, original, "El plan")
    outdated = queries.is_outdated()
    late = select(Article.id).where(outdated)
    assert session.scalars(late).all() == []
    changed(session, world.manager, original, body="More")
    assert session.scalars(late).all() == [spanish.id]
