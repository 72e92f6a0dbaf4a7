"""Names of hosts by the rules of `core.hostnames`, with the library that knows IDNA's tables."""

from collections.abc import Collection

from portal.core import hostnames


def normalised(text: str, ours: Collection[str] = ()) -> str:
    """As the DNS has it. Raises BadHost."""
    import idna  # two megabytes, for what few processes do

    return hostnames.normalised(text, idna, ours)


def shown(host: str) -> str:
    """As people read it."""
    import idna

    return hostnames.shown(host, idna)
