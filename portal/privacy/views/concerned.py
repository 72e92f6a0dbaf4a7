"""People as those who answer for a company's data reach them: who is there, and who was."""

from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.markup.parsing import clean
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.cursors import asked_cursor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.fragments import page
from portal.privacy.queries import people
from portal.privacy.queries.people import Concerned
from portal.privacy.views import privacy

LONGEST_SEARCH = 100


def the_concerned(membership_id: UUID) -> Concerned:
    found = people.in_reach(db(), the_actor(), membership_id)
    if found is None:
        raise NotFound
    return found


@privacy.get("/company/privacy/former")
@requires(Permission.MANAGE_PRIVACY)
def former_members() -> Response:
    search = clean(request.args.get("q", "")).strip()[:LONGEST_SEARCH]
    return page(
        "privacy/former.html",
        rows=people.former_members(db(), the_actor(), search, asked_cursor()),
        search=search,
    )
