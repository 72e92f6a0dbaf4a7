"""The blueprint, who reads, and the idea that an address names."""

from functools import partial
from typing import Any

from flask import Blueprint, g

from portal.core.permissions import Actor, Permission
from portal.foundation.markup import kept
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.formatting import language
from portal.ideas.models import FeatureRequest
from portal.ideas.queries import reach
from portal.ideas.wording import ICONS, STATUSES
from portal.policy.modules import module_name, modules
from portal.policy.running import running_pack

ideas = Blueprint("ideas", __name__, url_prefix="/ideas")

OFTEN = "60 per minute"  # of what a press or a pause in typing asks for
WRITING = "20 per minute"


def visitor() -> Actor | None:
    """Who is signed in, if anybody is."""
    actor: Actor | None = g.get("actor")
    return actor


def the_idea(number: int) -> FeatureRequest:
    """Raises NotFound for what the reader may not know of."""
    idea = reach.by_number(db(), visitor(), number)
    if idea is None:
        raise NotFound
    return idea


def categories() -> dict[str, str]:
    return modules(running_pack(), language())


def words() -> dict[str, Any]:
    """What all pages of this room say. Strangers are told no names of people and companies."""
    actor = visitor()
    return {
        "statuses": STATUSES,
        "status_icons": ICONS,
        "module_name": partial(module_name, running_pack(), language=language()),
        "actor": actor,
        "takes_part": actor is not None and actor.may(Permission.TAKE_PART),
        "runs": actor is not None and actor.may(Permission.RUN_IDEAS),
        "works": actor is not None and actor.may(Permission.WORK_TICKETS),
        "spoken": language(),
        "kept": kept,
    }
