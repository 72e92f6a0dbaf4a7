"""`core.audience` as a condition: of articles' topics, and of videos."""

from functools import cache

from sqlalchemy import ColumnElement, String, and_, cast, false, literal_column, or_, true

from portal.core.audience import Audience, Gate, Reader
from portal.core.permissions import Role
from portal.kb.models import Topic, Video


@cache
def readable(what: type[Topic] | type[Video], reader: Reader) -> ColumnElement[bool]:
    """Those that the reader may read: `reader.may_read(what.audience, what.role_tags)`."""
    keys = reader.keys
    if Gate.STAFF in keys:
        return true()
    public, customers = (
        what.audience == literal_column(f"'{audience}'")
        for audience in (Audience.PUBLIC, Audience.CUSTOMERS)
    )
    client, vendor = (_written_for(what, role) for role in (Role.CLIENT, Role.VENDOR))
    opened_by = {
        Gate.PUBLIC: public,
        Gate.CUSTOMERS: customers,
        Gate.PORTAL: and_(public, or_(client, vendor)),
        Gate.CLIENT: and_(customers, client),
        Gate.VENDOR: and_(customers, vendor),
    }
    return or_(false(), *(condition for gate, condition in opened_by.items() if gate in keys))


def _written_for(what: type[Topic] | type[Video], role: Role) -> ColumnElement[bool]:
    """As the list stands in either database: as text, with its members in quotes."""
    return cast(what.role_tags, String).like(f'%"{role}"%')
