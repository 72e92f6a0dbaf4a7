"""Where a page comes from, as browsers say it: scheme, host and port, and nothing more."""

import re
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 260
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]")
_USUAL: Final = {"https": 443, "http": 80}
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


class BadOrigin(ValueError):
    """`reason`: empty, too_long, scheme, insecure, wildcard, user, path, port or characters."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def normalised(text: str) -> str:
    """ "HTTPS://App.Example.com:443/" is "https://app.example.com". Only a page of the machine
    itself may come without TLS. Raises BadOrigin."""
    typed = text.strip()
    _refuse_shape(typed)
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError:
        raise BadOrigin("port") from None
    if parts.scheme not in _USUAL or not parts.netloc:
        raise BadOrigin("scheme")
    if "@" in parts.netloc:
        raise BadOrigin("user")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise BadOrigin("path")
    host = _ascii(parts.netloc.rpartition(":")[0] if port is not None else parts.netloc)
    if parts.scheme == "http" and not is_own_machine(host):
        raise BadOrigin("insecure")
    said = "" if port in {None, _USUAL[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{host}{said}"


def is_local(origin: str) -> bool:
    """Whether it is a page of somebody's own machine, where one builds and tries things."""
    netloc = urlsplit(origin).netloc
    return is_own_machine(re.sub(r":\d+$", "", netloc))


def is_own_machine(host: str) -> bool:
    return host in LOOPBACK or host.endswith(".localhost")


def _refuse_shape(typed: str) -> None:
    if not typed:
        raise BadOrigin("empty")
    if len(typed) > LONGEST:
        raise BadOrigin("too_long")
    if re.search(r"[\s\x00-\x1f\x7f\\;,'\"<>]", typed):
        raise BadOrigin("characters")
    if "*" in typed:
        raise BadOrigin("wildcard")
    if "?" in typed or "#" in typed:
        raise BadOrigin("path")


def _ascii(host: str) -> str:
    bare = host.removesuffix(":").lower()
    try:
        host = bare if bare.startswith("[") else bare.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadOrigin("characters") from None
    if not _HOST.fullmatch(host) or ".." in host:
        raise BadOrigin("characters")
    return host
