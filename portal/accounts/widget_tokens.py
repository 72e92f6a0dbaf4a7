"""Who the widget's user is, as the builder's own server says: a short-lived JWT, signed by a key of
the builder's (HS256 and nothing else, RFC 7519 and RFC 8725).

Pure but for `first_use`, which remembers the ids of tokens. `iss` and `aud` are both the builder's
slug: who speaks, and whose help it is for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

ALGORITHM: Final = "HS256"
LONGEST_LIFE: Final = timedelta(minutes=5)
SKEW: Final = timedelta(seconds=60)  # by which the builder's clock may be ahead of ours
MOST_BYTES: Final = 8192
LONGEST_TEXT: Final = 200  # characters of a subject or an id

FirstUse = Callable[[str, datetime], bool]
"""(id, until when it matters) → whether it was never seen before."""


class Reason(StrEnum):
    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    KEY = "key"  # unknown, expired or revoked
    SIGNATURE = "signature"
    CLAIMS = "claims"  # one is missing or of the wrong kind
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    TOO_LONG = "too_long"
    FUTURE = "future"
    REPLAYED = "replayed"


class Refused(ValueError):
    """The token proves nothing; `reason` is for the builder's developers."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the builder's server names; `claims` are all that it said."""

    subject: str
    kid: str
    expires_at: datetime
    claims: Mapping[str, Any]


def verify(
    token: str,
    *,
    keys: Mapping[str, bytes],
    builder: str,
    at: datetime,
    first_use: FirstUse,
) -> Identity:
    """`keys` are those that count now, by `kid`. Raises Refused."""
    kid, claims = _signed(token, keys)
    if _text(claims, "iss") != builder:
        raise Refused(Reason.ISSUER)
    if claims.get("aud") not in (builder, [builder]):
        raise Refused(Reason.AUDIENCE)
    subject, jti = _text(claims, "sub"), _text(claims, "jti")
    expires_at = _times(claims, at)
    if not first_use(jti, expires_at):
        raise Refused(Reason.REPLAYED)
    return Identity(subject, kid, expires_at, claims)


def _signed(token: str, keys: Mapping[str, bytes]) -> tuple[str, Mapping[str, Any]]:
    from joserfc import jwt  # with cryptography behind it, and rarely needed
    from joserfc.errors import BadSignatureError, JoseError
    from joserfc.jwk import OctKey

    kid, key = _key(token, keys)
    try:
        found = jwt.decode(token, OctKey.import_key(key), algorithms=[ALGORITHM])
    except BadSignatureError:
        raise Refused(Reason.SIGNATURE) from None
    except (JoseError, ValueError, TypeError):
        raise Refused(Reason.MALFORMED) from None
    if not isinstance(found.claims, dict):
        raise Refused(Reason.MALFORMED)
    return kid, found.claims


def _key(token: str, keys: Mapping[str, bytes]) -> tuple[str, bytes]:
    """By the header, which nobody has vouched for yet."""
    from joserfc import jws
    from joserfc.errors import JoseError

    if len(token) > MOST_BYTES or not token.isascii():
        raise Refused(Reason.MALFORMED)
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError, AttributeError):
        raise Refused(Reason.MALFORMED) from None
    if header.get("alg") != ALGORITHM:
        raise Refused(Reason.ALGORITHM)
    kid = header.get("kid")
    if not isinstance(kid, str) or kid not in keys:
        raise Refused(Reason.KEY)
    return kid, keys[kid]


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT:
        raise Refused(Reason.CLAIMS)
    return value


def _times(claims: Mapping[str, Any], at: datetime) -> datetime:
    """When it expires."""
    issued_at, expires_at = _moment(claims, "iat"), _moment(claims, "exp")
    if expires_at <= at:
        raise Refused(Reason.EXPIRED)
    if issued_at > at + SKEW or ("nbf" in claims and _moment(claims, "nbf") > at + SKEW):
        raise Refused(Reason.FUTURE)
    if expires_at - issued_at > LONGEST_LIFE:
        raise Refused(Reason.TOO_LONG)
    return expires_at


def _moment(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Refused(Reason.CLAIMS)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        raise Refused(Reason.CLAIMS) from None
