"""Who somebody is in the community, what they wrote, and for what they have points."""

from typing import Any
from uuid import UUID

from flask import g, url_for
from werkzeug.wrappers import Response

from portal.community import contributions, wording
from portal.community.doors import require_open
from portal.community.queries import people
from portal.community.queries import points as queries
from portal.community.queries.people import Profile
from portal.community.service.standing import NEWCOMER, standing, standings
from portal.community.views import community
from portal.core.permissions import Actor, Permission
from portal.core.reputation import Right, next_level
from portal.foundation.clock import utcnow
from portal.foundation.paging import Cursor
from portal.foundation.web.access import public, requires, the_actor
from portal.foundation.web.cursors import asked_cursor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.fragments import page
from portal.foundation.web.site import the_site

LATEST = 5  # contributions of each kind


@community.get("/members/<uuid:user_id>")
@public("what somebody wrote for everybody to read, and how far it is to be trusted")
def member(user_id: UUID) -> Response:
    require_open()
    actor: Actor | None = g.get("actor")
    found = _profile(user_id)
    return page(
        "community/member.html",
        member=found,
        company=found.builder_name if _stands_here(found) else "",
        groups=contributions.of(db(), user_id, actor, LATEST),
        totals=[] if found.is_staff else queries.totals(db(), user_id),
        sees_ledger=actor is not None and _may_see_ledger(actor, found),
        may_restrict=_may_restrict(actor, found),
        is_self=actor is not None and actor.user_id == user_id,
        **_standing(user_id),
    )


@community.get("/members/<uuid:user_id>/points")
@requires(Permission.TAKE_PART)
def ledger(user_id: UUID) -> Response:
    """Each point with its cause: for whoever has it, and for moderators, who also see by whom."""
    actor, found = the_actor(), _profile(user_id)
    if not _may_see_ledger(actor, found):
        raise NotFound
    rows = queries.ledger(db(), user_id, asked_cursor())
    is_self = actor.user_id == user_id
    givers = set() if is_self else {row.given_by for row in rows.items if row.given_by}
    sources = {(row.source_kind, row.source_id) for row in rows.items}
    return page(
        "community/points.html",
        member=found,
        rows=rows.items,
        named=contributions.named(db(), actor, sources),
        givers=people.names(db(), givers),
        is_self=is_self,
        uncounted=wording.UNCOUNTED,
        taken_back=wording.TAKEN_BACK,
        newer=_link(user_id, rows.previous_cursor),
        older=_link(user_id, rows.next_cursor),
        **_standing(user_id),
    )


def _profile(user_id: UUID) -> Profile:
    found = people.profile(db(), user_id)
    if found is None:
        raise NotFound
    return found


def _stands_here(found: Profile) -> bool:
    """A portal bears one builder's name; those of others have no place there."""
    return the_site().builder_id in (None, found.builder_id)


def _standing(user_id: UUID) -> dict[str, Any]:
    own = standings(db(), [user_id], at=utcnow()).get(user_id, NEWCOMER)
    return {
        "standing": own,
        "ahead": next_level(own.level),
        "level_name": wording.level_name,
        "conditions": wording.conditions,
        "causes": wording.CAUSES,
        "summaries": wording.SUMMARIES,
        "signed": wording.signed,
    }


def _may_see_ledger(actor: Actor, found: Profile) -> bool:
    if found.is_staff:
        return False
    own = actor.user_id == found.user_id
    return own or standing(db(), actor, at=utcnow()).may(Right.MODERATE)


def _may_restrict(actor: Actor | None, found: Profile) -> bool:
    return actor is not None and actor.may(Permission.RESTRICT_MEMBERS) and not found.is_staff


def _link(user_id: UUID, cursor: Cursor | None) -> str:
    return url_for("community.ledger", user_id=user_id, cursor=str(cursor)) if cursor else ""
