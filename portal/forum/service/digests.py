"""One letter a day or a week for all that somebody follows, and the way out of it by one press."""

from datetime import datetime
from typing import Final
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.models import User
from portal.config import secret_key
from portal.core.digests import next_daily, next_weekly
from portal.core.permissions import Actor
from portal.forum.addresses import FORUM, reply_path, thread_path
from portal.forum.models import Digest, Rhythm
from portal.forum.queries import digests as queries
from portal.forum.queries.digests import News
from portal.foundation.collisions import TAKEN, refusing
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.tenancy import PLATFORM, see
from portal.notifications import letters, mailing
from portal.notifications.addresses import absolute
from portal.notifications.letters import Draft, Reader

TOGETHER: Final = 5  # letters a transaction
SALT: Final = "forum's digest"


class _Begun(ValueError):
    """Another window was faster."""


def begin(session: Session, *, by: Actor, at: datetime) -> None:
    """Weekly, for who follows something for the first time."""
    if by.user_id is None or queries.of(session, by.user_id) is not None:
        return
    wish = Digest(user_id=by.user_id, since=at, next_at=next_weekly(at, by.zone))
    try:
        with refusing(session, _Begun(), TAKEN):
            session.add(wish)
    except _Begun:
        return


def choose(session: Session, rhythm: Rhythm, *, by: Actor, at: datetime) -> None:
    begin(session, by=by, at=at)
    digest = queries.of(session, by.user_id) if by.user_id else None
    if digest is None or digest.rhythm == rhythm:
        return
    digest.rhythm, digest.since = rhythm, at
    digest.next_at = _next(rhythm, at, by.zone)
    session.flush()


def stop(session: Session, user_id: UUID) -> None:
    """Whoever has the letter may."""
    digest = queries.of(session, user_id)
    if digest is not None:
        digest.rhythm, digest.next_at = Rhythm.NEVER, None
        session.flush()


def token_for(user_id: UUID) -> str:
    return _signer().dumps(user_id.hex)


def user_of(token: str) -> UUID | None:
    """None for anything that we did not sign."""
    try:
        return UUID(_signer().loads(token))
    except (BadData, ValueError, TypeError, AttributeError):
        return None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(secret_key(current_runtime().settings), salt=SALT)


def send(sessions: sessionmaker[Session], at: datetime) -> int:
    """Clock work: a few letters a transaction; each moves its own day on with it, so that who
    was written to is not written to again."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        due = queries.due(session, at, TOGETHER)
        for digest in due:
            _send(session, digest, at)
        return len(due)


def _send(session: Session, digest: Digest, at: datetime) -> None:
    user = queries.reader(session, digest.user_id)
    if user is None:
        digest.next_at = None
        return
    if found := queries.news(session, user.id, digest.since):
        _write(session, user, Rhythm(digest.rhythm), found, at)
    digest.since, digest.next_at = at, _next(Rhythm(digest.rhythm), at, user.zone)


def _next(rhythm: Rhythm, at: datetime, zone: str) -> datetime | None:
    match rhythm:
        case Rhythm.DAILY:
            return next_daily(at, zone)
        case Rhythm.WEEKLY:
            return next_weekly(at, zone)
        case Rhythm.NEVER:
            return None


def _write(session: Session, user: User, rhythm: Rhythm, found: News, at: datetime) -> None:
    end = f"{FORUM}/digest/{token_for(user.id)}/end"
    key = f"{user.id}.{at:%Y%m%d}"
    values = {
        "begun": [(row, absolute(thread_path(row.number, row.title))) for row in found.begun],
        "went_on": [
            (row, absolute(reply_path(row.number, row.title, row.read_to + 1)))
            for row in found.went_on
        ],
        "rhythm": rhythm.value,
        "end_link": absolute(end),
    }
    draft = Draft(
        template="forum_digest",
        at=at,
        path=FORUM,
        key=("forum-digest", key),
        headline=_l("New in the forum"),
        unsubscribe=end,
        values=lambda _reader: values,
    )
    reader = Reader(user.email, user.name, user.locale, user.zone)
    letter = letters.write(draft, reader)
    mailing.post(session, letter, at=at, dedup_key=f"forum-digest:{key}", about_id=user.id)
