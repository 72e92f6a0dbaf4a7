"""What belongs to the screen that somebody is on."""

from typing import Any

from flask import Response

from portal.core.audience import reader_of
from portal.core.permissions import STAFF, Permission, Scope
from portal.foundation.clock import utcnow
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.api.shapes import answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.formatting import language
from portal.guidance.api.blueprint import api
from portal.guidance.api.shapes import (
    ContextArticle,
    ContextOrientation,
    ContextQuery,
    ContextStep,
    ContextTerm,
    Contextual,
    ContextVideo,
)
from portal.guidance.queries import Context, help_for
from portal.guidance.queries.contextual import HelpPage, HelpTerm, HelpTour
from portal.notifications.addresses import absolute, root_for


@api.get(
    "/kb/contextual",
    operation_id="contextualHelp",
    responses=answers(200, Contextual),
    description=(
        "Articles that editors chose for the screen come first, then those of its module: in the "
        "wanted language, for the version and the role, most read and most helpful first. Nothing "
        "is ever shown that the token's owner may not read."
    ),
)
@requires(Permission.READ_HELP, scope=Scope.READ_HELP)
def contextual(query: ContextQuery) -> Response:
    """Help for a screen of the host app"""
    actor = the_actor()
    own_role = "" if actor.role in STAFF else actor.role
    found = help_for(
        db(),
        reader_of(actor, at_portal=actor.is_portal_user),
        query.page_key or query.url,
        language=query.lang or language(),
        role=query.role or own_role,
        version=query.version,
        user_id=actor.user_id,
        at=utcnow(),
    )
    return answer(_shape(found, root_for(db(), actor)))


def _shape(found: Context, root: str) -> Contextual:
    return Contextual(
        page_key=found.page_key,
        module=found.module,
        title=found.title,
        articles=[
            ContextArticle(
                **_page(one, root), summary=one.summary, module=one.module, version=one.version
            )
            for one in found.articles
        ],
        videos=[ContextVideo(**_page(one, root), seconds=one.seconds) for one in found.videos],
        terms=[_term(one, root) for one in found.terms],
        orientation=_tour(found.orientation),
    )


def _page(one: HelpPage, root: str) -> dict[str, Any]:
    """What articles and films have in common."""
    return {
        "id": one.id,
        "slug": one.slug,
        "language": one.language,
        "title": one.title,
        "url": absolute(one.path, root),
        "pinned": one.is_pinned,
    }


def _term(one: HelpTerm, root: str) -> ContextTerm:
    return ContextTerm(
        key=one.key,
        language=one.language,
        term=one.term,
        definition=one.definition,
        usage=one.usage,
        article_url=absolute(one.article.path, root) if one.article else "",
    )


def _tour(tour: HelpTour | None) -> ContextOrientation | None:
    if tour is None:
        return None
    steps = [ContextStep(target=s.target, title=s.title, text=s.text) for s in tour.steps]
    return ContextOrientation(id=tour.id, edition=tour.edition, language=tour.language, steps=steps)
