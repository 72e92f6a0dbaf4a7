"""What a browser tells along with a report, cut to size and without secrets."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from portal.core.secrets import mask
from portal.foundation.markup.parsing import clean

LONGEST = 20_000  # characters of the whole
LONGEST_VALUE = 500
LONGEST_URL = 2_000
MOST_ERRORS = 5

TOLD = ("browser", "user_agent", "viewport", "locale", "time_zone")


def read_captured(raw: str) -> dict[str, Any]:
    """From the JSON that the page gathered; what is not understood is left out."""
    try:
        told = json.loads(raw[:LONGEST]) if raw else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    kept: dict[str, Any] = {key: text for key in TOLD if (text := _text(told.get(key)))}
    if errors := list(_errors(told.get("errors"))):
        kept["errors"] = errors
    if url := web_address(told.get("page_url")):
        kept["page_url"] = url
    return kept


def web_address(value: object) -> str:
    """A masked http(s) address, or a path of the host app; else nothing."""
    if not isinstance(value, str) or any(sign < " " for sign in value):
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    outside = parts.scheme in {"http", "https"} and bool(parts.netloc)
    inside = not parts.scheme and not parts.netloc and value.startswith("/")
    return mask(clean(value[:LONGEST_URL])).text if outside or inside else ""


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return mask(" ".join(clean(value[:LONGEST_VALUE]).split())).text


def _errors(value: object) -> list[dict[str, str]]:
    listed = value[:MOST_ERRORS] if isinstance(value, list) else []
    told = [entry for entry in listed if isinstance(entry, Mapping)]
    return [
        {"at": _text(entry.get("at")), "message": text}
        for entry in told
        if (text := _text(entry.get("message")))
    ]
