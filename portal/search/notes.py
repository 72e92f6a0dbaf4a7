"""Searches are noted when the answer is on its way: what only shows something writes nothing."""

from flask import g

from portal.core.permissions import Actor
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.tenancy import PLATFORM, see
from portal.foundation.web.afterwards import note_once_answered
from portal.foundation.web.visitors import looking, the_company
from portal.search.service.noting import Looked, note


def note_search(words: str, language: str, total: int, surface: str, *, module: str = "") -> None:
    """Once the page is answered."""
    looked, at = looked_for(words, language, total, surface, module=module), utcnow()
    writers = current_runtime().writers

    def write() -> None:
        with writers.begin() as session:
            see(session, looked.builder_id or PLATFORM)
            note(session, looked, at=at)

    note_once_answered(write)


def looked_for(words: str, language: str, total: int, surface: str, *, module: str = "") -> Looked:
    actor: Actor | None = g.get("actor")
    return Looked(
        words,
        language,
        total,
        surface,
        looking(),
        builder_id=the_company(),
        user_id=actor.user_id if actor else None,
        module=module,
        plan=actor.plan if actor else "",
        role=actor.role if actor else "",
    )
