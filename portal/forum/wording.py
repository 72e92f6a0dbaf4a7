"""What the forum's pages say of states and orders."""

from collections.abc import Mapping
from typing import Any, Final

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
