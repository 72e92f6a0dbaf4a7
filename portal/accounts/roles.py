"""What roles are called."""

from collections.abc import Mapping
from typing import Any

from portal.core.permissions import Role
from portal.foundation.speech import lazy_gettext as _l

ROLES: Mapping[Role, Any] = {
    Role.OWNER: _l("Owner"),
    Role.ADMIN: _l("Administrator"),
    Role.PM: _l("Project manager"),
    Role.FIELD: _l("Field crew"),
    Role.CLIENT: _l("Client"),
    Role.VENDOR: _l("Vendor"),
    Role.AGENT: _l("Support agent"),
    Role.MANAGER: _l("Support manager"),
    Role.PLATFORM_ADMIN: _l("Platform administrator"),
}
