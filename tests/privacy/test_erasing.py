"""A person is erased: nothing of them is found anywhere, and nobody else has lost a thing."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts import service as accounts
from portal.accounts.models import AuditEntry, Login, Membership, SupportAgent, User
from portal.accounts.service.actors import caller
from portal.core.permissions import Role
from portal.foundation import outbox
from portal.foundation.db import Base
from portal.foundation.runtime import Runtime
from portal.foundation.tenancy import PLATFORM, see
from portal.kb.models import Article, Feedback
from portal.kb.service import feedback
from portal.kb.service.feedback import Opinion
from portal.kb.service.reader import Whose
from portal.policy import desk_rules
from portal.privacy.models import Erasure, RetentionRule
from portal.privacy.service import erasing, exporting, forgetting
from portal.privacy.service.erasing import NotErased
from portal.tickets.models import Attachment, Message, Ticket
from portal.tickets.service import handling
from tests.fixtures.world import NOW, World
from tests.kb.making import published
from tests.privacy.conftest import EMAIL, NAME, Past
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")


def dump(session: Session) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    session.rollback()
    return {
        table.name: [
            json.dumps(list(row), default=str, ensure_ascii=False)
            for row in session.execute(select(table).order_by(*table.primary_key.columns))
        ]
        for table in Base.metadata.sorted_tables
    }


def whereabouts(session: Session, runtime: Runtime, *words: str) -> list[str]:
    """Where any of the words still stands, in whatever case."""
    rows = [f"{name}: {row}" for name, rows in dump(session).items() for row in rows]
    files = [
        f"{path}: {path.read_bytes()!r}"
        for path in Path(runtime.settings.data).rglob("*")
        if path.is_file() and path.suffix != ".db" and "corbel.db" not in path.name
    ]
    return [
        place
        for place in [*rows, *files]
        if any(word.casefold() in place.casefold() for word in words)
    ]


def content(runtime: Runtime, past: Past) -> bytes:
    with runtime.store.open(past.file_key) as file:
        return file.read()


def begin(session: Session, past: Past, world: World) -> Erasure:
    return erasing.begin(session, past.membership, EMAIL, by=world.owner, at=NOW)


def test_the_canary_is_nowhere(session, runtime, past: Past, world: World, forget) -> None:
    export = exporting.ask_for_oneself(session, by=past.actor, at=NOW)
    session.commit()
    exporting.building(runtime)(runtime.writers, NOW)
    session.rollback()
    assert export.id
    assert len(whereabouts(session, runtime, NAME, EMAIL)) > 10
    erasure = begin(session, past, world)
    forget()
    assert whereabouts(session, runtime, NAME, EMAIL, "canaria", "vogelsang") == []
    assert erasure.state == "done"
    assert not list((runtime.settings.data / "exports").iterdir())


def test_what_the_builder_must_keep_is_kept(session, runtime, past, world, forget) -> None:
    messages = session.scalars(select(Message.id).order_by(Message.id)).all()
    begin(session, past, world)
    forget()
    ticket = session.get_one(Ticket, past.ticket.id)
    assert ticket.subject == "Former client can't get in"
    assert (ticket.requester_name, ticket.requester_email) == ("Former client", "")
    assert ticket.requester_id is None
    assert session.scalars(select(Message.id).order_by(Message.id)).all() == messages
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "brand.saved")).one()
    assert (entry.by_name, entry.by_role, entry.by_id) == ("", "client", None)
    with pytest.raises(Exception, match=past.file_key):
        runtime.store.open(past.file_key)
    assert session.scalars(select(Attachment)).all() == []


def test_what_they_said_of_an_article_counts_no_more(session, past, world: World, forget) -> None:
    begin(session, past, world)
    article = published(session, world.manager)
    for whose in (Whose("hers", past.actor), Whose("another")):
        feedback.give(session, article.id, 1, Opinion(helpful=True), whose, at=NOW)
    forget()
    counted = select(Article.helpful_count, Article.not_helpful_count)
    assert session.execute(counted).one() == (1, 0)
    said = session.execute(select(Feedback.__table__.c.visitor)).scalars().all()
    assert said == ["another"]


def test_files_stay_where_the_builder_says_so(session, runtime, past, world, forget) -> None:
    session.add(RetentionRule(builder_id=world.acme.id, erase_files=False))
    begin(session, past, world)
    forget()
    assert content(runtime, past) == b"plan of the house"
    (file,) = session.scalars(select(Attachment)).all()
    assert file.filename == "plan Former client.txt"
    assert file.uploaded_by is None


def test_nobody_elses_rows_are_touched(session, runtime, past, world, forget) -> None:
    def others() -> dict[str, list[str]]:
        birch = str(world.birch.id)
        hexed = world.birch.id.hex
        return {
            name: [row for row in rows if birch in row or hexed in row]
            for name, rows in dump(session).items()
        }

    before = others()
    begin(session, past, world)
    forget()
    assert others() == before
    names = session.scalars(select(User.name).where(User.id != past.actor.user_id)).all()
    assert set(names) == {"Owner", "Pm", "Client", "Agent1", "Agent2", "Lead", "Admin"}


def test_the_door_is_shut_at_once(session, runtime, past: Past, world: World) -> None:
    login = session.scalars(select(Login).where(Login.user_id == past.actor.user_id)).one()
    token = accounts.create_token(session, EMAIL, "phone", at=NOW).plain
    assert caller(session, token, at=NOW) is not None
    begin(session, past, world)
    session.commit()
    assert accounts.actor_of_login(session, login.id) is None
    assert caller(session, token, at=NOW) is None
    assert session.get(Membership, past.membership.id) is None
    with pytest.raises(accounts.SignInRefused):
        accounts.start_login(session, past.actor.user_id, at=NOW, portal=world.acme.id)


def test_of_two_builders_one_forgets(
    session, runtime, past, enrol, leave_traces, world, forget
) -> None:
    birch = leave_traces(*enrol(world.birch))
    begin(session, past, world)
    forget()
    user = session.scalars(select(User).where(User.id == past.actor.user_id)).one()
    assert (user.name, user.email, user.disabled_at) == (NAME, EMAIL, None)
    left = [row for rows in dump(session).values() for row in rows if NAME in row or EMAIL in row]
    assert left
    acme = (str(world.acme.id), world.acme.id.hex)
    assert not [row for row in left if any(key in row for key in acme)]
    kept = session.get_one(Ticket, birch.ticket.id)
    assert (kept.requester_name, kept.requester_id) == (NAME, birch.actor.user_id)
    assert content(runtime, birch) == b"plan of the house"
    erasing.begin(session, birch.membership, EMAIL, by=world.stranger, at=NOW)
    forget()
    assert whereabouts(session, runtime, NAME, EMAIL, "canaria") == []


def test_a_killed_process_leaves_work_and_no_harm(
    session, runtime, past, world, forget, monkeypatch
) -> None:
    """It dies in every single transaction once, before the commit and after it."""
    erasure = begin(session, past, world)
    session.commit()
    monkeypatch.setattr(forgetting, "TURN_SECONDS", 0.0)
    original, turns = forgetting._go_on, 0

    def dies(runtime: Runtime, sessions: Any, key: Any, at: Any) -> bool:
        nonlocal turns
        turns += 1
        if turns % 3 == 0:
            raise SystemExit("before")
        more = original(runtime, sessions, key, at)
        if turns % 3 == 1:
            raise SystemExit("after")
        return more

    monkeypatch.setattr(forgetting, "_go_on", dies)
    at = NOW
    for _turn in range(500):
        at += forgetting.LEASE
        try:
            forgetting.working(runtime)(runtime.writers, at)
        except SystemExit:
            continue
        session.rollback()
        session.refresh(erasure)
        if erasure.state == "done":
            break
    assert turns > 50
    assert whereabouts(session, runtime, NAME, EMAIL, "canaria") == []


def test_what_somebody_has_in_hand_is_left_to_them(session, runtime, past, world) -> None:
    erasure = begin(session, past, world)
    erasure.claimed_until = NOW + timedelta(minutes=1)
    session.commit()
    assert forgetting.working(runtime)(runtime.writers, NOW) == 0


def test_many_rows_are_done_some_at_a_time(
    session, runtime, past, world, forget, monkeypatch
) -> None:
    monkeypatch.setattr(forgetting, "MOST", 2)
    monkeypatch.setattr(forgetting, "MOST_FILES", 1)
    begin(session, past, world)
    forget()
    assert whereabouts(session, runtime, NAME, EMAIL, "canaria") == []


def test_the_preview_says_what_is_there(session, past, world) -> None:
    shown = erasing.preview(session, past.membership, by=world.owner)
    assert shown.found["tickets"] == 1
    assert shown.found["messages"] == 1
    assert shown.found["files"] == 1
    assert shown.found["drafts"] == 1
    assert shown.found["sign_ins"] == 1
    assert shown.found["tokens"] == 1
    assert shown.found["acts"] == 1
    assert shown.found["letters"] >= 1
    assert shown.wholly
    assert shown.with_files
    assert (shown.one_word, shown.is_contact, shown.refused) == (False, False, "")


def test_the_address_must_be_typed(session, past, world) -> None:
    with pytest.raises(NotErased) as refused:
        erasing.begin(session, past.membership, "another@example.com", by=world.owner, at=NOW)
    assert refused.value.reason == "address"
    assert erasing.begin(session, past.membership, f" {EMAIL.upper()} ", by=world.owner, at=NOW)


def member_of(session: Session, user_id: Any) -> Membership:
    return session.scalars(select(Membership).where(Membership.user_id == user_id)).one()


def test_the_last_owner_and_oneself_stay(session, world, enrol) -> None:
    owner = member_of(session, world.owner.user_id)
    for by, reason in ((world.owner, "oneself"), (world.admin, "last")):
        with pytest.raises(NotErased) as refused:
            erasing.begin(session, owner, "owner@acme.test", by=by, at=NOW)
        assert refused.value.reason == reason
    enrol(world.acme, Role.OWNER)
    assert erasing.begin(session, owner, "owner@acme.test", by=world.admin, at=NOW)


def test_one_asks_and_is_refused_or_erased(session, past, world, forget) -> None:
    asked = erasing.ask(session, past.membership, by=past.actor, at=NOW)
    assert erasing.ask(session, past.membership, by=past.actor, at=NOW) is asked
    erasing.refuse(session, asked, "You still have a contract", by=world.owner, at=NOW)
    session.commit()
    again = erasing.ask(session, past.membership, by=past.actor, at=NOW)
    session.flush()
    assert again is not asked
    assert begin(session, past, world).id == again.id
    forget()
    assert again.state == "done"


def test_staff_are_forgotten_everywhere(session, runtime, past, world, enrol, forget) -> None:
    agent = member_of(session, world.agent.user_id)
    agent.user.name, agent.user.email = "Stella Firmament", "stella@corbel.test"
    session.execute(
        Message.__table__.update()
        .where(Message.sender_id == world.agent.user_id)
        .values(sender_name="Stella Firmament", body="Stella Firmament was here")
    )
    session.commit()
    erasing.begin(session, agent, "stella@corbel.test", by=world.admin, at=NOW)
    forget()
    assert whereabouts(session, runtime, "stella", "firmament") == []


def test_what_an_agent_had_in_hand_goes_back(session, runtime, past, world, forget) -> None:
    agent = member_of(session, world.agent.user_id)
    assert past.ticket.assigned_to == world.agent.agent_id
    assert erasing.preview(session, agent, by=world.admin).found["in_hand"] == 1
    erasing.begin(session, agent, world.agent.email, by=world.admin, at=NOW)
    session.commit()
    outbox.drain(runtime.writers, runtime.subscribers, at=NOW)
    session.rollback()
    session.expire_all()
    assert past.ticket.assigned_to is None
    gone = session.scalars(
        select(SupportAgent).where(SupportAgent.user_id == world.agent.user_id)
    ).one()
    assert gone.is_available is False


@pytest.mark.parametrize("late", [False, True])
def test_what_a_member_had_in_hand_goes_back(
    session, runtime, world, enrol, forget, pack, late: bool
) -> None:
    """Also where the worker hears of it when the erasure is over, and it names nobody then."""
    hers, membership = enrol(world.acme, Role.PM)
    model = desk_rules.model_for(session, world.client)
    about = {"severity": "normal", "category": "bug"}
    ticket = filed(session, model, world.client, NOW, **about)
    handling.take_up(session, ticket, hers.user_id, at=NOW)
    session.commit()
    assert erasing.preview(session, membership, by=world.owner).found["in_hand"] == 1
    erasing.begin(session, membership, EMAIL, by=world.owner, at=NOW)
    session.commit()
    if not late:
        outbox.drain(runtime.writers, runtime.subscribers, at=NOW)
    forget()
    outbox.drain(runtime.writers, runtime.subscribers, at=NOW)
    session.rollback()
    session.expire_all()
    assert ticket.handler_id is None
    assert whereabouts(session, runtime, NAME, EMAIL, "canaria") == []


def test_entries_of_it_name_nobody(session, past, world, forget) -> None:
    begin(session, past, world)
    forget()
    rows = select(AuditEntry).where(AuditEntry.act.startswith("erasure")).order_by(AuditEntry.id)
    acts = session.scalars(rows).all()
    assert [entry.act for entry in acts] == ["erasure.begun", "erasure.done"]
    assert {entry.builder_id for entry in acts} == {world.acme.id}
    assert session.execute(delete(Erasure).where(Erasure.state == "running")).rowcount == 0


def test_row_security_lets_it_work(session, runtime, past, world, forget) -> None:
    """On PostgreSQL it speaks for the platform, and its builder's admin for the builder."""
    with runtime.writers.begin() as own:
        see(own, world.acme.id)
        member = own.get_one(Membership, past.membership.id)
        erasing.begin(own, member, EMAIL, by=world.owner, at=NOW)
    see(session, PLATFORM)
    forget()
    assert whereabouts(session, runtime, NAME, EMAIL) == []
