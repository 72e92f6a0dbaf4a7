"""How points, levels and limits work, from the same data that hold them."""

from flask import g
from werkzeug.wrappers import Response

from portal.community import wording
from portal.community.doors import require_open
from portal.community.service.standing import standing
from portal.community.views import community
from portal.core.permissions import Actor, Permission
from portal.core.reputation import LEVELS, RULES
from portal.foundation.clock import utcnow
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page


@community.get("/rules")
@public("whoever may read the community may know by which rules it goes")
def rules() -> Response:
    require_open()
    actor: Actor | None = g.get("actor")
    takes_part = actor is not None and actor.may(Permission.TAKE_PART)
    own = standing(db(), actor, at=utcnow()) if actor is not None and takes_part else None
    return page(
        "community/rules.html",
        rules=RULES,
        levels=LEVELS,
        own=own,
        causes=wording.CAUSES,
        rights=wording.RIGHTS,
        caps=wording.caps(),
        signed=wording.signed,
        rule_limit=wording.rule_limit,
        conditions=wording.conditions,
        bounds=wording.bounds,
        level_name=wording.level_name,
    )
