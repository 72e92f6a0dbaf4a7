"""What the pages of accounts say about rules that the core decides."""

from collections.abc import Mapping
from typing import Any

from portal.core.passwords import LONGEST, SHORTEST, Weakness
from portal.core.permissions import Scope
from portal.core.team import Refusal
from portal.foundation.speech import lazy_gettext as _l

WEAK: Mapping[Weakness, Any] = {
    Weakness.SHORT: _l(
        "Use at least %(least)s characters. Some words that you remember are fine.", least=SHORTEST
    ),
    Weakness.LONG: _l("Use %(most)s characters at most.", most=LONGEST),
    Weakness.COMMON: _l("This is one of the first that anybody would try. Choose another."),
    Weakness.PERSONAL: _l(
        "Your name, address or company is what others would try first. Choose something else."
    ),
}
REFUSALS: Mapping[Refusal | None, Any] = {
    Refusal.OWN: _l("Nobody changes their own role; ask a colleague."),
    Refusal.ABOVE: _l("Only an owner decides who is one."),
    Refusal.LAST: _l("Somebody must stay who may do this. Give another person the role first."),
}
SCOPES: Mapping[Scope, Any] = {
    Scope.READ_TICKETS: _l("Read tickets"),
    Scope.WRITE_TICKETS: _l("Open tickets, write in them and settle them"),
    Scope.READ_HELP: _l("Search and read help"),
    Scope.WRITE_HELP: _l("Say whether an article helped"),
    Scope.READ_COMMUNITY: _l("Read the forum, ideas, the roadmap and what’s new"),
    Scope.WRITE_COMMUNITY: _l("Write in the forum, add ideas and vote"),
}
PASSWORD_HINT = _l(
    "At least %(least)s characters. Some words that you remember are fine; no digits or marks are "
    "needed.",
    least=SHORTEST,
)
