"""What follows when a note is published: whoever wanted what ships with it hears of it, and whoever
wants to know what is new; articles of its modules are looked at again. Some at a time: an event of
its own tells the next, in the name of the first, by which each person is told once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.foundation import outbox
from portal.foundation.outbox import Event, Handler
from portal.ideas.queries import wanting
from portal.kb.service import reviewing
from portal.notifications.kinds import KINDS
from portal.notifications.service import About, notify
from portal.releases.addresses import note_path
from portal.releases.happenings import PUBLISHED, REVIEWING, SHIPPED, TELLING
from portal.releases.models import Release, State
from portal.releases.queries import ideas as queries
from portal.releases.queries import people
from portal.releases.queries.reading import Note, whole

SOME: Final = 20  # people an event: each may be a letter, and all of it is one transaction
WANTED: Final = "idea_shipped"
FIRST_LANGUAGE: Final = "en"


def tell_wishers(session: Session, happened: Event) -> None:
    """Who voted for any of its ideas, submitted one, or asked for one in a ticket; not whoever
    published it."""
    note, told = _published(session, happened), happened.payload
    if note is None:
        return
    ideas = queries.by_keys(session, [UUID(key) for key in told["ideas"]])
    public = [idea.id for idea in ideas if not idea.is_internal]
    some = wanting.people(session, public, _after(happened), SOME) if public else ()
    by = UUID(told["by"]) if told["by"] else None
    _tell(session, happened, WANTED, {*some} - {by}, note.release)
    if len(some) == SOME:
        _go_on(session, happened, SHIPPED, some[-1])


def tell_readers(session: Session, happened: Event) -> None:
    """Those who chose to be told."""
    note = _published(session, happened)
    if note is None:
        return
    some = people.subscribers(session, _after(happened), SOME)
    _tell(session, happened, people.KIND, some, note.release)
    if len(some) == SOME:
        _go_on(session, happened, TELLING, some[-1])


def ask_for_review(session: Session, happened: Event) -> None:
    note = _published(session, happened)
    if note is None or not note.release.modules:
        return
    modules, path = note.release.modules, note_path(note.release.number or 0)
    after = _after(happened)
    last = reviewing.ask(session, modules, note.name, path, after, at=happened.at)
    if last is not None:
        _go_on(session, happened, REVIEWING, last)


def _published(session: Session, happened: Event) -> Note | None:
    """None for what was withdrawn before anybody could be told."""
    found = session.get(Release, UUID(happened.payload["release_id"]))
    if found is None or found.state != State.PUBLISHED:
        return None
    return whole(session, found, FIRST_LANGUAGE)


def _tell(
    session: Session, happened: Event, kind: str, who: Collection[UUID], release: Release
) -> None:
    """Each in their language."""
    for language, readers in people.by_language(session, who).items():
        note = whole(session, release, language)
        if note is None:
            continue
        notify(
            session,
            readers,
            kind,
            facts={"number": release.number, "subject": note.name, "reason": ""},
            url=note_path(release.number or 0),
            at=happened.at,
            event_id=UUID(happened.payload.get("first", str(happened.id))),
            about=About(about_id=release.id, headline=KINDS[kind].headline),
        )


def _after(happened: Event) -> UUID | None:
    told = happened.payload.get("after")
    return UUID(told) if told else None


def _go_on(session: Session, happened: Event, kind: str, last: UUID) -> None:
    first = happened.payload.get("first", str(happened.id))
    rest = {**happened.payload, "after": str(last), "first": first}
    outbox.record(session, kind, at=happened.at, builder_id=None, **rest)


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {
    PUBLISHED: (tell_readers, ask_for_review),
    TELLING: (tell_readers,),
    REVIEWING: (ask_for_review,),
    SHIPPED: (tell_wishers,),
}
