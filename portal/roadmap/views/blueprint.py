"""The blueprint, who reads, and what all pages of the roadmap say."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, g, request

from portal.accounts.service import LOCALES
from portal.core.permissions import Actor, Permission
from portal.foundation.markup import kept
from portal.foundation.speech import language
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.ideas.addresses import idea_path
from portal.ideas.wording import ICONS as IDEA_ICONS
from portal.ideas.wording import STATUSES
from portal.policy.modules import module_name, modules
from portal.policy.running import running_pack
from portal.roadmap.addresses import item_path
from portal.roadmap.models import RoadmapItem
from portal.roadmap.queries import items, reach
from portal.roadmap.queries.items import Card
from portal.roadmap.wording import ICONS, STAGES, WHAT, quarter_name

roadmap: Final = Blueprint("roadmap", __name__, url_prefix="/roadmap")
feeds: Final = Blueprint("roadmap_feeds", __name__)
OFTEN: Final = "60 per minute"


def visitor() -> Actor | None:
    actor: Actor | None = g.get("actor")
    return actor


def public_card(number: int) -> Card:
    """Raises NotFound for what is internal, gone, or never was."""
    item = reach.by_number(db(), number)
    if item is None:
        raise NotFound
    return items.carded(db(), [item], inside=False)[0]


def the_item(key: UUID) -> RoadmapItem:
    """For staff. Raises NotFound for what is gone."""
    item = reach.by_key(db(), key)
    if item is None or item.removed_at is not None:
        raise NotFound
    return item


def categories() -> dict[str, str]:
    return modules(running_pack(), language())


def asked_module() -> str:
    """Nonsense in the address is passed over."""
    asked = request.args.get("module", "")
    return asked if asked in categories() else ""


def asked_language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LOCALES else language()


def words() -> dict[str, Any]:
    actor = visitor()
    return {
        "stages": STAGES,
        "stage_icons": ICONS,
        "stage_what": WHAT,
        "quarter_name": quarter_name,
        "module_name": partial(module_name, running_pack(), language=language()),
        "item_path": item_path,
        "idea_path": idea_path,
        "statuses": STATUSES,
        "status_icons": IDEA_ICONS,
        "actor": actor,
        "sees_plans": reach.sees_plans(actor),
        "runs": actor is not None and actor.may(Permission.RUN_ROADMAP),
        "spoken": language(),
        "kept": kept,
    }
