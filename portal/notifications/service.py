"""Telling people: a line in their inbox and a letter, each once, each as they prefer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.branding.letterheads import MailIdentity, mail_identity
from portal.core.permissions import Role
from portal.foundation.runtime import current_runtime
from portal.notifications import letters, mailing, queries
from portal.notifications.kinds import KINDS, Kind, kinds_for
from portal.notifications.letters import Draft, Reader, Thread
from portal.notifications.models import Notification, Preference

Values = Callable[[Reader], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class About:
    """What letters need beyond the line in the inbox. `values` are worked out for each reader,
    `headline` (a lazy text) stands before the thread's subject.

    `portal` is the builder in whose name a client or vendor is told; None: the platform tells.
    `key` names the letter (default: kind and event). `about_id` is what the delivery is shown on
    (default: the ticket). `private`: it happened at a builder's own desk.
    """

    thread: Thread | None = None
    builder_id: UUID | None = None
    portal: UUID | None = None
    about_id: UUID | None = None
    headline: Any = ""
    values: Values = field(default=lambda _: {})
    begins_thread: bool = False
    private: bool = False
    key: tuple[str, object] | None = None
    automatic: Literal["auto-generated", "auto-replied"] | None = "auto-generated"


NOTHING_MORE = About()


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell. `url` is a path of ours; `facts` are JSON."""

    kind: Kind
    facts: Mapping[str, Any]
    url: str
    at: datetime
    event_id: UUID
    about: About = NOTHING_MORE


@dataclass(frozen=True, slots=True)
class Choice:
    """How a person is told of one kind."""

    kind: Kind
    in_app: bool
    mail: bool


def notify(
    session: Session,
    people: Iterable[UUID | None],
    kind: str,
    *,
    facts: Mapping[str, Any],
    url: str,
    at: datetime,
    event_id: UUID,
    about: About = NOTHING_MORE,
) -> list[Notification]:
    """Tell each of `people` once about the event; returns the new lines of inboxes."""
    wanted = {person for person in people if person is not None}
    if not wanted:
        return []
    news = News(KINDS[kind], facts, url, at, event_id, about)
    told = []
    for user, role, preference in queries.audience(session, wanted, kind, event_id, about.portal):
        choice = chosen(news.kind, Role(role), preference)
        if choice.in_app:
            told.append(_line(user, news))
        if choice.mail:
            reader = Reader(user.email, user.name, user.locale, user.zone)
            _post(session, reader, news, f"{kind}:{event_id}:{user.id}")
    session.add_all(told)
    session.flush()
    return told


def write_to(session: Session, reader: Reader, news: News, *, once: str = "") -> None:
    """A letter to somebody without an account; one for all that share `once`."""
    usual = f"{news.kind.key}:{news.event_id}:{reader.address.lower()}"
    _post(session, reader, news, once or usual)


def chosen(kind: Kind, role: Role, preference: Preference | None) -> Choice:
    in_app, mail = role in kind.in_app, role in kind.mail
    if preference is None:
        return Choice(kind, in_app, mail)
    if kind.always:
        return Choice(kind, in_app or preference.in_app, mail or preference.mail)
    return Choice(kind, preference.in_app, preference.mail)


def _line(user: User, news: News) -> Notification:
    thread = news.about.thread
    return Notification(
        user_id=user.id,
        portal_id=news.about.portal,
        event_id=news.event_id,
        kind=news.kind.key,
        facts=dict(news.facts),
        url=news.url,
        ticket_id=thread.id if thread else None,
        created_at=news.at,
    )


def _post(session: Session, reader: Reader, news: News, dedup_key: str) -> None:
    about = news.about
    usual = (news.kind.key, f"{news.event_id.hex}.{letters.mark_of(reader.address)}")
    draft = Draft(
        template=news.kind.letter,
        at=news.at,
        path=news.url,
        key=None if about.begins_thread else about.key or usual,
        thread=about.thread,
        headline=about.headline,
        automatic=about.automatic,
        values=lambda reader: {"kind": news.kind, "facts": news.facts, **about.values(reader)},
    )
    mailing.post(
        session,
        letters.write(draft, reader, _identity(session, about.portal)),
        at=news.at,
        dedup_key=dedup_key,
        builder_id=about.builder_id,
        about_id=about.about_id or (about.thread.id if about.thread else None),
        private=about.private,
    )


def _identity(session: Session, portal: UUID | None) -> MailIdentity | None:
    if portal is None:
        return None
    return mail_identity(session, current_runtime().settings, portal)


def read(session: Session, notification: Notification, *, at: datetime) -> None:
    notification.read_at = notification.read_at or at


def read_all(session: Session, reader: queries.Reader, *, at: datetime) -> None:
    user_id, portal = reader
    session.execute(
        update(Notification)
        .where(
            Notification.user_id == user_id,
            Notification.portal_id == portal,
            Notification.read_at.is_(None),
        )
        .values(read_at=at)
    )


def choices(session: Session, user_id: UUID, role: Role) -> list[Choice]:
    """How the person is told of each kind that concerns them."""
    own = queries.preferences_of(session, user_id)
    return [chosen(kind, role, own.get(kind.key)) for kind in kinds_for(role)]


def choose(
    session: Session,
    user_id: UUID,
    role: Role,
    *,
    in_app: Iterable[str],
    mail: Iterable[str],
) -> None:
    """Keep what the preferences page says: the keys ticked in each column."""
    inside, by_mail = set(in_app), set(mail)
    own = queries.preferences_of(session, user_id)
    for kind in kinds_for(role):
        row = own.get(kind.key)
        if row is None:
            row = Preference(user_id=user_id, kind=kind.key)
            session.add(row)
        row.in_app, row.mail = kind.key in inside, kind.key in by_mail
    session.flush()
