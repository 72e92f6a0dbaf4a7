"""What those who run Acme have under way beside tickets: people come and go, a domain waits for its
records, a sign-on for its switch."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.accounts import service as accounts
from portal.accounts.models import Builder, Membership
from portal.accounts.oidc.service import connections
from portal.accounts.oidc.service.connections import Draft, Safe
from portal.accounts.service import invitations, team
from portal.accounts.service.invitations import Wish
from portal.branding import hosts
from portal.core.permissions import Actor, Role
from portal.ops.demo.people import PASSWORD
from portal.privacy.service import erasing

SIGN_ON = Draft(
    name="Acme ID",
    issuer="https://id.acme.test",
    client_id="corbel",
    client_secret="not one that opens anything",  # noqa: S106  there is no such provider
    scopes="openid email profile",
    domains=("acme.test",),
    audiences=("company",),
    role="field",
)


def furnish(session: Session, owner: Actor, safe: Safe, now: datetime) -> None:
    """The session sees the owner's company."""
    builder = session.get_one(Builder, owner.builder_id)
    gone = _joined(session, builder, "gus@acme.test", "Gus Harlan", Role.PM, now)
    team.remove(session, gone, by=owner, at=now - timedelta(days=20))
    ivy = _joined(session, builder, "ivy@home.test", "Ivy Brandt", Role.CLIENT, now)
    erasing.ask(session, ivy, by=accounts.actor(ivy, None), at=now - timedelta(days=1))
    wish = Wish("sam@acme.test", Role.FIELD, "es", {})
    invitations.invite(session, wish, by=owner, at=now - timedelta(days=2))
    connections.create(session, SIGN_ON, safe, by=owner, at=now - timedelta(days=3))
    # as of now: the clock looks into the DNS for it later, not while the demo is seeded
    hosts.claim(session, builder.id, "help.acmehomes.test", ours=(), by=owner, at=now)


def _joined(
    session: Session, builder: Builder, email: str, name: str, role: Role, now: datetime
) -> Membership:
    return accounts.add_member(
        session,
        email=email,
        name=name,
        role=role,
        builder=builder,
        password=PASSWORD,
        at=now - timedelta(days=50),
        zone=builder.zone,
        verified_at=now - timedelta(days=50),
    )
