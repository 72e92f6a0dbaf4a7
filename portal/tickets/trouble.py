"""What is known to be broken, said before somebody reports it once more (TK-4).

Features above tell what they know, at wiring; where none has anything to say, nothing is shown.
"""

from collections.abc import Callable
from typing import Final

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.core.permissions import Actor

Teller = Callable[[Session, Actor | None, str, str], Markup | None]
"""teller(session, actor, module, language): an alert for who looks; a visitor has no actor."""

_TELLERS: Final[list[Teller]] = []


def tell(teller: Teller) -> None:
    """At wiring, once."""
    _TELLERS.append(teller)


def untell(teller: Teller) -> None:
    """Takes back what `tell` did."""
    _TELLERS.remove(teller)


def known_trouble(
    session: Session, actor: Actor | None, module: str, language: str
) -> list[Markup]:
    told = (teller(session, actor, module, language) for teller in _TELLERS)
    return [one for one in told if one]
