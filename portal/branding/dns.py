"""What the DNS says of a builder's names, asked within a few seconds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Final, Protocol

PATIENCE: Final = 3.0  # seconds that one question may take
CHALLENGE: Final = "_corbel-challenge"
MOST_SEEN: Final = 5  # answers that are kept to be shown


class Unreachable(Exception):
    """No name server has answered: neither yes nor no."""


class Resolver(Protocol):
    """Each gives nothing for what is not there. Raises Unreachable."""

    def texts(self, name: str) -> list[str]: ...
    def alias(self, name: str) -> str: ...
    def addresses(self, name: str) -> set[str]: ...


def resolver(at: str = "") -> Resolver:
    """`at` is the name server's "address:port"; empty: as the machine is set up."""
    return _Asking(at)


class _Asking:
    def __init__(self, at: str) -> None:
        # a dozen megabytes, for what a system does now and then
        import dns.resolver

        self._resolver = dns.resolver.Resolver(configure=not at)
        if at:
            address, _colon, port = at.rpartition(":")
            self._resolver.nameservers = [address.strip("[]")]
            self._resolver.port = int(port)
        self._resolver.lifetime = self._resolver.timeout = PATIENCE
        self._resolver.cache = None

    def texts(self, name: str) -> list[str]:
        return [b"".join(row.strings).decode("utf-8", "replace") for row in self._ask(name, "TXT")]

    def alias(self, name: str) -> str:
        rows = self._ask(name, "CNAME")
        return str(rows[0].target).rstrip(".").lower() if rows else ""

    def addresses(self, name: str) -> set[str]:
        return {row.address for kind in ("A", "AAAA") for row in self._ask(name, kind)}

    def _ask(self, name: str, kind: str) -> list[Any]:
        import dns.exception
        import dns.resolver

        try:
            return list(self._resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise Unreachable(str(error)) from error


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look saw. `proven`: the token stands where it should; `points`: the host leads to
    us; `allowed`: our mail server may send for the domain. `None` of the latter: not looked at."""

    proven: bool = False
    points: bool | None = None
    allowed: bool | None = None
    unreachable: bool = False
    seen: list[str] = field(default_factory=list)  # instead of the token
    leads: list[str] = field(default_factory=list)  # where the host goes


def look_at_host(ask: Resolver, host: str, token: str, target: str) -> Finding:
    """`target` is the name that hosts should be an alias of."""
    try:
        seen = ask.texts(f"{CHALLENGE}.{host}")
        if token not in seen:
            return Finding(seen=_some(seen))
        leads, points = _leads(ask, host, target)
    except Unreachable:
        return Finding(unreachable=True)
    return Finding(proven=True, points=points, leads=_some(leads))


def _leads(ask: Resolver, host: str, target: str) -> tuple[list[str], bool]:
    alias = ask.alias(host)
    if alias and alias == target:
        return [alias], True
    found = ask.addresses(host)
    ours = {target} if _is_number(target) else ask.addresses(target)
    shown = [alias] if alias else sorted(found)
    return shown, bool(found) and found <= ours


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def look_at_sender(ask: Resolver, domain: str, token: str, allowing: str) -> Finding:
    """`allowing` is the term that the domain's SPF record must have for our mail server."""
    try:
        seen = ask.texts(f"{CHALLENGE}.{domain}")
        if token not in seen:
            return Finding(seen=_some(seen))
        policies = [text for text in ask.texts(domain) if text.lower().startswith("v=spf1")]
    except Unreachable:
        return Finding(unreachable=True)
    terms = policies[0].lower().split() if len(policies) == 1 else []
    allowed = bool({allowing.lower(), f"+{allowing.lower()}"} & set(terms))
    return Finding(proven=True, allowed=allowed, leads=_some(policies))


def _some(found: Iterable[str]) -> list[str]:
    return [text[:300] for text in list(found)[:MOST_SEEN]]
