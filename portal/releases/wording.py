"""How states of a note are called: facts are worded when they are shown."""

from typing import Any, Final

from portal.foundation.speech import lazy_gettext as _l
from portal.releases.models import State

STATES: Final[dict[str, Any]] = {
    State.DRAFT: _l("Draft"),
    State.SCHEDULED: _l("Scheduled"),
    State.PUBLISHED: _l("Published"),
    State.WITHDRAWN: _l("Withdrawn"),
}
ICONS: Final[dict[str, str]] = {
    State.DRAFT: "edit",
    State.SCHEDULED: "clock",
    State.PUBLISHED: "done",
    State.WITHDRAWN: "eye-off",
}
SPOKEN: Final[dict[str, Any]] = {"en": _l("English"), "es": _l("Spanish")}
NAMES: Final = {"en": "English", "es": "Español"}
