"""What waits until the answer is on its way, so that no page waits for it."""

import logging
from collections.abc import Callable
from typing import Final

from flask import Response, after_this_request
from sqlalchemy.exc import SQLAlchemyError

NO_CONTENT: Final = 204

log = logging.getLogger(__name__)


def once_answered(call: Callable[[], object]) -> None:
    """When the last byte is on its way."""

    @after_this_request
    def follow(response: Response) -> Response:
        if response.status_code == NO_CONTENT:  # such an answer is never closed
            call()
        else:
            response.call_on_close(call)
        return response


def note_once_answered(write: Callable[[], None]) -> None:
    """For what is worth little: `write` opens a transaction of its own, so that a page which only
    shows something writes nothing, and that it failed is no error to anybody."""

    def try_to() -> None:
        try:
            write()
        except SQLAlchemyError as error:
            log.info("not noted after the answer: %s", error)

    once_answered(try_to)
