"""Who is told how: once an event, and as they prefer."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Role
from portal.foundation.deliveries import Delivery
from portal.notifications import queries, service
from portal.notifications.kinds import KINDS, Kind, kinds_for
from portal.notifications.models import Notification, Preference
from tests.fixtures.world import NOW, World

FACTS = {"number": 1042, "subject": "100% empty", "by": "Mara Quinn"}


def tell(
    session: Session, *people: Actor, kind: str = "assigned", event: UUID | None = None
) -> UUID:
    event = event or uuid4()
    service.notify(
        session,
        [person.user_id for person in people],
        kind,
        facts=FACTS,
        url="/desk/1042",
        at=NOW,
        event_id=event,
    )
    return event


def lines(session: Session, person: Actor) -> list[str]:
    assert person.user_id
    return [row.kind for row in queries.inbox(session, (person.user_id, None), None).items]


def letters(session: Session, person: Actor) -> list[Delivery]:
    return list(session.scalars(select(Delivery).where(Delivery.recipient == person.email)))


def test_one_line_and_one_letter_an_event_and_person(session: Session, world: World) -> None:
    event = tell(session, world.agent, world.agent)
    for _again in range(3):
        tell(session, world.agent, world.second, event=event)
    assert lines(session, world.agent) == lines(session, world.second) == ["assigned"]
    assert len(letters(session, world.agent)) == len(letters(session, world.second)) == 1
    tell(session, world.agent)
    assert len(lines(session, world.agent)) == len(letters(session, world.agent)) == 2


def test_letter_alone_is_sent_once_too(session: Session, world: World) -> None:
    """Without a line in the inbox, its own key keeps it single."""
    assert world.owner.user_id
    event = tell(session, world.owner, kind="opened")
    tell(session, world.owner, kind="opened", event=event)
    assert lines(session, world.owner) == []
    assert len(letters(session, world.owner)) == 1


def test_database_refuses_a_second_line(session: Session, world: World) -> None:
    tell(session, world.agent)
    row = session.scalars(select(Notification)).one()
    copy = {c: getattr(row, c) for c in ("user_id", "event_id", "kind", "facts", "url")}
    session.add(Notification(**copy, created_at=NOW))
    with pytest.raises(IntegrityError):
        session.flush()


def test_preferences_win_over_defaults(session: Session, world: World) -> None:
    assert world.agent.user_id
    service.choose(session, world.agent.user_id, Role.AGENT, in_app=["assigned"], mail=["woken"])
    tell(session, world.agent)
    tell(session, world.agent, kind="woken")
    assert lines(session, world.agent) == ["assigned"]
    [letter] = letters(session, world.agent)
    assert "is back" in letter.payload["text"]


def test_alarms_cannot_be_switched_off(session: Session, world: World) -> None:
    assert world.manager.user_id
    service.choose(session, world.manager.user_id, Role.MANAGER, in_app=[], mail=[])
    tell(session, world.manager, kind="assigned")
    tell(session, world.manager, kind="page_failed")
    assert lines(session, world.manager) == ["page_failed"]
    assert len(letters(session, world.manager)) == 1


def test_choosing_twice_keeps_one_row(session: Session, world: World) -> None:
    assert world.agent.user_id
    for _again in range(2):
        service.choose(session, world.agent.user_id, Role.AGENT, in_app=["assigned"], mail=[])
    rows = session.scalars(select(Preference)).all()
    assert len(rows) == len(kinds_for(Role.AGENT))
    by_key = {c.kind.key: c for c in service.choices(session, world.agent.user_id, Role.AGENT)}
    assert (by_key["assigned"].in_app, by_key["assigned"].mail) == (True, False)


def test_nobody_and_strangers_are_no_trouble(session: Session, world: World) -> None:
    service.notify(
        session, [None, uuid4()], "assigned", facts=FACTS, url="/", at=NOW, event_id=uuid4()
    )
    assert session.scalars(select(Delivery)).all() == []


def test_reading_one_and_all(session: Session, world: World) -> None:
    assert world.agent.user_id
    for _count in range(3):
        tell(session, world.agent, world.second)
    first = queries.inbox(session, (world.agent.user_id, None), None).items[0]
    service.read(session, first, at=NOW)
    session.flush()
    assert queries.unread(session, (world.agent.user_id, None)) == 2
    service.read_all(session, (world.agent.user_id, None), at=NOW)
    assert queries.unread(session, (world.agent.user_id, None)) == 0
    assert world.second.user_id
    assert queries.unread(session, (world.second.user_id, None)) == 3


def test_inbox_pages_both_ways(session: Session, world: World) -> None:
    assert world.agent.user_id
    for _count in range(60):
        tell(session, world.agent)
    seen, page = [], queries.inbox(session, (world.agent.user_id, None), None)
    while True:
        seen += [row.id for row in page.items]
        if page.next_cursor is None:
            break
        page = queries.inbox(session, (world.agent.user_id, None), page.next_cursor)
    assert len(seen) == len(set(seen)) == 60
    assert seen == sorted(seen, reverse=True)
    back = queries.inbox(session, (world.agent.user_id, None), page.previous_cursor)
    assert [row.id for row in back.items] == seen[25:50]
    first = queries.inbox(session, (world.agent.user_id, None), back.previous_cursor)
    assert [row.id for row in first.items] == seen[:25]
    assert first.previous_cursor is None


NO_TICKET = {  # in its sentence
    "appeal_answered",
    "builder_flagged",
    "company_restricted",
    "domain_lapsed",
    "export_ready",
    "page_failed",
    "restricted",
    "restriction_appealed",
    "restriction_lifted",
    "undelivered",
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_words_its_facts(app: Flask, kind: Kind) -> None:
    with force_locale("en"):
        said = kind.say({**FACTS, "due": NOW.isoformat()}, lambda at: f"at {at:%H:%M}")
        older = kind.say({}, str)  # its facts had other names: gaps stay empty
    assert "100% empty" in said or kind.key in NO_TICKET
    assert "%(" not in said + older
    assert kind.in_app | kind.mail <= kind.concerns | {Role.MANAGER, Role.PLATFORM_ADMIN}


def test_every_role_sees_kinds_of_its_own() -> None:
    customer = {kind.key for kind in kinds_for(Role.CLIENT)}
    builder = {kind.key for kind in kinds_for(Role.OWNER)}
    agent = {kind.key for kind in kinds_for(Role.AGENT)}
    assert customer < builder  # which answers at a desk of its own as well
    assert {"assigned", "news_from_above"} <= builder - customer
    assert customer & agent == {"export_ready"}
    assert "news_from_above" not in agent
    assert "page_failed" not in {kind.key for kind in kinds_for(Role.AGENT)}
