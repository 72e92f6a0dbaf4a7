"""What the pages of accounts say about rules that the core decides."""

from collections.abc import Mapping
from typing import Any

from portal.core.passwords import LONGEST, SHORTEST, Weakness
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
PASSWORD_HINT = _l(
    "At least %(least)s characters. Some words that you remember are fine; no digits or marks are "
    "needed.",
    least=SHORTEST,
)
