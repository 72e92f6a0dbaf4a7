"""Names of files that strangers chose: made harmless to keep, to show and to send in a header."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

LONGEST = 120  # characters
LONGEST_EXTENSION = 20
NAMELESS = "file"

# marks that turn the direction of writing, so that "gpj.exe" reads "exe.jpg", and other unseen ones
_UNSEEN = re.compile(r"[\u200b\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_WINDOWS_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)")


def clean_filename(name: str) -> str:
    """Without folders, control characters and what some system stumbles over; never empty."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(sign for sign in name if unicodedata.category(sign) not in ("Cc", "Cs"))
    name = unicodedata.normalize("NFC", _UNSEEN.sub("", name))
    name = " ".join(_FORBIDDEN.sub("_", name).split())
    name = _shortened(name.strip(". "))
    if _WINDOWS_DEVICES.match(name):
        name = f"_{name}"
    return name or NAMELESS


def _shortened(name: str) -> str:
    if len(name) <= LONGEST - 1:  # room for the sign before a device's name
        return name
    extension = PurePosixPath(name).suffix
    if len(extension) > LONGEST_EXTENSION:
        extension = ""
    return name[: LONGEST - 1 - len(extension)].rstrip(". ") + extension


def extension(name: str) -> str:
    """In lower case with its dot, or nothing."""
    return PurePosixPath(name).suffix.lower()


def disposition(filename: str, how: str) -> str:
    """A Content-Disposition (RFC 6266) for `how` inline or attachment."""
    name = clean_filename(filename)
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    ascii_name = re.sub(r"[^A-Za-z0-9 ._()+-]", "_", ascii_name).strip(". ") or NAMELESS
    encoded = quote(name, safe="")
    return f"{how}; filename=\"{ascii_name}\"; filename*=UTF-8''{encoded}"
