"""How stages and quarters are called."""

from typing import Any, Final

from flask_babel import lazy_pgettext

from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.roadmap.models import Stage

STAGES: Final[dict[str, Any]] = {
    Stage.PLANNED: lazy_pgettext("roadmap", "Planned"),
    Stage.IN_PROGRESS: _l("In progress"),
    Stage.SHIPPED: _l("Shipped"),
}
ICONS: Final[dict[str, str]] = {
    Stage.PLANNED: "calendar",
    Stage.IN_PROGRESS: "progress",
    Stage.SHIPPED: "done",
}
WHAT: Final[dict[str, Any]] = {
    Stage.PLANNED: _l("Decided, not begun."),
    Stage.IN_PROGRESS: _l("We are building it."),
    Stage.SHIPPED: _l("There to use."),
}


def quarter_name(quarter: str) -> str:
    """Of "2026-Q4"; "Later" where none is said."""
    if not quarter:
        return _("Later")
    year, number = quarter.split("-Q")
    return _("Q%(number)s %(year)s", number=number, year=year)
