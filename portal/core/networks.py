"""From about where somebody comes: an address without the part that names one machine."""

from ipaddress import IPv6Address, ip_address, ip_network


def network_of(address: str) -> str:
    """203.0.113.0/24 or 2001:db8:1:2::/64; nothing for what is no address."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    length = 24 if found.version == 4 else 64
    return str(ip_network(f"{found}/{length}", strict=False)).replace("%", "")[:45]
