"""Levels, rights, points and caps in words: facts are worded when they are shown."""

from collections.abc import Mapping
from typing import Any, Final

from portal.core.reputation import CAPS, Cause, Level, Limits, Right, Rule, Uncounted
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.speech import ngettext

CAUSES: Final[Mapping[str, Any]] = {
    Cause.QUESTION_UPVOTED: _l("Somebody found your question or discussion useful"),
    Cause.REPLY_UPVOTED: _l("Somebody found your reply useful"),
    Cause.ANSWER_ACCEPTED: _l("Your reply was accepted as the answer"),
    Cause.ACCEPTED_AN_ANSWER: _l("You said which reply answers your question"),
    Cause.ANSWER_VERIFIED: _l("Our team confirmed that your reply is right"),
    Cause.FLAG_UPHELD: _l("You pointed out something that did not belong there"),
    Cause.POST_REMOVED: _l("Moderators removed something that you wrote"),
}
SUMMARIES: Final[Mapping[str, Any]] = {
    Cause.QUESTION_UPVOTED: _l("Useful questions"),
    Cause.REPLY_UPVOTED: _l("Useful replies"),
    Cause.ANSWER_ACCEPTED: _l("Accepted answers"),
    Cause.ACCEPTED_AN_ANSWER: _l("Answers that they accepted"),
    Cause.ANSWER_VERIFIED: _l("Answers that our team confirmed"),
    Cause.FLAG_UPHELD: _l("Right hints to moderators"),
    Cause.POST_REMOVED: _l("Removed by moderators"),
}
"""The same of anybody, and of many at once."""
LEVELS: Final[Mapping[str, Any]] = {
    "newcomer": _l("Newcomer"),
    "member": _l("Member"),
    "regular": _l("Regular"),
    "guide": _l("Guide"),
    "moderator": _l("Moderator"),
    "staff": _l("Our team"),
}
RIGHTS: Final[Mapping[str, Any]] = {
    Right.PICTURES: _l("Show pictures in what you write"),
    Right.FLAG: _l("Point out to moderators what does not belong there"),
    Right.EDIT_TITLES: _l("Improve the titles of what others wrote"),
    Right.MODERATE: _l("Moderate: verify answers, move, join, lock, take away and give back"),
}
"""Those that the forum asks for."""
UNCOUNTED: Final[Mapping[str, Any]] = {
    Uncounted.COMPANY: _l("People of one company give each other no points."),
    Uncounted.CAUSE_A_DAY: _l("The most that this gives in a day was reached."),
    Uncounted.A_DAY: _l("The most that others can give in a day was reached."),
    Uncounted.PAIR_A_DAY: _l("The most that one person can give another in a day was reached."),
    Uncounted.PAIR_SHARE: _l("This person had given a large part of all your points already."),
}
TAKEN_BACK: Final[Mapping[str, Any]] = {
    "": _l("Taken back"),
    "removed": _l("Taken back: what it was for was removed"),
}


def signed(points: int) -> str:
    """+10, 0, −10: with the sign that is as wide as a plus."""
    return f"{points:+d}".replace("-", "−") if points else "0"


def rule_limit(rule: Rule) -> str:
    if rule.a_day is None:
        return ""
    return _("%(most)s points a day", most=rule.a_day)


def caps() -> list[str]:
    """What keeps points honest, a sentence each."""
    return [
        _("People of one company give each other no points."),
        _("Others can give you %(most)s points within 24 hours at most.", most=CAPS.a_day),
        _(
            "One person can give another %(most)s points within 24 hours at most.",
            most=CAPS.pair_a_day,
        ),
        _(
            "Beyond %(free)s points, one person can’t give you more than %(share)s %% of all "
            "points that you have from others.",
            free=CAPS.pair_free,
            share=CAPS.pair_share,
        ),
        _("What is taken back, or removed by moderators, no longer counts."),
        _("Our own team gets no points."),
    ]


def conditions(level: Level) -> list[str]:
    """What it takes to reach it."""
    found = [_("%(points)s points", points=level.points)] if level.points else []
    if level.people:
        found.append(ngettext("from %(num)s person", "from %(num)s people", level.people))
    if level.days:
        told = ngettext("%(num)s day after you began", "%(num)s days after you began", level.days)
        found.append(told)
    return found


def bounds(limits: Limits) -> list[str]:
    """How much a level writes before somebody has to look at it."""
    found = []
    if limits.links is not None:
        found.append(ngettext("%(num)s link a post", "%(num)s links a post", limits.links))
    if limits.posts_an_hour is not None:
        told = ngettext("%(num)s post an hour", "%(num)s posts an hour", limits.posts_an_hour)
        found.append(told)
    if limits.posts_a_day is not None:
        told = ngettext("%(num)s post a day", "%(num)s posts a day", limits.posts_a_day)
        found.append(told)
    return found


def level_name(level: Level) -> str:
    return str(LEVELS[level.key])
