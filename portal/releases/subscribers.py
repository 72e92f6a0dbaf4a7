"""What follows when a note is published: whoever wanted what ships with it hears of it, and whoever
wants to know what is new; articles of its modules are looked at again. Some at a time: an event of
its own tells the next, in the name of the first, by which each person is told once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.foundation import outbox
from portal.foundation.outbox import Event, Handler
from portal.ideas.models import FeatureRequest
from portal.ideas.queries import tickets
from portal.ideas.queries import votes as queries
from portal.kb.service import reviewing
from portal.notifications.kinds import KINDS
from portal.notifications.service import About, notify
from portal.releases.addresses import note_path
from portal.releases.happenings import PUBLISHED, REVIEWING, SHIPPED, TELLING
from portal.releases.models import Release, State
from portal.releases.queries import people
from portal.releases.queries.reading import Note, whole

SOME: Final = 20  # people an event: each may be a letter, and all of it is one transaction
WANTED: Final = "idea_shipped"
FIRST_LANGUAGE: Final = "en"


def tell_wishers(session: Session, happened: Event) -> None:
    """Of one idea after the other who voted, submitted it, or asked in a ticket behind either."""
    note, told = _published(session, happened), happened.payload
    if note is None or not told["ideas"]:
        return
    after = UUID(told["after"]) if "after" in told else None
    idea = session.get(FeatureRequest, UUID(told["ideas"][0]))
    wanted = queries.after(session, idea.id, after, SOME) if idea is not None else ()
    if idea is not None and not idea.is_internal:
        asked = [vote.source_ticket_id for vote in wanted if vote.source_ticket_id is not None]
        who = {vote.user_id for vote in wanted}
        if after is None:
            who |= {idea.submitted_by}
            asked += [idea.source_ticket_id] if idea.source_ticket_id is not None else []
        who |= tickets.requesters(session, asked)
        by = UUID(told["by"]) if told["by"] else None
        _tell(session, happened, WANTED, who - {None, by}, note, _wish(note, idea))
    if len(wanted) == SOME:
        _go_on(session, happened, SHIPPED, after=str(wanted[-1].id))
    elif rest := told["ideas"][1:]:
        _go_on(session, happened, SHIPPED, without=("after",), ideas=rest)


def tell_readers(session: Session, happened: Event) -> None:
    """Those who chose to be told, each in their language."""
    note = _published(session, happened)
    if note is None:
        return
    after = UUID(happened.payload["after"]) if "after" in happened.payload else None
    some = people.subscribers(session, after, SOME)
    for language, who in people.by_language(session, some).items():
        shown = whole(session, note.release, language)
        if shown is not None:
            facts = {"number": note.release.number, "subject": shown.name}
            _tell(session, happened, people.KIND, who, note, facts)
    if len(some) == SOME:
        _go_on(session, happened, TELLING, after=str(some[-1]))


def ask_for_review(session: Session, happened: Event) -> None:
    note = _published(session, happened)
    if note is None or not note.release.modules:
        return
    after = UUID(happened.payload["after"]) if "after" in happened.payload else None
    modules, path = note.release.modules, note_path(note.release.number or 0)
    last = reviewing.ask(session, modules, note.name, path, after, at=happened.at)
    if last is not None:
        _go_on(session, happened, REVIEWING, after=str(last))


def _published(session: Session, happened: Event) -> Note | None:
    """None for what was withdrawn before anybody could be told."""
    found = session.get(Release, UUID(happened.payload["release_id"]))
    if found is None or found.state != State.PUBLISHED:
        return None
    return whole(session, found, FIRST_LANGUAGE)


def _wish(note: Note, idea: FeatureRequest) -> dict[str, Any]:
    version = note.release.version
    title = f"{idea.title} ({version})" if version else idea.title
    return {"number": idea.number, "subject": title, "reason": ""}


def _tell(
    session: Session,
    happened: Event,
    kind: str,
    who: Collection[UUID | None],
    note: Note,
    facts: Mapping[str, Any],
) -> None:
    notify(
        session,
        who,
        kind,
        facts=facts,
        url=note_path(note.release.number or 0),
        at=happened.at,
        event_id=UUID(happened.payload.get("first", str(happened.id))),
        about=About(about_id=note.release.id, headline=KINDS[kind].headline),
    )


def _go_on(
    session: Session,
    happened: Event,
    kind: str,
    *,
    without: Collection[str] = (),
    **further: Any,
) -> None:
    first = happened.payload.get("first", str(happened.id))
    rest = {name: fact for name, fact in happened.payload.items() if name not in without}
    payload = {**rest, **further, "first": first}
    outbox.record(session, kind, at=happened.at, builder_id=None, **payload)


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {
    PUBLISHED: (tell_readers, ask_for_review),
    TELLING: (tell_readers,),
    REVIEWING: (ask_for_review,),
    SHIPPED: (tell_wishers,),
}
