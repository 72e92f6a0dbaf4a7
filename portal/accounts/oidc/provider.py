"""What is known of an identity provider before and after it was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

SIGNATURES: Final = ("RS256", "PS256", "ES256")
"""Which ID tokens may have: with keys that the provider alone holds. Nothing unsigned, nothing
signed with the secret that we share with it."""


class ProviderTrouble(Exception):
    """A provider's answer can't be used. The text is for logs and holds no secret; `reason` is

    unreachable, slow, insecure, private, redirect, size: it could not be asked;
    discovery, issuer, endpoints, signatures: what it says of itself does not do;
    client, code, answer, untrusted, clock: what it says of somebody does not do.
    """

    def __init__(self, reason: str, detail: str = "", said: str = "") -> None:
        """`said` is what the provider says instead: to be shown to who set it up."""
        super().__init__(f"{detail}: {said[:200]!r}" if said else detail)
        self.reason = reason
        self.said = said[:200]


@dataclass(frozen=True, slots=True)
class Provider:
    """How we are known to it. `loopback`: it may stand on this machine."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: str
    claim: str = ""  # that names somebody's groups or role, if any
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class Discovered:
    """What it says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    signatures: tuple[str, ...] = ()
    auth_methods: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()
    names_itself: bool = False  # in the answer to a sign-in (RFC 9207)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What only the browser that began a sign-in knows, until it comes back."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody, as the provider vouches for them."""

    subject: str
    email: str = ""  # lower case
    email_verified: bool = False
    name: str = ""
    locale: str = ""
    values: tuple[str, ...] = ()  # of the claim that names roles
    session: str = ""  # the provider's own name of its session

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]


def profile_of(claims: Mapping[str, Any], claim: str) -> Profile:
    """Claims come from outside: whatever is not of its kind counts as not said."""
    email = _text(claims, "email", 320).strip().lower()
    return Profile(
        subject=_text(claims, "sub", 255),
        email=email if _is_address(email) else "",
        email_verified=claims.get("email_verified") in (True, "true"),  # some say it as a text
        name=_name(claims),
        locale=_text(claims, "locale", 35).partition("-")[0].partition("_")[0].lower(),
        values=_values(claims.get(claim)) if claim else (),
        session=_text(claims, "sid", 255),
    )


def _text(claims: Mapping[str, Any], key: str, most: int) -> str:
    said = claims.get(key)
    return said if isinstance(said, str) and len(said) <= most else ""


def _is_address(email: str) -> bool:
    local, at, domain = email.rpartition("@")
    clean = all(character.isprintable() and not character.isspace() for character in email)
    return bool(local and at and domain) and "@" not in local and clean


def _name(claims: Mapping[str, Any]) -> str:
    whole = _text(claims, "name", 500)
    parts = f"{_text(claims, 'given_name', 200)} {_text(claims, 'family_name', 200)}"
    found = " ".join((whole.strip() or parts).split())
    return "".join(character for character in found if character.isprintable())[:120]


def _values(said: object) -> tuple[str, ...]:
    """A text with one value, or a list of them."""
    found = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    return tuple(value for value in found if isinstance(value, str))
