"""Which addresses of the internet are the public's: what a customer typed in may lead to no other.

A server that asks an address for somebody else must not be led to what only it can reach: its own
loopback, its neighbours, the metadata service of its cloud.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

# IPv6 that carries an IPv4 address inside, which a gateway on the way may unwrap; and what was a
# site's own before fc00::/7 was
_TUNNELS = tuple(
    map(
        ip_network,
        ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10"),
    )
)


def is_public(address: str) -> bool:
    """False also for what is no address at all."""
    found = _plain(address)
    if found is None or found.is_multicast or found.is_reserved:
        return False
    tunnelled = isinstance(found, IPv6Address) and any(found in net for net in _TUNNELS)
    return found.is_global and not tunnelled


def is_loopback(address: str) -> bool:
    found = _plain(address)
    return found is not None and found.is_loopback


def may_be_asked(url: str, *, loopback: bool) -> bool:
    """Whether the address is fit to be kept: https, or plain http to this machine if allowed."""
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    if not named or parts.username or parts.password or parts.fragment:
        return False
    here = parts.hostname == "localhost" or is_loopback(parts.hostname or "")
    return parts.scheme == "https" or (parts.scheme == "http" and loopback and here)


def _plain(address: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    inner = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return inner or found
