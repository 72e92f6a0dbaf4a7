"""Keys of another company's in what is sent, not in the address: a form's fields, a cursor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.accounts import service as accounts
from portal.branding.models import BrandImage
from portal.core.permissions import Role
from portal.foundation.ids import uuid7
from portal.foundation.paging import Cursor
from portal.policy import desk_rules
from portal.tickets.models import Attachment, Ticket
from portal.tickets.service import attachments
from portal.tickets.views.uploads import KEPT
from tests.conventions.test_isolation import everything
from tests.fixtures.premises import SECRET, Premises
from tests.fixtures.world import NOW, World
from tests.support.doors import pages
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
PASSING = {"subject": "Down", "severity": "P3", "category": "bug", "impact": "one", "note": "See."}
LOOK = {"seen": "0", "name": "Birch", "primary": "#23459b", "accent": "#21479f", "languages": "en"}
TICKET = {"subject": "Down", "body": "It is down.", "severity": "P3", "category": "bug"}


@dataclass(frozen=True, slots=True)
class Sent:
    """`path` has the number of the sender's own ticket; `name` is the field, `of` finds the key.
    With a `status` of 303 what is sent `beside` is taken, and the key passed over."""

    path: str
    name: str
    of: Callable[["Theirs"], object]
    status: int
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Theirs:
    premises: Premises
    person: object
    waiting: object  # a file that they have sent and not used yet
    logo: object


SENT = {
    "who looks after it": Sent("/company/desk/{}/handler", "to", lambda it: it.person, 422),
    "a canned reply": Sent(
        "/company/desk/{}/replies", "canned", lambda it: it.premises.canned, 404
    ),
    "a file that waits": Sent("/company/desk/{}/replies", KEPT, lambda it: it.waiting, 303, TICKET),
    "a file of a ticket": Sent(
        "/company/desk/{}/replies", KEPT, lambda it: it.premises.attachment, 303, TICKET
    ),
    "a file for a new ticket": Sent("/tickets/new", KEPT, lambda it: it.waiting, 303, TICKET),
    "a file to pass up": Sent(
        "/company/desk/{}/escalation", "file", lambda it: it.premises.attachment, 303, PASSING
    ),
    "a company to switch to": Sent(
        "/account/places", "membership", lambda it: it.premises.member, 404
    ),
    "a logo": Sent("/company/brand", "logo_kept", lambda it: it.logo, 303, LOOK),
}


@pytest.fixture
def theirs(session: Session, runtime, world: World, premises: Premises) -> Theirs:
    words = FileStorage(BytesIO(SECRET.encode()), f"{SECRET}.txt")
    (waiting,) = attachments.keep(session, runtime.store, [words], by=world.pm, at=NOW, limit=10**7)
    session.commit()
    logo = session.scalars(select(BrandImage.upload_id)).first()
    return Theirs(premises, world.owner.user_id, waiting.id, logo)


@pytest.fixture
def own(session: Session, world: World) -> Ticket:
    """At the desk of the other company, which has nothing else."""
    client = accounts.actor(
        accounts.add_member(
            session,
            email="client@birch.test",
            name="Bea",
            role=Role.CLIENT,
            builder=world.birch,
            password="",
            at=NOW,
        ),
        None,
    )
    model = desk_rules.model_for(session, client)
    ticket = filed(session, model, client, NOW, severity="normal", category="question", module="")
    session.commit()
    return ticket


def telling_rows(engine: Engine) -> int:
    return sum(SECRET in row for rows in everything(engine).values() for row in rows)


def test_all_is_there_to_be_taken(theirs: Theirs) -> None:
    assert all(one.of(theirs) for one in SENT.values())


@pytest.mark.parametrize("whose", ["nobody", "them"])
@pytest.mark.parametrize("what", SENT)
def test_a_key_of_theirs_is_as_good_as_nobodys(
    session: Session,
    runtime,
    world: World,
    theirs: Theirs,
    own: Ticket,
    sign_in,
    what: str,
    whose: str,
) -> None:
    sent, before = SENT[what], telling_rows(runtime.engine)
    key = sent.of(theirs) if whose == "them" else uuid7()
    data = {**sent.beside, sent.name: str(key)}
    answer = sign_in(world.stranger).post(sent.path.format(own.number), data=data)
    assert answer.status_code == sent.status, answer.text
    assert SECRET not in answer.text
    assert telling_rows(runtime.engine) == before
    session.expire_all()
    files = select(Attachment).where(Attachment.builder_id == world.birch.id)
    assert not session.scalars(files).all()


def test_a_cursor_says_where_and_never_whose(
    app: Flask, session: Session, world: World, premises: Premises, sign_in
) -> None:
    browser, place = sign_in(world.stranger), Cursor(NOW, premises.ticket, back=True)
    for rule, _method in pages(app):
        for cursor in (place, Cursor(NOW.replace(year=2030), premises.letter)):
            answer = browser.get(rule.rule, query_string={"cursor": str(cursor)})
            assert SECRET.encode() not in answer.data, rule
