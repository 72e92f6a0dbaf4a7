"""Files sent with a form: each is kept or refused by itself, and what is kept survives a form
that is refused for another reason."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import request

from portal.core.permissions import Actor
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.storage import RefusedFile, StoreUnavailable
from portal.foundation.web.database import db
from portal.foundation.web.formatting import filesize
from portal.tickets.forms.customer import chosen_files
from portal.tickets.models import Attachment
from portal.tickets.queries import uploads
from portal.tickets.service import attachments
from portal.tickets.service.attachments import MOST

FIELD = "attachments"
KEPT = "kept"


@dataclass(slots=True)
class Uploads:
    """`refusals` are sentences, each naming its file."""

    files: list[Attachment] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    @property
    def error(self) -> str:
        return " ".join(self.refusals)


def receive(by: Actor, at: datetime) -> Uploads:
    """What came with this request, and what an earlier press had brought."""
    received = Uploads(uploads.waiting(db(), by, chosen_files(request.form.getlist(KEPT))))
    before = len(received.files)
    for upload in request.files.getlist(FIELD):
        if not upload.filename:
            continue
        if len(received.files) >= MOST:
            received.refusals.append(_too_many(upload.filename))
            continue
        try:
            received.files += attachments.keep(
                db(), current_runtime().store, [upload], by=by, at=at, limit=limit()
            )
        except RefusedFile as refused:
            received.refusals.append(reason(refused))
        except StoreUnavailable:
            received.refusals.append(_not_now(upload.filename))
    if len(received.files) > before:
        # whatever becomes of the words, nobody should have to send a file twice
        db().commit()
    return received


def limit() -> int:
    return current_runtime().settings.attachment_limit


def reason(refused: RefusedFile) -> str:
    """Why a file was not taken, and what to do instead."""
    facts = {"name": refused.params["filename"]}
    match refused.reason:
        case "too_large":
            size = filesize(refused.params["limit_bytes"])
            return str(
                _("“%(name)s” is larger than %(size)s and was not kept.", size=size, **facts)
            )
        case "empty":
            return str(_("“%(name)s” is empty and was not kept.", **facts))
        case "not_an_image":
            return str(_("“%(name)s” is called a picture but is none, and was not kept.", **facts))
        case "too_many_pixels":
            return str(_("“%(name)s” has too many pixels and was not kept.", **facts))
    return str(_("“%(name)s” is damaged and was not kept.", **facts))


def _too_many(name: str) -> str:
    return str(_("“%(name)s” was not kept: %(most)s files at most.", name=name, most=MOST))


def _not_now(name: str) -> str:
    return str(_("“%(name)s” could not be kept just now. Try to attach it again.", name=name))


def again(received: Uploads, by: Actor) -> list[Attachment]:
    """The same files in a transaction begun anew."""
    return uploads.waiting(db(), by, [file.id for file in received.files])
