"""Domains of e-mail addresses: which builder says that they are its own, and whose that is proven.

Proven is proven to the platform: what a builder merely says lets its provider vouch for people whom
the builder knows already, and for nobody else.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts.oidc import queries
from portal.accounts.oidc.models import EmailDomain
from portal.core.permissions import Actor

MOST: Final = 20  # of a connection
LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
ANYBODYS: Final = frozenset({
    "aol.com", "fastmail.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com",
    "hotmail.com", "icloud.com", "live.com", "mac.com", "mail.com", "mail.ru", "me.com", "msn.com",
    "outlook.com", "pm.me", "proton.me", "protonmail.com", "qq.com", "web.de", "yahoo.com",
    "yandex.com", "yandex.ru", "zoho.com",
})  # fmt: skip
"""Where anybody gets an address: nobody can prove that these are theirs."""


class DomainRefused(ValueError):
    """`reason`: unreadable, missing, too_many, anybodys or taken; `about` names the domain."""

    def __init__(self, reason: str, about: str = "") -> None:
        super().__init__(f"{reason} {about}".strip())
        self.reason = reason
        self.about = about


def clean(typed: Iterable[str]) -> list[str]:
    """As DNS has them, each once. Raises DomainRefused."""
    found = dict.fromkeys(_as_dns_has_it(one) for one in typed if one.strip())
    if not found:
        raise DomainRefused("missing")
    if len(found) > MOST:
        raise DomainRefused("too_many")
    return list(found)


def _as_dns_has_it(typed: str) -> str:
    plain = typed.strip().lower().removeprefix("@").rstrip(".")
    try:
        name = plain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise DomainRefused("unreadable", typed.strip()) from error
    labels = name.split(".")
    whole = len(labels) > 1 and len(name) <= 253 and not labels[-1].isdigit()
    if not whole or not all(LABEL.fullmatch(label) for label in labels):
        raise DomainRefused("unreadable", typed.strip())
    return name


def ask(session: Session, builder_id: UUID, names: Iterable[str], *, at: datetime) -> None:
    """The builder says that these are its own; those that it no longer names stay as they are."""
    known = {one.domain for one in queries.domains(session, builder_id)}
    for name in names:
        if name not in known:
            session.add(EmailDomain(builder_id=builder_id, domain=name, asked_at=at))


def confirm(session: Session, domain: EmailDomain, *, by: Actor, at: datetime) -> None:
    """Somebody of the platform has made sure. Raises DomainRefused."""
    if domain.domain in ANYBODYS:
        raise DomainRefused("anybodys", domain.domain)
    owner = queries.owner_of_domain(session, domain.domain)
    if owner is not None and owner.id != domain.id:
        raise DomainRefused("taken", domain.domain)
    prove(session, domain, by=by, at=at)


def prove(session: Session, domain: EmailDomain, *, by: Actor, at: datetime) -> None:
    domain.proven_at, domain.proven_by = domain.proven_at or at, by.user_id
    _tell(session, "email_domain.confirmed", domain, by=by, at=at)
    session.flush()


def withdraw(session: Session, domain: EmailDomain, *, by: Actor, at: datetime) -> None:
    domain.proven_at = domain.proven_by = None
    _tell(session, "email_domain.withdrawn", domain, by=by, at=at)
    session.flush()


def _tell(session: Session, act: str, domain: EmailDomain, *, by: Actor, at: datetime) -> None:
    audit.record(session, act, by=by, at=at, builder_id=domain.builder_id, about=domain.domain)
