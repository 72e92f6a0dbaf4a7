"""Files of a ticket, handed out so that nothing in them can run on our pages."""

from uuid import UUID

from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation import images
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.storage import MissingFile, StoreUnavailable, serving_headers
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.downloads import streamed
from portal.foundation.web.errors import NotFound, Problem
from portal.tickets.models import Attachment, Ticket
from portal.tickets.queries import uploads
from portal.tickets.views import support
from portal.tickets.views.reader import ticket_in_reach


@support.get("/tickets/<int:number>/attachments/<uuid:attachment_id>", endpoint="attachment")
@requires(Permission.SEE_TICKETS)
def whole(number: int, attachment_id: UUID) -> Response:
    return serve(_readable(number, attachment_id))


@support.get("/tickets/<int:number>/attachments/<uuid:attachment_id>/preview", endpoint="thumbnail")
@requires(Permission.SEE_TICKETS)
def preview(number: int, attachment_id: UUID) -> Response:
    return serve_preview(_readable(number, attachment_id))


def _readable(number: int, attachment_id: UUID) -> Attachment:
    ticket = ticket_in_reach(number)
    return file_of(ticket, attachment_id, internal=the_actor().answers(ticket.desk))


def file_of(ticket: Ticket, attachment_id: UUID, *, internal: bool) -> Attachment:
    file = uploads.readable(db(), ticket, attachment_id, internal=internal, now=utcnow())
    if file is None:
        raise NotFound
    return file


def serve(file: Attachment) -> Response:
    try:
        opened = current_runtime().store.open(file.storage_key)
    except MissingFile:
        raise NotFound from None
    except StoreUnavailable:
        raise Problem(503) from None
    return streamed(opened, serving_headers(file.content_type, file.filename))


def serve_preview(file: Attachment) -> Response:
    try:
        opened = current_runtime().store.open_preview(file.storage_key)
    except MissingFile:
        raise NotFound from None
    except StoreUnavailable:
        raise Problem(503) from None
    return streamed(opened, serving_headers(images.PREVIEW_TYPE, f"{file.filename}.webp"))
