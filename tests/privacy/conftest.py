"""People with a past."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.accounts import audit
from portal.accounts import service as accounts
from portal.accounts.models import Builder, Membership, User
from portal.core.permissions import Actor, Role
from portal.foundation import idempotency, outbox
from portal.foundation.deliveries import send_due
from portal.foundation.runtime import Runtime
from portal.policy.pack import Pack
from portal.privacy.models import DataExport
from portal.privacy.service import exporting, forgetting
from portal.privacy.shelf import Shelf
from portal.tickets.models import Ticket
from portal.tickets.service import assignment, attachments, conversation
from portal.tickets.service.conversation import Writing
from portal.writing.service import drafts
from tests.fixtures.world import NOW, World
from tests.tickets.making import filed

NAME = "Canaria Vogelsang"
EMAIL = "canaria.vogelsang@example.com"
EARLIER = NOW - timedelta(hours=3)


@dataclass
class Past:
    """A client of Acme's, and what is left of her there."""

    actor: Actor
    membership: Membership
    ticket: Ticket
    file_key: str


Enrol = Callable[..., tuple[Actor, Membership]]


@pytest.fixture
def enrol(session: Session) -> Enrol:
    def add(builder: Builder | None, role: Role = Role.CLIENT, **person: Any):
        values = {"email": EMAIL, "name": NAME, **person}
        membership = accounts.add_member(
            session, role=role, builder=builder, password="", at=EARLIER, **values
        )
        return accounts.actor(membership, None), membership

    return add


@pytest.fixture
def leave_traces(session: Session, runtime: Runtime, pack: Pack, world: World):
    """Everything that somebody can leave behind, by the same ways as a person."""

    def leave(actor: Actor, membership: Membership) -> Past:
        picture = FileStorage(io.BytesIO(b"plan of the house"), filename=f"plan {NAME}.txt")
        files = attachments.keep(
            session, runtime.store, [picture], by=actor, at=EARLIER, limit=10**6
        )
        ticket = filed(
            session,
            pack,
            actor,
            EARLIER,
            subject=f"{NAME} can't get in",
            description=f"Write to {EMAIL.upper()}, please. {NAME}",
            files=files,
        )
        assignment.take(session, ticket, by=world.agent, at=EARLIER)
        conversation.note(
            session, ticket, Writing(f"Internal: call {NAME}"), by=world.agent, at=EARLIER
        )
        conversation.reply_as_agent(
            session,
            ticket,
            Writing(f"Dear {NAME}, is it better?"),
            by=world.agent,
            at=EARLIER,
            undo_seconds=0,
        )
        conversation.reply_as_customer(
            session, ticket, Writing(f"No. Yours, {NAME} <{EMAIL}>"), by=actor, at=EARLIER
        )
        session.flush()
        drafts.save(session, "new", {"body": f"I am {NAME}"}, by=actor, at=EARLIER)
        audit.record(session, "brand.saved", by=actor, at=EARLIER, about=f"by {NAME}", said=EMAIL)
        audit.record(session, "person.invited", by=world.owner, at=EARLIER, about=EMAIL)
        assert actor.user_id is not None
        portal = actor.builder_id if actor.is_portal_user else None
        accounts.start_login(session, actor.user_id, at=EARLIER, portal=portal)
        accounts.create_token(session, actor.email, "laptop", at=EARLIER)
        key = idempotency.IdempotencyKey(
            owner_id=actor.user_id,
            key=str(actor.builder_id),
            digest="d",
            created_at=EARLIER,
            body=f"by {NAME}",
        )
        session.add(key)
        session.commit()
        outbox.drain(runtime.writers, runtime.subscribers, at=NOW)
        send_due(runtime.writers, runtime.channels, at=lambda: NOW)
        session.expire_all()
        return Past(actor, membership, ticket, files[0].storage_key)

    return leave


@pytest.fixture
def past(enrol: Enrol, leave_traces, world: World) -> Past:
    return leave_traces(*enrol(world.acme))


def seen(session: Session, export: DataExport) -> DataExport:
    """As it stands now."""
    session.rollback()
    session.refresh(export)
    return export


@pytest.fixture
def forget(session: Session, runtime: Runtime):
    """Until it is done."""

    def work(at=NOW) -> None:
        session.commit()
        while forgetting.working(runtime)(runtime.writers, at):
            pass
        session.expire_all()

    return work


@pytest.fixture
def build(runtime: Runtime):
    return lambda at=NOW: exporting.building(runtime)(runtime.writers, at)


@pytest.fixture
def shelf(runtime: Runtime) -> Shelf:
    return Shelf(runtime.settings.data)


@pytest.fixture
def made(session: Session, build, shelf: Shelf):
    """Asked for and made: what is in it."""

    def make(export: DataExport) -> tuple[dict, ZipFile]:
        session.commit()
        assert build() == 1
        seen(session, export)
        assert export.state == "ready"
        with shelf.open(export.id) as file:
            bundle = ZipFile(io.BytesIO(file.read()))
        return json.loads(bundle.read("data.json")), bundle

    return make


def user(session: Session, user_id: UUID) -> User:
    return session.scalars(select(User).where(User.id == user_id)).one()
