"""What standing in the community is made of: for what there are points, who gets them and how many
at most, and what a level lets its members do. The rules are data, so that the page that explains
them and the code that holds them can't disagree.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

WINDOW: Final = timedelta(hours=24)
"""What "a day" means in every cap: by the calendar, midnight would count twice."""


class Cause(StrEnum):
    QUESTION_UPVOTED = "question_upvoted"
    REPLY_UPVOTED = "reply_upvoted"
    ANSWER_ACCEPTED = "answer_accepted"
    ACCEPTED_AN_ANSWER = "accepted_an_answer"
    ANSWER_VERIFIED = "answer_verified"
    FLAG_UPHELD = "flag_upheld"
    POST_REMOVED = "post_removed"


@dataclass(frozen=True, slots=True)
class Rule:
    """`a_day` is the most that one member gets of it in a day; None: as often as it happens."""

    points: int
    a_day: int | None = None


RULES: Final[Mapping[Cause, Rule]] = {
    Cause.QUESTION_UPVOTED: Rule(5, a_day=50),
    Cause.REPLY_UPVOTED: Rule(10, a_day=100),
    Cause.ANSWER_ACCEPTED: Rule(15, a_day=90),
    Cause.ACCEPTED_AN_ANSWER: Rule(2, a_day=10),
    Cause.ANSWER_VERIFIED: Rule(20),
    Cause.FLAG_UPHELD: Rule(2, a_day=10),
    Cause.POST_REMOVED: Rule(-10),
}


@dataclass(frozen=True, slots=True)
class Caps:
    """On what members give each other; what the platform's staff give is not capped by it."""

    a_day: int  # that a member gets from all others together
    pair_a_day: int  # that one gives another
    pair_free: int  # ever, before the share is looked at
    pair_share: int  # in hundredths of all that the receiver has from members


CAPS: Final = Caps(a_day=150, pair_a_day=20, pair_free=40, pair_share=25)


class Uncounted(StrEnum):
    """Why something gave fewer points than its rule says."""

    COMPANY = "company"
    CAUSE_A_DAY = "cause_a_day"
    A_DAY = "a_day"
    PAIR_A_DAY = "pair_a_day"
    PAIR_SHARE = "pair_share"


@dataclass(frozen=True, slots=True)
class Tie:
    """What giver and receiver are to each other. Without a giver nobody else has a part in it."""

    is_peer: bool = True  # another member gave it, not the platform's staff
    same_company: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """What the receiver has got so far, as far as it still counts and was no loss."""

    of_cause_today: int = 0
    from_peers_today: int = 0
    from_giver_today: int = 0
    from_giver_ever: int = 0
    from_peers_ever: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    points: int
    uncounted: Uncounted | None = None


def granted(cause: Cause, tie: Tie, history: History) -> Grant:
    """What it gives, now. Losses are never capped."""
    rule = RULES[cause]
    if rule.points <= 0:
        return Grant(rule.points)
    if tie.same_company:
        return Grant(0, Uncounted.COMPANY)
    points, why = rule.points, None
    for reason, room in _rooms(rule, tie, history):
        if room < points:
            points, why = max(room, 0), reason
    return Grant(points, why)


def _rooms(rule: Rule, tie: Tie, history: History) -> Sequence[tuple[Uncounted, int]]:
    """What each cap still leaves."""
    found = []
    if rule.a_day is not None:
        found.append((Uncounted.CAUSE_A_DAY, rule.a_day - history.of_cause_today))
    if tie.is_peer:
        share = max(CAPS.pair_free, history.from_peers_ever * CAPS.pair_share // 100)
        found += [
            (Uncounted.A_DAY, CAPS.a_day - history.from_peers_today),
            (Uncounted.PAIR_A_DAY, CAPS.pair_a_day - history.from_giver_today),
            (Uncounted.PAIR_SHARE, share - history.from_giver_ever),
        ]
    return found


class Right(StrEnum):
    """What a level lets its members do beyond reading, asking, answering and voting."""

    PICTURES = "pictures"
    FLAG = "flag"
    EDIT_TITLES = "edit_titles"
    MODERATE = "moderate"  # move, lock, hold and give free what others wrote


@dataclass(frozen=True, slots=True)
class Limits:
    """None: as many as one likes."""

    links: int | None = None  # in one post
    posts_an_hour: int | None = None  # more are held until somebody has looked at them
    posts_a_day: int | None = None  # more are refused


UNLIMITED: Final = Limits()


@dataclass(frozen=True, slots=True)
class Level:
    """`days` since somebody first took part, `people` who gave them points: time and others can't
    be made up as votes can."""

    key: str
    points: int
    days: int
    people: int
    rights: frozenset[Right]
    limits: Limits


_FLAGS = frozenset({Right.PICTURES, Right.FLAG})
LEVELS: Final[Sequence[Level]] = (
    Level("newcomer", 0, 0, 0, frozenset(), Limits(2, 4, 12)),
    Level("member", 20, 1, 2, _FLAGS, Limits(5, 10, 40)),
    Level("regular", 150, 14, 5, _FLAGS, Limits(10, 20, 80)),
    Level("guide", 600, 60, 15, _FLAGS | {Right.EDIT_TITLES}, Limits(20, 40, 150)),
    Level("moderator", 2000, 180, 40, frozenset(Right), Limits(20, 40, 150)),
)
STAFF: Final = Level("staff", 0, 0, 0, frozenset(Right), UNLIMITED)
"""The platform's own people: they earn no points, and their right comes from their role."""


def level_of(points: int, days: int, people: int) -> Level:
    """The highest whose conditions are met, all of them."""
    reached = [
        level
        for level in LEVELS[1:]
        if points >= level.points and days >= level.days and people >= level.people
    ]
    return reached[-1] if reached else LEVELS[0]


def next_level(level: Level) -> Level | None:
    """None for the highest, and for staff."""
    if level not in LEVELS:
        return None
    later = LEVELS[LEVELS.index(level) + 1 :]
    return later[0] if later else None


def may(level: Level, right: Right) -> bool:
    return right in level.rights


def limits(level: Level) -> Limits:
    return level.limits


class Held(StrEnum):
    """Why a post waits until somebody has looked at it."""

    FIRST_LINK = "first_link"
    LINKS = "links"
    PICTURES = "pictures"
    TOO_FAST = "too_fast"


@dataclass(frozen=True, slots=True)
class Post:
    """What is known of a post that somebody sends, and of those that they sent before."""

    links: int = 0
    pictures: int = 0
    before: int = 0  # ever
    last_hour: int = 0
    last_day: int = 0


def held_because(post: Post, level: Level) -> Held | None:
    """None: it is shown at once."""
    bounds = level.limits
    if post.links and not post.before and bounds.links is not None:
        return Held.FIRST_LINK
    if _is_beyond(post.links, bounds.links):
        return Held.LINKS
    if post.pictures and not may(level, Right.PICTURES):
        return Held.PICTURES
    if _is_beyond(post.last_hour + 1, bounds.posts_an_hour):
        return Held.TOO_FAST
    return None


def is_flood(post: Post, level: Level) -> bool:
    """Whether it is one more than the day takes: refused, and asked to be sent tomorrow."""
    return _is_beyond(post.last_day + 1, level.limits.posts_a_day)


def _is_beyond(number: int, most: int | None) -> bool:
    return most is not None and number > most


_LINK = re.compile(r"(?:https?:)?//[^\s/]|\bwww\.[^\s.]", re.IGNORECASE)


def links_in(text: str) -> int:
    """Addresses of the web, however they are written: bare, in brackets or as Markdown's."""
    return len(_LINK.findall(re.sub(r"(?i)(https?:)?//www\.", "//", text)))
