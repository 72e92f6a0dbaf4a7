"""What stands on the host page itself, fetched for it by the panel: the meaning of fields, and the
first steps in a module."""

from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from flask import Response, jsonify, request

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import language
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.guidance.queries import explained
from portal.guidance.queries.contextual import HelpTerm
from portal.guidance.service import dismissals
from widget.views import views
from widget.views.home import asked_place, context_again, context_of, reader

MOST: Final = 60  # keys of one question
LONGEST: Final = 120


@views.get("/terms")
@requires(Permission.READ_HELP)
def terms() -> Response:
    """Of these keys, those that there are."""
    keys = [key[:LONGEST] for key in request.args.getlist("key")[:MOST]]
    found = explained(db(), reader(), keys, language=language(), at=utcnow())
    return jsonify(terms=[_told(one) for one in found])


@views.get("/tour")
@requires(Permission.READ_HELP)
def tour() -> Response:
    """The first steps on this screen, for who has not put them away."""
    place = asked_place()
    found = (context_again(place) if "again" in request.args else context_of(place)).orientation
    if found is None:
        return jsonify(tour=None)
    steps = [asdict(step) for step in found.steps]
    return jsonify(
        tour={
            "id": str(found.id),
            "edition": found.edition,
            "language": found.language,
            "steps": steps,
        }
    )


@views.post("/orientations/<uuid:orientation_id>/dismissal")
@requires(Permission.READ_HELP)
def dismiss(orientation_id: UUID) -> Response:
    edition = request.form.get("edition", 1, type=int)
    dismissals.dismiss(db(), orientation_id, edition, by=the_actor(), at=utcnow())
    return Response(status=204)


def _told(one: HelpTerm) -> dict[str, Any]:
    article = one.article
    return {
        "key": one.key,
        "language": one.language,
        "term": one.term,
        "definition": one.definition,
        "usage": one.usage,
        "article": f"{article.language}/{article.slug}" if article is not None else "",
    }
