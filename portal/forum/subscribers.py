"""Who hears of what is written in the forum."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.forum.addresses import FORUM, MODERATION, reply_path, thread_path
from portal.forum.happenings import (
    ANSWERED,
    FLAGGED,
    HELD,
    JUDGED,
    RELEASED,
    REMOVED,
    REPLIED,
    RESTORED,
    SETTLED,
    STARTED,
    VOTED,
)
from portal.forum.models import Flag, Post, Reply, State
from portal.forum.queries import audience, flags
from portal.forum.queries import thread as queries
from portal.forum.service import merits
from portal.foundation import outbox
from portal.foundation.markup import mentions_in
from portal.foundation.outbox import Event, Handler
from portal.notifications.kinds import KINDS
from portal.notifications.service import About, notify

TOGETHER: Final = 200
"""People an event: the rest hear of it by the next one, so that no transaction takes long."""


def tell_of_thread(session: Session, happened: Event) -> None:
    """Those who are called by name first, then the category's followers."""
    post = queries.post_by_id(session, UUID(happened.payload["post"]))
    if post is None or post.state != State.PUBLISHED:
        return
    called = _call(session, happened, post, post, thread_path(post.number, post.title))
    after = _after(happened)
    people = audience.followers_of_category(session, post.category, after, TOGETHER)
    _tell(session, happened, "forum_thread", people, post, post, called)
    _go_on(session, happened, people)


def tell_of_reply(session: Session, happened: Event) -> None:
    found = queries.reply(session, UUID(happened.payload["reply"]))
    if found is None or found[1].state != State.PUBLISHED:
        return
    post, reply = found
    called = _call(session, happened, post, reply, _path(post, reply))
    people = audience.followers_of_thread(session, post.id, _after(happened), TOGETHER)
    _tell(session, happened, "forum_reply", people, post, reply, called)
    _go_on(session, happened, people)


def tell_of_answer(session: Session, happened: Event) -> None:
    """Who asked, and who wrote it; not who said so."""
    found = queries.reply(session, UUID(happened.payload["reply"]))
    if found is None:
        return
    post, reply = found
    people = {post.author_id, reply.author_id} - {UUID(happened.payload["by"])}
    facts = {"by": happened.payload["by_name"], "subject": post.title}
    _notify(session, happened, "forum_answer", people, facts, _path(post, reply))


def tell_moderators(session: Session, happened: Event) -> None:
    raised = flags.flag(session, UUID(happened.payload["flag"]))
    found = _thread_of(session, raised)
    if raised is None or found is None or raised.settled_at is not None:
        return
    facts = {"by": raised.by_name, "subject": found.title}
    people = set(flags.moderators(session)) - {raised.by_id}
    _notify(session, happened, "forum_flag", people, facts, MODERATION)


def tell_who_flagged(session: Session, happened: Event) -> None:
    raised = flags.flag(session, UUID(happened.payload["flag"]))
    found = _thread_of(session, raised)
    if raised is None or found is None:
        return
    kind = "forum_flag_upheld" if raised.upheld else "forum_flag_dismissed"
    path = thread_path(found.number, found.title) if not raised.upheld else FORUM
    _notify(session, happened, kind, [raised.by_id], {"subject": found.title}, path)


def tell_whose_is_gone(session: Session, happened: Event) -> None:
    found = _written(session, happened)
    if found is None or found[1].state == State.PUBLISHED or happened.payload["own"]:
        return
    post, what = found
    facts = {"subject": post.title, "reason": happened.payload["reason"]}
    path = FORUM if what is post else thread_path(post.number, post.title)
    _notify(session, happened, "forum_removed", [what.author_id], facts, path)


def tell_held(session: Session, happened: Event) -> None:
    """Moderators, unless one was faster."""
    found = _written(session, happened)
    if found is None or found[1].state != State.HELD:
        return
    post, what = found
    facts = {"by": what.author_name, "subject": post.title}
    _notify(session, happened, "forum_held", flags.moderators(session), facts, MODERATION)


def tell_released(session: Session, happened: Event) -> None:
    found = _written(session, happened)
    if found is None or found[1].state != State.PUBLISHED:
        return
    post, what = found
    path = _path(post, what) if isinstance(what, Reply) else thread_path(post.number, post.title)
    facts = {"subject": post.title}
    _notify(session, happened, "forum_released", [what.author_id], facts, path)


def weigh_vote(session: Session, happened: Event) -> None:
    found = _written(session, happened)
    if found is not None:
        voter = UUID(happened.payload["by"])
        merits.weigh_vote(session, found[1], voter, at=happened.at)


def weigh_answer(session: Session, happened: Event) -> None:
    found = queries.reply(session, UUID(happened.payload["reply"]))
    if found is not None:
        merits.weigh_answer(session, *found, at=happened.at)


def weigh_removal(session: Session, happened: Event) -> None:
    """Not what somebody asked us to take away."""
    found, by = _written(session, happened), happened.payload["by"]
    if found is not None and by:
        own = bool(happened.payload.get("own"))
        merits.weigh_removal(session, found[1], own=own, at=happened.at, by=UUID(by))


def weigh_flag(session: Session, happened: Event) -> None:
    raised = flags.flag(session, UUID(happened.payload["flag"]))
    if raised is not None:
        merits.weigh_flag(session, raised, at=happened.at)


def _written(session: Session, happened: Event) -> tuple[Post, Post | Reply] | None:
    """What an event is about, with its thread."""
    key = UUID(happened.payload["key"])
    if happened.payload["what"] == "reply":
        return queries.reply(session, key)
    post = queries.post_by_id(session, key)
    return None if post is None else (post, post)


def _thread_of(session: Session, raised: Flag | None) -> Post | None:
    if raised is None:
        return None
    if raised.post_id is not None:
        return queries.post_by_id(session, raised.post_id)
    found = queries.reply(session, raised.reply_id) if raised.reply_id else None
    return found[0] if found else None


def _call(
    session: Session, happened: Event, post: Post, what: Post | Reply, path: str
) -> frozenset[UUID]:
    """With the first of the events alone; whoever was called is not told of it twice."""
    called = set(audience.called(session, mentions_in(what.body), post)) - {what.author_id}
    if _after(happened) is None:
        facts = {"by": what.author_name, "subject": post.title}
        _notify(session, happened, "forum_mention", called, facts, path)
    return frozenset(key for key in called if key is not None)


def _tell(
    session: Session,
    happened: Event,
    kind: str,
    people: Iterable[UUID],
    post: Post,
    what: Post | Reply,
    called: frozenset[UUID],
) -> None:
    others = {key for key in people if key != what.author_id} - called
    facts = {"by": what.author_name, "subject": post.title}
    path = _path(post, what) if isinstance(what, Reply) else thread_path(post.number, post.title)
    _notify(session, happened, kind, others, facts, path)


def _notify(
    session: Session,
    happened: Event,
    kind: str,
    people: Iterable[UUID | None],
    facts: Mapping[str, Any],
    path: str,
) -> None:
    notify(
        session,
        people,
        kind,
        facts=facts,
        url=path,
        at=happened.at,
        event_id=happened.id,
        about=About(headline=KINDS[kind].headline),
    )


def _go_on(session: Session, happened: Event, told: Sequence[UUID]) -> None:
    if len(told) < TOGETHER:
        return
    rest = {**happened.payload, "after": str(told[-1])}
    outbox.record(session, happened.kind, at=happened.at, builder_id=None, **rest)


def _after(happened: Event) -> UUID | None:
    told = happened.payload.get("after")
    return UUID(told) if told else None


def _path(post: Post, reply: Reply) -> str:
    return reply_path(post.number, post.title, reply.number or 1)


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {
    STARTED: (tell_of_thread,),
    REPLIED: (tell_of_reply,),
    ANSWERED: (tell_of_answer,),
    FLAGGED: (tell_moderators,),
    SETTLED: (tell_who_flagged, weigh_flag),
    REMOVED: (tell_whose_is_gone, weigh_removal),
    RESTORED: (weigh_removal,),
    HELD: (tell_held,),
    RELEASED: (tell_released,),
    VOTED: (weigh_vote,),
    JUDGED: (weigh_answer,),
}
