"""What the forum's pages say of states and orders."""

from collections.abc import Mapping
from typing import Any, Final

from portal.core.reputation import Held
from portal.forum.models import Kind, Rhythm, Wrong
from portal.forum.queries.listing import Sort
from portal.foundation.speech import lazy_gettext as _l

SORTS: Final[Mapping[Sort, Any]] = {
    Sort.ACTIVE: _l("Active"),
    Sort.NEW: _l("Newest"),
    Sort.UNANSWERED: _l("Unanswered"),
    Sort.TOP: _l("Most useful"),
}
KINDS: Final[Mapping[Kind, Any]] = {
    Kind.QUESTION: _l("Question"),
    Kind.DISCUSSION: _l("Discussion"),
}
KIND_HINTS: Final[Mapping[Kind, Any]] = {
    Kind.QUESTION: _l("You need to know something. Mark the reply that helped."),
    Kind.DISCUSSION: _l("You want to tell others something, or hear what they think."),
}
RHYTHMS: Final[Mapping[Rhythm, Any]] = {
    Rhythm.DAILY: _l("Every day"),
    Rhythm.WEEKLY: _l("Every week"),
    Rhythm.NEVER: _l("Never"),
}
WRONGS: Final[Mapping[Wrong, Any]] = {
    Wrong.SPAM: _l("It is advertising"),
    Wrong.RUDE: _l("It is rude or threatening"),
    Wrong.PRIVATE: _l("It tells what is private of somebody"),
    Wrong.ELSEWHERE: _l("It belongs elsewhere"),
    Wrong.OTHER: _l("Something else"),
}
HELD: Final[Mapping[Held, Any]] = {
    Held.FIRST_LINK: _l("It is your first one and has a link in it."),
    Held.LINKS: _l("It has more links than your level allows."),
    Held.PICTURES: _l("It has pictures, which your level does not allow yet."),
    Held.TOO_FAST: _l("You have written much within an hour."),
}
WHY_HELD: Final[Mapping[str, Any]] = {
    Held.FIRST_LINK: _l("Their first words here, with a link"),
    Held.LINKS: _l("More links than their level allows"),
    Held.PICTURES: _l("Pictures, which their level does not allow yet"),
    Held.TOO_FAST: _l("They have written much within an hour"),
}
"""The same, to moderators."""
