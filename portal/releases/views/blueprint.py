"""The blueprint, who reads, and what its pages say."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, g

from portal.core.permissions import Actor, Permission
from portal.foundation.markup import kept
from portal.foundation.speech import language
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.site import the_site
from portal.policy.modules import module_name, modules, modules_with
from portal.policy.running import running_pack
from portal.releases.models import Release
from portal.releases.queries import writing
from portal.releases.wording import ICONS, NAMES, SPOKEN, STATES

releases: Final = Blueprint("releases", __name__, url_prefix="/whats-new")
OFTEN: Final = "60 per minute"  # of what a pause in typing asks for
WRITING: Final = "30 per minute"


def visitor() -> Actor | None:
    """Who is signed in, if anybody is."""
    actor: Actor | None = g.get("actor")
    return actor


def the_note(key: UUID) -> Release:
    """For those who write notes. Raises NotFound."""
    found = writing.note(db(), key)
    if found is None:
        raise NotFound
    return found


def module_names(*further: str) -> dict[str, str]:
    return modules_with(running_pack(), language(), *further)


def known_modules() -> dict[str, str]:
    return modules(running_pack(), language())


def whole(path: str) -> str:
    """For who reads it elsewhere."""
    return f"{the_site().root}{path}"


def words() -> dict[str, Any]:
    """What all pages of this room say."""
    actor = visitor()
    return {
        "states": STATES,
        "state_icons": ICONS,
        "languages_known": NAMES,
        "languages_spoken": SPOKEN,
        "module_name": partial(module_name, running_pack(), language=language()),
        "writes": actor is not None and actor.may(Permission.WRITE_NEWS),
        "spoken": language(),
        "html_of": kept,
    }
