"""What a program sends along, made ready for the services."""

import base64
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from werkzeug.datastructures import FileStorage

from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.storage import RefusedFile, StoreUnavailable
from portal.foundation.web.access import the_actor
from portal.foundation.web.api.refusals import wrong
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.tickets.api.shapes import NewFile
from portal.tickets.models import Attachment
from portal.tickets.service import attachments


def keep(files: Sequence[NewFile]) -> list[Attachment]:
    """Stored, not yet tied to a ticket; a refusal names the file."""
    if not files:
        return []
    runtime = current_runtime()
    with _refusing():
        return attachments.keep(
            db(),
            runtime.store,
            [_upload(file) for file in files],
            by=the_actor(),
            at=utcnow(),
            limit=runtime.settings.attachment_limit,
        )


def _upload(file: NewFile) -> FileStorage:
    content = io.BytesIO(base64.b64decode(file.content, validate=True))
    return FileStorage(stream=content, filename=file.filename)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except RefusedFile as refused:
        raise wrong("attachments", _refusal(refused)) from refused
    except StoreUnavailable as full:
        raise Problem(503) from full


def _refusal(refused: RefusedFile) -> str:
    sentence = REFUSALS.get(refused.reason, REFUSALS["broken_image"])
    return str(sentence) % {"name": refused.params["filename"]}


REFUSALS = {
    "too_large": _l("%(name)s is too large."),
    "empty": _l("%(name)s is empty."),
    "not_an_image": _l("%(name)s is not the picture that its name says."),
    "too_many_pixels": _l("%(name)s has too many pixels."),
    "broken_image": _l("%(name)s can't be read."),
}
