"""Many articles at once, looked at before and undone after."""

from datetime import timedelta

import pytest

from portal.core.audience import Audience
from portal.core.permissions import Forbidden
from portal.kb.queries import editing as queries
from portal.kb.service import bulk, categories, reviewing
from portal.kb.service.bulk import CannotUndo, Deed
from portal.kb.service.categories import Shelf
from portal.kb.service.drafting import Text, revise, save, text_of
from portal.kb.service.publishing import unpublish
from tests.fixtures.world import NOW
from tests.kb.making import drafted, published


def whys(session, ids, deed, value, by):
    return {step.title: step.why for step in bulk.look(session, ids, deed, value, by=by)}


def test_it_says_before_what_it_would_do(session, world):
    one = published(session, world.manager, "One")
    two = drafted(session, world.agent, "Two").article
    three = drafted(session, world.agent, "").article
    ids = [one.id, two.id, three.id]
    assert whys(session, ids, Deed.PUBLISH, None, world.manager) == {
        "One": "same",
        "Two": "",
        "": "no_title",
    }
    assert not two.is_published
    done = bulk.apply(session, ids, Deed.PUBLISH, None, by=world.manager, at=NOW)
    assert (done.count, done.left, two.is_published) == (1, 2, True)


def test_only_publishers_do_it(session, world):
    with pytest.raises(Forbidden):
        bulk.apply(session, [], Deed.PUBLISH, None, by=world.agent, at=NOW)


@pytest.mark.parametrize(
    ("deed", "value"),
    [
        (Deed.AUDIENCE, Audience.STAFF),
        (Deed.ROLES, ("client", "pm")),
        (Deed.MODULE, "scheduling"),
        (Deed.VERSION, "4.2+"),
        (Deed.REVIEW, NOW + timedelta(days=90)),
    ],
)
def test_it_can_be_undone(session, world, deed, value):
    articles = [published(session, world.manager, title) for title in ("One", "Two")]
    ids = [article.id for article in articles]
    former = [getattr(article.topic, bulk.COLUMN[deed]) for article in articles]
    done = bulk.apply(session, ids, deed, value, by=world.manager, at=NOW)
    assert done.count == 2
    session.commit()
    with pytest.raises(CannotUndo):
        bulk.undo(session, done.entry.id, by=world.admin, at=NOW)
    assert bulk.undo(session, done.entry.id, by=world.manager, at=NOW) == 2
    assert [getattr(article.topic, bulk.COLUMN[deed]) for article in articles] == former


def test_taken_away_together_and_back(session, world):
    ids = [published(session, world.manager, title).id for title in ("One", "Two")]
    done = bulk.apply(session, ids, Deed.UNPUBLISH, None, by=world.manager, at=NOW)
    assert bulk.undo(session, done.entry.id, by=world.manager, at=NOW) == 2
    assert all(queries.article(session, key).is_published for key in ids)


def test_moved_to_a_shelf_and_back(session, world):
    shelf = categories.add(
        session, "Plans", None, Shelf({"en": "Plans"}, {}), by=world.manager, at=NOW
    )
    article = published(session, world.manager)
    done = bulk.apply(session, [article.id], Deed.CATEGORY, shelf.id, by=world.manager, at=NOW)
    assert queries.article(session, article.id).topic.category.key == "plans"
    bulk.undo(session, done.entry.id, by=world.manager, at=NOW)
    assert queries.article(session, article.id).topic.category_id is None


def test_what_was_published_is_a_draft_again(session, world):
    new = drafted(session, world.agent, "New")
    reviewing.submit(session, new, "Look", by=world.agent, at=NOW)
    ahead = published(session, world.manager, "Ahead", "Before")
    draft = revise(session, ahead, by=world.agent, at=NOW)
    text = Text("ahead-of-it", "Ahead of it", body="After")
    save(session, draft, text, draft.lock, by=world.agent, at=NOW)
    away = published(session, world.manager, "Away")
    unpublish(session, away, by=world.manager, at=NOW)
    ids = [new.article_id, ahead.id, away.id]
    done = bulk.apply(session, ids, Deed.PUBLISH, None, by=world.manager, at=NOW)
    assert (done.count, ahead.body, ahead.slug) == (3, "After", "ahead-of-it")
    assert bulk.undo(session, done.entry.id, by=world.manager, at=NOW) == 3
    shown = [queries.article(session, key).is_published for key in ids]
    assert shown == [False, True, False]
    waits = queries.draft_of(session, new.article_id)
    assert (waits.state, waits.note, waits.title) == ("in_review", "Look", "New")
    assert (ahead.title, ahead.body, ahead.slug) == ("Ahead", "Before", "ahead")
    assert text_of(queries.draft_of(session, ahead.id)) == text
    assert queries.draft_of(session, away.id) is None
    assert bulk.undo(session, done.entry.id, by=world.manager, at=NOW) == 0


def test_where_somebody_has_written_on_nothing_is_undone(session, world):
    draft = drafted(session, world.agent, "New")
    article = draft.article
    done = bulk.apply(session, [article.id], Deed.PUBLISH, None, by=world.manager, at=NOW)
    revise(session, article, by=world.agent, at=NOW)
    assert bulk.undo(session, done.entry.id, by=world.manager, at=NOW) == 0
    assert article.is_published


def test_a_label_is_taken_off_again(session, world):
    shown = published(session, world.manager, "Shown")
    away = published(session, world.manager, "Away")
    unpublish(session, away, by=world.manager, at=NOW)
    draft = drafted(session, world.agent, "Draft")
    ids = [shown.id, away.id, draft.article_id]
    done = bulk.apply(session, ids, Deed.LABEL, "gantt", by=world.manager, at=NOW)
    assert bulk.undo(session, done.entry.id, by=world.manager, at=NOW) == 3
    assert (shown.labels, shown.number, draft.labels) == ([], 3, [])
    assert queries.draft_of(session, away.id) is None


def test_a_label_goes_where_somebody_writes_else_to_readers(session, world):
    shown = published(session, world.manager, "Shown")
    draft = drafted(session, world.agent, "Draft")
    ids = [shown.id, draft.article_id]
    bulk.apply(session, ids, Deed.LABEL, "gantt", by=world.manager, at=NOW)
    assert (shown.labels, shown.number) == (["gantt"], 2)
    assert draft.labels == ["gantt"]
    again = bulk.look(session, ids, Deed.LABEL, "gantt", by=world.manager)
    assert {step.why for step in again} == {"same"}


def test_ticks_are_keys_and_not_too_many():
    assert bulk.chosen(["x", "", *["00000000-0000-7000-8000-000000000000"] * 3]) != []
    assert len(bulk.chosen([f"00000000-0000-7000-8000-{n:012d}" for n in range(300)])) == bulk.MOST
