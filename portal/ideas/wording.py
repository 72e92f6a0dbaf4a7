"""Where an idea stands and how lists are called: facts are worded when they are shown."""

from typing import Any, Final

from portal.foundation.speech import lazy_gettext as _l
from portal.ideas.models import Status

STATUSES: Final[dict[str, Any]] = {
    Status.SUBMITTED: _l("Submitted"),
    Status.UNDER_REVIEW: _l("Under review"),
    Status.PLANNED: _l("Planned"),
    Status.IN_PROGRESS: _l("In progress"),
    Status.SHIPPED: _l("Shipped"),
    Status.DECLINED: _l("Declined"),
}
ICONS: Final[dict[str, str]] = {
    Status.SUBMITTED: "bulb",
    Status.UNDER_REVIEW: "eye",
    Status.PLANNED: "calendar",
    Status.IN_PROGRESS: "progress",
    Status.SHIPPED: "done",
    Status.DECLINED: "refused",
}
ORDERS: Final[dict[str, Any]] = {
    "wanted": _l("Most wanted"),
    "trending": _l("Trending"),
    "new": _l("New"),
}
