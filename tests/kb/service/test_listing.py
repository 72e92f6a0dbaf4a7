"""All articles as editors look through them."""

from datetime import timedelta

import pytest

from portal.core.audience import Audience
from portal.foundation.outbox import Event
from portal.kb.happenings import PUBLISHED
from portal.kb.queries import listing
from portal.kb.queries.listing import Order, State, Wanted
from portal.kb.service import removing, reviewing
from portal.kb.service.publishing import unpublish
from portal.kb.service.relinking import relink
from tests.fixtures.world import NOW
from tests.kb.making import changed, drafted, published, translated


@pytest.fixture
def library(session, world):
    by = world.manager
    original = published(session, by, "Original", module_tag="scheduling")
    translated(session, by, original, "Traducción")
    changed(session, by, original, body="[gone](/kb/nowhere)")
    away = published(session, by, "Away")
    unpublish(session, away, by=by, at=NOW)
    published(session, by, "Due", review_by=NOW - timedelta(days=1), audience=Audience.STAFF)
    drafted(session, world.agent, "Idea")
    waiting = drafted(session, world.agent, "Waiting")
    reviewing.submit(session, waiting, "", by=world.agent, at=NOW)
    gone = drafted(session, world.agent, "Thrown away")
    removing.remove(session, gone, gone.lock, by=world.agent, at=NOW)
    session.commit()


def titles(session, **wanted):
    page = listing.entries(session, Wanted(**wanted), None, at=NOW)
    return {entry.title for entry in page.items}


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.ALL, {"Original", "Traducción", "Away", "Due", "Idea", "Waiting"}),
        (State.REVIEW, {"Waiting"}),
        (State.DRAFTS, {"Idea"}),
        (State.PUBLISHED, {"Original", "Traducción", "Due"}),
        (State.WITHDRAWN, {"Away"}),
        (State.OUTDATED, {"Traducción"}),
        (State.DUE, {"Due"}),
        (State.BROKEN, {"Original"}),
    ],
)
def test_each_state_has_its_articles_and_their_number(session, state, expected):
    assert titles(session, state=state) == expected
    assert listing.counts(session, at=NOW)[state] == len(expected)


@pytest.mark.usefixtures("library")
def test_numbers_follow_what_is_published_withdrawn_and_led_elsewhere(session, world):
    def numbers():
        found = listing.counts(session, at=NOW)
        return [found[state] for state in listing.SELDOM]

    by = world.manager
    assert numbers() == [1, 1, 1]
    target = published(session, by, "Nowhere")
    assert numbers() == [1, 1, 1]  # who points at it is told by the event
    payload = {"article_id": str(target.id), "elsewhere": True}
    relink(session, Event(target.id, PUBLISHED, None, payload, NOW))
    assert numbers() == [1, 1, 0]
    unpublish(session, target, by=by, at=NOW)
    assert numbers() == [2, 1, 1]


@pytest.mark.usefixtures("library")
def test_filters_leave_the_rest_out(session, world):
    assert titles(session, language="es") == {"Traducción"}
    assert titles(session, module="scheduling") == {"Original", "Traducción"}
    assert titles(session, audience=Audience.STAFF) == {"Due"}
    assert titles(session, owner=world.agent.user_id) == {"Idea", "Waiting"}
    assert titles(session, words="orig") == {"Original"}
    assert titles(session, words="100%") == set()
    assert titles(session, order=Order.REVIEW) == {"Due"}


def test_pages_follow_each_other_both_ways(session, world, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_ROWS", 2)
    for number in range(5):
        drafted(session, world.agent, f"Draft {number}")
    seen, cursor = [], None
    while True:
        page = listing.entries(session, Wanted(), cursor, at=NOW)
        seen += [entry.title for entry in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [f"Draft {number}" for number in (4, 3, 2, 1, 0)]
    back = listing.entries(session, Wanted(), page.previous_cursor, at=NOW)
    assert [entry.title for entry in back.items] == ["Draft 2", "Draft 1"]
    old = listing.entries(session, Wanted(order=Order.OLDEST), None, at=NOW)
    assert old.items[0].title == "Draft 0"


@pytest.mark.usefixtures("library")
def test_broken_links_are_listed_with_who_has_them(session):
    assert [(row.target, row.title) for row in listing.broken_links(session, 9)] == [
        ("/kb/nowhere", "Original")
    ]


@pytest.mark.usefixtures("library")
def test_what_can_be_linked_to_is_found_by_words(session):
    found = listing.found_by_words(session, "rig", "en", 5)
    assert [(row.slug, row.is_published) for row in found] == [("original", True)]


def test_by_title_as_in_a_dictionary_and_both_ways(session, world, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_ROWS", 2)
    for title in ("¿Zanja?", "beams", "Ábaco", "Anchors", "Zinc"):
        published(session, world.manager, title)
    wanted = Wanted(order=Order.TITLE)
    first = listing.entries(session, wanted, None, at=NOW)
    second = listing.entries(session, wanted, first.next_cursor, at=NOW)
    third = listing.entries(session, wanted, second.next_cursor, at=NOW)
    shown = [entry.title for page in (first, second, third) for entry in page.items]
    assert shown == ["Ábaco", "Anchors", "beams", "¿Zanja?", "Zinc"]
    assert (first.previous_cursor, third.next_cursor) == (None, None)
    back = listing.entries(session, wanted, third.previous_cursor, at=NOW)
    assert [entry.title for entry in back.items] == ["beams", "¿Zanja?"]
