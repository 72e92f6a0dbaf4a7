"""The whole address of a page, for whoever reads it elsewhere."""

from portal.foundation.runtime import current_runtime


def absolute(path: str) -> str:
    """The host is the configured one, never that of a request."""
    return current_runtime().settings.base_url + path
