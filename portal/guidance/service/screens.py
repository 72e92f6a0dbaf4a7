"""Screens of the host app: their addresses, and what is shown on them first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission
from portal.guidance.models import PageRule, Screen
from portal.guidance.queries import screens as queries
from portal.guidance.service import marks
from portal.guidance.service.refusals import ChangedMeanwhile, KeyTaken
from portal.guidance.service.saving import saving


@dataclass(frozen=True, slots=True)
class ScreenWords:
    """All that an editor says of a screen. `patterns` are such as `core.page_keys` reads, in the
    order in which they are asked; `topics` and `videos` in the order in which they are shown."""

    page_key: str
    module: str
    titles: Mapping[str, str]
    patterns: Sequence[str] = ()
    topics: Sequence[UUID] = ()
    videos: Sequence[UUID] = ()


class PatternTaken(Exception):
    """`pattern` is an address of another screen, `page_key`."""

    def __init__(self, pattern: str, page_key: str) -> None:
        super().__init__(pattern)
        self.pattern = pattern
        self.page_key = page_key


def add(session: Session, words: ScreenWords, *, by: Actor, at: datetime) -> Screen:
    """Raises KeyTaken and PatternTaken."""
    by.require(Permission.MANAGE_GUIDANCE)
    _refuse_taken(session, words, None)
    screen = Screen(position=queries.next_position(session), rules=[])
    _write(session, screen, words, at)
    audit.record(session, "screen.added", by=by, at=at, about=words.page_key)
    return screen


def save(
    session: Session, screen: Screen, words: ScreenWords, *, seen: int, by: Actor, at: datetime
) -> None:
    """`seen` is the version that was edited; `screen` comes with its rules. Raises
    ChangedMeanwhile, KeyTaken and PatternTaken."""
    by.require(Permission.MANAGE_GUIDANCE)
    if screen.version != seen:
        raise ChangedMeanwhile
    _refuse_taken(session, words, screen)
    before = "" if screen.page_key == words.page_key else screen.page_key
    _write(session, screen, words, at)
    audit.record(session, "screen.saved", by=by, at=at, about=words.page_key, before=before)


def add_pattern(session: Session, screen: Screen, pattern: str, *, by: Actor, at: datetime) -> None:
    """One address more for a screen that comes with its rules. Raises PatternTaken."""
    words = ScreenWords(
        page_key=screen.page_key,
        module=screen.module,
        titles=screen.titles,
        patterns=[*(rule.pattern for rule in screen.rules), pattern],
        topics=[UUID(one) for one in screen.topic_ids],
        videos=[UUID(one) for one in screen.video_ids],
    )
    save(session, screen, words, seen=screen.version, by=by, at=at)


def remove(session: Session, screen: Screen, *, by: Actor, at: datetime) -> None:
    by.require(Permission.MANAGE_GUIDANCE)
    session.delete(screen)
    session.flush()
    marks.renew(session)
    audit.record(session, "screen.removed", by=by, at=at, about=screen.page_key)


def move(session: Session, screen: Screen, other: Screen, *, by: Actor, at: datetime) -> None:
    """The two change places."""
    by.require(Permission.MANAGE_GUIDANCE)
    screen.position, other.position = other.position, screen.position
    session.flush()
    marks.renew(session)
    audit.record(session, "screen.moved", by=by, at=at, about=screen.page_key)


def _refuse_taken(session: Session, words: ScreenWords, screen: Screen | None) -> None:
    own = screen.id if screen is not None else None
    other = queries.screen_by_key(session, words.page_key)
    if other is not None and other.id != own:
        raise KeyTaken(words.page_key)
    for pattern, owner in queries.owners_of(session, words.patterns):
        if owner.id != own:
            raise PatternTaken(pattern, owner.page_key)


def _write(session: Session, screen: Screen, words: ScreenWords, at: datetime) -> None:
    known = {rule.pattern: rule for rule in screen.rules}
    with saving(session, screen, words.page_key):
        screen.page_key, screen.module = words.page_key, words.module
        screen.titles = dict(words.titles)
        screen.topic_ids = [str(one) for one in words.topics]
        screen.video_ids = [str(one) for one in words.videos]
        screen.updated_at = at
        screen.rules = [known.get(one) or PageRule(pattern=one) for one in words.patterns]
        for position, rule in enumerate(screen.rules):
            rule.position = position
