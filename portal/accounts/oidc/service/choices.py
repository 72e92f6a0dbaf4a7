"""Which connections are offered to who is about to sign in."""

from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.oidc import queries
from portal.accounts.oidc.models import Connection
from portal.foundation.tenancy import PLATFORM, seeing


def offered(session: Session, portal: UUID | None, email: str) -> list[Connection]:
    """All of a portal's; at the platform those for the domain of the address, which says nothing
    about whether anybody has it."""
    with seeing(session, PLATFORM):
        if portal is not None:
            return queries.at_portal(session, portal)
        domain = email.strip().lower().rpartition("@")[2]
        return queries.at_platform_for(session, domain) if domain else []


def is_used(session: Session) -> bool:
    """Whether it is worth asking for an address."""
    with seeing(session, PLATFORM):
        return queries.is_used(session)
