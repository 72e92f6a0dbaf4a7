"""Searches are noted when the answer is on its way: what only shows something writes nothing."""

import logging

from flask import Response, after_this_request, g
from sqlalchemy.exc import SQLAlchemyError

from portal.core.permissions import Actor
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.tenancy import PLATFORM, see
from portal.foundation.web.visitors import looking, the_company
from portal.search.service.noting import Looked, note

log = logging.getLogger(__name__)


def note_once_answered(words: str, language: str, total: int, surface: str) -> None:
    """After the answer, in a transaction of its own."""
    looked, at = looked_for(words, language, total, surface), utcnow()
    writers = current_runtime().writers

    def write() -> None:
        try:
            with writers.begin() as session:
                see(session, looked.builder_id or PLATFORM)
                note(session, looked, at=at)
        except SQLAlchemyError as error:  # what was looked for is not worth an error
            log.info("not noted what was looked for: %s", error)

    @after_this_request
    def follow(response: Response) -> Response:
        response.call_on_close(write)
        return response


def looked_for(words: str, language: str, total: int, surface: str) -> Looked:
    actor: Actor | None = g.get("actor")
    return Looked(
        words,
        language,
        total,
        surface,
        looking(),
        builder_id=the_company(),
        user_id=actor.user_id if actor else None,
        plan=actor.plan if actor else "",
        role=actor.role if actor else "",
    )
