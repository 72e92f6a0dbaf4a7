"""Who may make whom what: in a builder's company, and among the platform's people."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from portal.core.permissions import Actor, Role

_COMPANY = (Role.ADMIN, Role.PM, Role.FIELD, Role.CLIENT, Role.VENDOR)
GIVES: Mapping[Role, tuple[Role, ...]] = {
    Role.OWNER: (Role.OWNER, *_COMPANY),
    Role.ADMIN: _COMPANY,
    Role.PLATFORM_ADMIN: (Role.AGENT, Role.MANAGER, Role.PLATFORM_ADMIN),
}
"""Which roles may be given, and taken from whoever has them."""
HEADS: Mapping[Role, Role] = {
    Role.OWNER: Role.OWNER,
    Role.ADMIN: Role.OWNER,
    Role.PLATFORM_ADMIN: Role.PLATFORM_ADMIN,
}
"""Of whom one must stay: without them nobody could let anybody in."""


class Refusal(StrEnum):
    OWN = "own"  # nobody changes what they are themselves
    ABOVE = "above"  # only an owner decides who is one
    LAST = "last"  # somebody must stay who may do this


def given_by(by: Actor) -> tuple[Role, ...]:
    return GIVES.get(by.role, ())


def refusal(by: Actor, member_id: UUID, role: Role, *, heads: int) -> Refusal | None:
    """Of changing or ending what the member is; `heads` are how many there are with the role that
    must not die out. None: it may be done."""
    if member_id == by.user_id:
        return Refusal.OWN
    if role not in given_by(by):
        return Refusal.ABOVE
    if role is HEADS[by.role] and heads <= 1:
        return Refusal.LAST
    return None
