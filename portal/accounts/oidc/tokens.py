"""Whether a signed token is to be believed: joserfc reads it, the rules are OpenID Connect's.

An ID token: Core 1.0, section 3.1.3.7. A logout token: Back-Channel Logout 1.0, section 2.6.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from portal.accounts.oidc.provider import SIGNATURES, Provider, ProviderTrouble

if TYPE_CHECKING:
    from joserfc.jwt import ClaimsOption

LEEWAY: Final = 120  # seconds that the provider's clock may be off
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_AGE: Final = 600  # seconds; an older logout token is none of now


class Keys:
    """A provider's public keys."""

    def __init__(self, published: Mapping[str, Any]) -> None:
        """Raises ProviderTrouble for what is no set of keys."""
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        entries = published.get("keys")
        if not isinstance(entries, list):
            raise ProviderTrouble("endpoints", "no keys are published")
        usable = [key for key in entries if isinstance(key, dict) and key.get("kty") != "oct"]
        try:
            self.known = KeySet.import_key_set({"keys": usable})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderTrouble("endpoints", "its keys can't be read") from error


def claims_of_id_token(
    raw: str, keys: Keys, provider: Provider, *, nonce: str, at: datetime
) -> dict[str, Any]:
    """Raises ProviderTrouble, and KeyError for a key that is not among those."""
    claims = _validated(
        raw,
        keys,
        provider,
        at,
        exp={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    _refuse_other_party(claims, provider)
    return claims


def claims_of_logout_token(
    raw: str, keys: Keys, provider: Provider, *, at: datetime
) -> dict[str, Any]:
    """Raises ProviderTrouble, and KeyError for a key that is not among those."""
    claims = _validated(raw, keys, provider, at, jti={"essential": True})
    events = claims.get("events")
    named = isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict)
    whom = claims.get("sub") or claims.get("sid")
    if not named or not isinstance(whom, str) or "nonce" in claims:
        raise ProviderTrouble("untrusted", "that is no logout token")
    if claims["iat"] < at.timestamp() - LOGOUT_AGE:
        raise ProviderTrouble("clock", "the logout token is old")
    return claims


def _validated(
    raw: str, keys: Keys, provider: Provider, at: datetime, **more: "ClaimsOption"
) -> dict[str, Any]:
    from joserfc.errors import ExpiredTokenError, InvalidClaimError, InvalidKeyIdError, JoseError
    from joserfc.jws import JWSRegistry
    from joserfc.jwt import JWTClaimsRegistry, decode

    lenient = JWSRegistry(algorithms=SIGNATURES, strict_check_header=False)
    rules = JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        iat={"essential": True},
        **more,
    )
    try:
        claims = decode(raw, keys.known, registry=lenient).claims
        rules.validate(claims)
    except InvalidKeyIdError as error:
        raise KeyError("kid") from error
    except ExpiredTokenError as error:
        raise ProviderTrouble("clock", "the token had expired already") from error
    except InvalidClaimError as error:
        early = error.claim in {"iat", "nbf"}
        raise ProviderTrouble("clock" if early else "untrusted", str(error)[:200]) from error
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ProviderTrouble("untrusted", f"{type(error).__name__}: {error}"[:200]) from error
    return claims


def _refuse_other_party(claims: Mapping[str, Any], provider: Provider) -> None:
    """A token for several must name whom it was made for."""
    audience, party = claims["aud"], claims.get("azp")
    several = isinstance(audience, list) and len(audience) > 1
    if (several or party is not None) and party != provider.client_id:
        raise ProviderTrouble("untrusted", "the token was made for another party")
