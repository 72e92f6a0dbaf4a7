"""What else shipped with a release: other rooms say it, each registered where the application is
wired."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.permissions import Actor

Provider = Callable[[Session, Actor | None, UUID, str], Sequence[tuple[str, str]]]
"""(session, who looks, release, language) → title and path of what that reader may see of it."""

_PROVIDERS: Final[dict[str, Provider]] = {}


def register(name: str, provider: Provider) -> None:
    """A second one of the same name takes the first one's place."""
    _PROVIDERS[name] = provider


def withdraw(name: str) -> None:
    """Takes back what `register` did."""
    _PROVIDERS.pop(name, None)


def of(
    session: Session, looks: Actor | None, release_id: UUID, language: str
) -> list[tuple[str, str]]:
    return [
        one
        for provider in _PROVIDERS.values()
        for one in provider(session, looks, release_id, language)
    ]
