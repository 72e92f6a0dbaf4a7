"""Who may read what is written for many: articles, videos, and whatever is found by searching.

What is written carries gates, a reader carries keys; one that fits is enough. The same two sets are
what a search index filters by, so that no exit has a rule of its own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from portal.core.permissions import BUILDER_STAFF, PORTAL, STAFF, Actor, Role


class Audience(StrEnum):
    PUBLIC = "public"  # everybody, signed in or not
    CUSTOMERS = "customers"  # a builder's people, and its clients and vendors where it is for them
    STAFF = "staff"  # the platform's own people


class Gate(StrEnum):
    PUBLIC = "public"
    CUSTOMERS = "customers"
    STAFF = "staff"
    PORTAL = "portal"  # anybody at a builder's portal
    CLIENT = "portal_client"
    VENDOR = "portal_vendor"
    COMMUNITY = "portal_community"  # anybody at a portal whose builder shows the community there


_OF_ROLE = {Role.CLIENT: Gate.CLIENT, Role.VENDOR: Gate.VENDOR}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with an account, or nobody known (no role), at the platform or at a portal.
    `reads_community`: as the portal's builder wants it; at the platform everybody does."""

    role: Role | None = None
    at_portal: bool = False
    reads_community: bool = False

    @property
    def keys(self) -> frozenset[Gate]:
        if self.role in STAFF or self.role is Role.SYSTEM:
            return frozenset(Gate)
        if self.role in PORTAL:
            return frozenset({Gate.PORTAL, _OF_ROLE[self.role]}) | self._of_community
        if self.at_portal:
            return frozenset({Gate.PORTAL}) | self._of_community
        if self.role in BUILDER_STAFF:
            return frozenset({Gate.PUBLIC, Gate.CUSTOMERS})
        return frozenset({Gate.PUBLIC})

    @property
    def _of_community(self) -> frozenset[Gate]:
        return frozenset({Gate.COMMUNITY}) if self.reads_community else frozenset()

    def may_read(self, audience: Audience, roles: Collection[str]) -> bool:
        return not self.keys.isdisjoint(gates(audience, roles))


def gates(audience: Audience, roles: Collection[str]) -> frozenset[Gate]:
    """`roles` are those that it is written for; none: for whoever works at a builder.

    Portals show only what was expressly written for clients or vendors, since they bear the
    builder's name and nobody there knows of the platform.
    """
    at_portals = {_OF_ROLE[role] for role in PORTAL if role in roles}
    match audience:
        case Audience.STAFF:
            return frozenset({Gate.STAFF})
        case Audience.CUSTOMERS:
            return frozenset({Gate.CUSTOMERS, *at_portals})
        case Audience.PUBLIC:
            return frozenset({Gate.PUBLIC, *({Gate.PORTAL} if at_portals else ())})


def reader_of(actor: Actor | None, *, at_portal: bool, reads_community: bool = False) -> Reader:
    return Reader(actor.role if actor is not None else None, at_portal, reads_community)
