"""An answered ticket becomes a thread of the forum, once whoever asked has agreed to the words.

The thread is ours: nobody learns who asked. Consent can be taken back at any time, and then the
thread goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import SYSTEM, Actor, Desk, Permission
from portal.forum.models import Kind, Post, Reply, State
from portal.forum.service import answers, posting, removing
from portal.forum.service.posting import NewPost
from portal.foundation.collisions import TAKEN, refusing
from portal.foundation.storage import Store
from portal.tickets.models import Attachment, Consent, Publication, Ticket
from portal.tickets.queries import publications
from portal.tickets.service import history
from portal.tickets.service.articles import Elsewhere
from portal.tickets.service.copies import as_upload
from portal.writing.addresses import picture_path
from portal.writing.service import pictures
from portal.writing.service.masking import masked

REMARK_LONGEST = 500


class NobodyToAsk(ValueError):
    """Whoever asked has no account in which to agree."""


class AskedAlready(ValueError):
    """It waits for an answer, or is published."""


class OutOfDate(ValueError):
    """It was answered, withdrawn or published meanwhile."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Exactly what will be published; Markdown. `category` is a module's key."""

    title: str
    question: str
    answer: str
    language: str
    category: str
    pictures: Sequence[Attachment] = ()


def ask(
    session: Session, ticket: Ticket, wording: Wording, *, by: Actor, at: datetime
) -> Publication:
    """Raises Elsewhere, NobodyToAsk and AskedAlready."""
    by.require(Permission.MODERATE)
    if ticket.desk != Desk.PLATFORM:
        raise Elsewhere
    if ticket.requester_id is None:
        raise NobodyToAsk
    asked = Publication(
        ticket_id=ticket.id,
        builder_id=ticket.builder_id,
        language=wording.language,
        category=wording.category,
        title=wording.title,
        question=wording.question,
        answer=wording.answer,
        pictures=[str(picture.id) for picture in wording.pictures],
        asked_by=by.user_id,
        asked_by_name=by.name,
        asked_at=at,
    )
    with refusing(session, AskedAlready(), TAKEN):
        session.add(asked)
    history.tell(session, ticket, "publication_asked", by=by, at=at)
    return asked


def answer(
    session: Session, ticket: Ticket, agrees: bool, remark: str, *, by: Actor, at: datetime
) -> None:
    """By whoever asked, or somebody of their company who may. Raises OutOfDate."""
    by.require(Permission.SETTLE_TICKETS)
    asked = _held(session, ticket, Consent.ASKED)
    asked.state = Consent.GRANTED if agrees else Consent.REFUSED
    asked.answered_by, asked.answered_by_name, asked.answered_at = by.user_id, by.name, at
    asked.remark = masked(" ".join(remark.split())[:REMARK_LONGEST]).text
    asked.ended_at = None if agrees else at
    kind = "publication_granted" if agrees else "publication_refused"
    history.tell(session, ticket, kind, by=by, at=at, reason=asked.remark)


def withdraw(session: Session, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """By us, before it is published. Raises OutOfDate."""
    by.require(Permission.MODERATE)
    asked = _held(session, ticket, Consent.ASKED, Consent.GRANTED)
    asked.state, asked.ended_at = Consent.WITHDRAWN, at
    history.tell(session, ticket, "publication_withdrawn", by=by, at=at)


def publish(
    session: Session,
    store: Store,
    ticket: Ticket,
    note: str,
    *,
    by: Actor,
    at: datetime,
    limit: int,
) -> Post:
    """`note` says in its language where the thread comes from; `limit` is of a picture, in bytes.
    Raises OutOfDate, and as `pictures.keep`."""
    by.require(Permission.MODERATE)
    agreed = _held(session, ticket, Consent.GRANTED)
    shown = [
        f"![]({_copy(session, store, picture, number, by=by, at=at, limit=limit)})"
        for number, picture in enumerate(chosen_pictures(session, agreed), 1)
    ]
    body = "\n\n".join([agreed.question, *shown, f"*{note}*"])
    new = NewPost(
        Kind.QUESTION,
        agreed.category,
        agreed.language,
        agreed.title,
        body,
        key=f"publication-{agreed.id}",
        source_ticket_id=ticket.id,
    )
    post = posting.begin(session, new, by=by, at=at).post
    said = posting.reply(session, post, agreed.answer, f"answer-{agreed.id}", by=by, at=at).reply
    answers.verify(session, post, said, by=by, at=at)
    agreed.state, agreed.post_id = Consent.PUBLISHED, post.id
    history.tell(session, ticket, "published", by=by, at=at, post=post.number, title=post.title)
    return post


def take_back(session: Session, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Consent that was given: what is published goes, as soon as the event is heard. Raises
    OutOfDate."""
    by.require(Permission.SETTLE_TICKETS)
    agreed = _held(session, ticket, Consent.GRANTED, Consent.PUBLISHED)
    agreed.state, agreed.ended_at = Consent.WITHDRAWN, at
    history.tell(session, ticket, "consent_taken_back", by=by, at=at)


def remove(session: Session, publication: Publication, because: str, *, at: datetime) -> None:
    """From the forum, which is the platform's: `because` is what stands there instead. Where it
    was joined to another thread, question and answer stand there as replies, of the moment at which
    both were published."""
    post = publications.thread_of(session, publication.post_id)
    if post is None:
        return
    if post.state != State.MERGED:
        removing.remove_post(session, post, because, by=SYSTEM, at=at)
        return
    there = post
    while there.merged_into_id is not None:
        there = session.get_one(Post, there.merged_into_id)
    ours = Reply.author_id == post.author_id, Reply.created_at == post.created_at
    for reply in session.scalars(select(Reply).where(Reply.post_id == there.id, *ours)).all():
        removing.remove_reply(session, there, reply, because, by=SYSTEM, at=at)


def chosen_pictures(session: Session, publication: Publication) -> list[Attachment]:
    keys = [UUID(key) for key in publication.pictures]
    theirs = Attachment.ticket_id == publication.ticket_id, Attachment.id.in_(keys)
    found = {picture.id: picture for picture in session.scalars(select(Attachment).where(*theirs))}
    return [found[key] for key in keys if key in found]


def _copy(
    session: Session,
    store: Store,
    picture: Attachment,
    number: int,
    *,
    by: Actor,
    at: datetime,
    limit: int,
) -> str:
    with as_upload(store, picture, number) as upload:
        kept = pictures.keep(session, store, upload, by=by, at=at, limit=limit)
    return picture_path(kept.id)


def _held(session: Session, ticket: Ticket, *expected: Consent) -> Publication:
    """As it stands now, and nobody else's to change until the commit."""
    session.flush()
    session.refresh(ticket, with_for_update={"of": Ticket, "key_share": True})
    found = publications.current(session, ticket)
    if found is None or found.state not in expected:
        raise OutOfDate
    return found
