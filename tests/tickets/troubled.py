"""Something that is known to be broken, as a feature above would tell it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from markupsafe import Markup

from portal.tickets import trouble

STANDSTILL = "<p>The trains stand still.</p>"


@contextmanager
def told() -> Iterator[list[tuple[Any, ...]]]:
    """Who was told meanwhile: (role or nothing, module, language)."""
    asked: list[tuple[Any, ...]] = []

    def teller(session, actor, module, language):
        asked.append((actor.role if actor else None, module, language))
        return Markup(STANDSTILL)

    def silent(session, actor, module, language):
        return None

    for one in (teller, silent):
        trouble.tell(one)
    yield asked
    for one in (teller, silent):
        trouble.untell(one)
