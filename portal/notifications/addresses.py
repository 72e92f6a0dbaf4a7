"""Where a notification leads. Workers have no request, so the map of addresses is asked itself."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from portal.foundation.runtime import current_runtime


def path(endpoint: str, **values: Any) -> str:
    """The path of a page of ours, as stored with a notification."""
    return current_app.url_map.bind("").build(endpoint, values)


def absolute(path: str) -> str:
    """The same for a letter; the host is the configured one, never that of a request."""
    return current_runtime().settings.base_url + path


def host() -> str:
    return urlsplit(current_runtime().settings.base_url).hostname or "localhost"
