"""The other side of OpenID Connect: what the provider is asked, and when its answers are believed.

Authlib speaks OAuth, joserfc reads tokens; both come with the first sign-in. Nothing here knows the
database, which must not be held while a stranger's server takes its time.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from portal.accounts.oidc.provider import (
    SIGNATURES,
    Attempt,
    Discovered,
    Profile,
    Provider,
    ProviderTrouble,
    profile_of,
)
from portal.accounts.oidc.tokens import Keys, claims_of_id_token, claims_of_logout_token
from portal.core.public_addresses import may_be_asked
from portal.foundation.remembered import Remembered

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session
    from requests import Response

T = TypeVar("T")
SECONDS: Final = 8.0  # for one talk with a provider
KEPT: Final = timedelta(minutes=10)  # what it says of itself, and its keys
WELL_KNOWN: Final = "/.well-known/openid-configuration"
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
REASONS: Final = {
    "timeout": "slow",
    "tls": "insecure",
    "private": "private",
    "redirect": "redirect",
    "size": "size",
}
CODE: Final = re.compile(r"[a-z_]{1,40}")
UNREADABLE: Final = (ValueError, TypeError, RecursionError)

_discovered: Final[Remembered[tuple[str, bool], Discovered]] = Remembered(KEPT)
_keys: Final[Remembered[tuple[str, bool], Keys]] = Remembered(KEPT)


def try_out(provider: Provider, *, at: datetime) -> Discovered:
    """As a sign-in would begin, past what is remembered. Raises ProviderTrouble."""
    _discovered.forget((provider.issuer, provider.loopback))
    found = discover(provider, at=at)
    _keys.forget(_of(provider, found))
    keys_of(provider, found, at=at)
    return found


def discover(provider: Provider, *, at: datetime) -> Discovered:
    """What the provider says of itself, now or a few minutes ago. Raises ProviderTrouble."""
    return _discovered.get((provider.issuer, provider.loopback), lambda: _ask(provider), at=at)


def _ask(provider: Provider) -> Discovered:
    address = provider.issuer.rstrip("/") + WELL_KNOWN
    said = _read(provider, address, "discovery")
    if said.get("issuer") != provider.issuer:
        raise ProviderTrouble("issuer", "it calls itself otherwise", str(said.get("issuer")))
    _refuse_unfit(provider, said)
    return Discovered(
        issuer=provider.issuer,
        authorization_endpoint=said["authorization_endpoint"],
        token_endpoint=said["token_endpoint"],
        jwks_uri=said["jwks_uri"],
        userinfo_endpoint=str(said.get("userinfo_endpoint") or ""),
        signatures=_names(said, "id_token_signing_alg_values_supported"),
        auth_methods=_names(said, "token_endpoint_auth_methods_supported"),
        challenges=_names(said, "code_challenge_methods_supported"),
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _refuse_unfit(provider: Provider, said: Mapping[str, Any]) -> None:
    asked = [key for key in (*ENDPOINTS, "userinfo_endpoint") if key in ENDPOINTS or said.get(key)]
    for key in asked:
        address = said.get(key)
        if not isinstance(address, str) or not may_be_asked(address, loopback=provider.loopback):
            raise ProviderTrouble("endpoints", f"{key} is not usable", str(address))
    signatures = _names(said, "id_token_signing_alg_values_supported")
    if signatures and not set(signatures) & set(SIGNATURES):
        raise ProviderTrouble("signatures", "of no use to us", ", ".join(signatures))


def _names(said: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = said.get(key)
    return tuple(str(name) for name in found) if isinstance(found, list) else ()


def keys_of(provider: Provider, found: Discovered, *, at: datetime) -> Keys:
    """Raises ProviderTrouble."""
    return _keys.get(_of(provider, found), lambda: _fetch_keys(provider, found), at=at)


def _of(provider: Provider, found: Discovered) -> tuple[str, bool]:
    return found.jwks_uri, provider.loopback


def _fetch_keys(provider: Provider, found: Discovered) -> Keys:
    return Keys(_read(provider, found.jwks_uri, "endpoints"))


def where_to(provider: Provider, found: Discovered, attempt: Attempt) -> str:
    """The address at the provider where somebody signs in."""
    session = _session(provider, found, attempt)
    address, _state = session.create_authorization_url(
        found.authorization_endpoint,
        state=attempt.state,
        code_verifier=attempt.verifier,
        nonce=attempt.nonce,
    )
    return str(address)


def redeem(
    provider: Provider, found: Discovered, attempt: Attempt, code: str, *, at: datetime
) -> Profile:
    """Who came back with the code. Raises ProviderTrouble."""
    tokens = _exchanged(provider, found, attempt, code)
    raw = tokens.get("id_token")
    if not isinstance(raw, str):
        raise ProviderTrouble("answer", "there is no ID token in it")
    claims = believed(
        provider,
        found,
        lambda keys: claims_of_id_token(raw, keys, provider, nonce=attempt.nonce, at=at),
        at=at,
    )
    return profile_of(_completed(provider, found, tokens, claims), provider.claim)


def leaving(
    provider: Provider, found: Discovered, token: str, *, at: datetime
) -> Mapping[str, Any]:
    """The claims of a logout token. Raises ProviderTrouble."""
    return believed(
        provider, found, lambda keys: claims_of_logout_token(token, keys, provider, at=at), at=at
    )


def believed(
    provider: Provider,
    found: Discovered,
    read: Callable[[Keys], Mapping[str, Any]],
    *,
    at: datetime,
) -> Mapping[str, Any]:
    """Keys change: with one that is not known the provider is asked once for those it has now."""
    keys = keys_of(provider, found, at=at)
    try:
        return read(keys)
    except KeyError:
        _keys.forget(_of(provider, found))
    try:
        return read(keys_of(provider, found, at=at))
    except KeyError as error:
        raise ProviderTrouble("untrusted", "signed with a key that it does not publish") from error


def _exchanged(
    provider: Provider, found: Discovered, attempt: Attempt, code: str
) -> Mapping[str, Any]:
    from authlib.integrations.base_client import OAuthError

    session = _session(provider, found, attempt)
    try:
        tokens = _talk(
            provider,
            session,
            lambda: session.fetch_token(
                found.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=attempt.verifier,
                redirect_uri=attempt.redirect_uri,
            ),
        )
    except OAuthError as error:
        raise _refused(str(error.error)) from error
    except UNREADABLE as error:
        raise ProviderTrouble("answer", "the token endpoint's answer can't be read") from error
    return cast(Mapping[str, Any], tokens)


def _refused(code: str) -> ProviderTrouble:
    """What the provider gave as its reason; its words could hold anything."""
    said = code if CODE.fullmatch(code) else "something unreadable"
    reasons = {"invalid_grant": "code", "invalid_client": "client", "unauthorized_client": "client"}
    return ProviderTrouble(reasons.get(code, "answer"), f"the token endpoint said {said}")


def _completed(
    provider: Provider, found: Discovered, tokens: Mapping[str, Any], claims: Mapping[str, Any]
) -> Mapping[str, Any]:
    """With what only the provider's other endpoint says, if something is missing."""
    about_email = bool(claims.get("email")) and "email_verified" in claims
    enough = about_email and (not provider.claim or provider.claim in claims)
    token = tokens.get("access_token")
    if enough or not found.userinfo_endpoint or not isinstance(token, str):
        return claims
    headers = {"Authorization": f"Bearer {token}"}
    said = _read(provider, found.userinfo_endpoint, "answer", headers)
    if said.get("sub") != claims["sub"]:
        raise ProviderTrouble("untrusted", "the userinfo endpoint speaks of somebody else")
    vouching = claims if about_email else said  # for address and proof alike: never half of each
    pair = {key: vouching.get(key) for key in ("email", "email_verified")}
    return {**said, **claims, **pair}


def _session(provider: Provider, found: Discovered, attempt: Attempt) -> "OAuth2Session":
    from authlib.integrations.requests_client import OAuth2Session

    post_only = "client_secret_post" in found.auth_methods
    basic = not post_only or "client_secret_basic" in found.auth_methods
    return OAuth2Session(
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        token_endpoint_auth_method="client_secret_basic" if basic else "client_secret_post",
        scope=provider.scopes,
        redirect_uri=attempt.redirect_uri,
        code_challenge_method="S256",
    )


def _read(
    provider: Provider, address: str, trouble: str, headers: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """A JSON object from there. Raises ProviderTrouble, with `trouble` for what is none."""
    import requests

    session = requests.Session()
    session.headers["Accept"] = "application/json"
    answer: Response = _talk(provider, session, lambda: session.get(address, headers=headers))
    if answer.status_code != 200:
        raise ProviderTrouble(trouble, f"{answer.status_code} from {address}")
    try:
        said = answer.json()
    except UNREADABLE as error:
        raise ProviderTrouble(trouble, f"no JSON from {address}") from error
    if not isinstance(said, dict):
        raise ProviderTrouble(trouble, f"no JSON object from {address}")
    return said


def _talk(provider: Provider, session: Any, ask: Callable[[], T]) -> T:
    from requests import HTTPError

    from portal.foundation.guarded import Bounds, talk
    from portal.foundation.outbound import NoAnswer

    try:
        return talk(Bounds(SECONDS, provider.loopback), session, ask)
    except NoAnswer as error:
        broken = isinstance(error.__cause__, HTTPError)
        reason = "answer" if broken else REASONS.get(error.reason, "unreachable")
        raise ProviderTrouble(reason, f"{error}"[:300]) from error
