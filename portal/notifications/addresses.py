"""The whole address of a page, for whoever reads it elsewhere."""

from portal.foundation.runtime import current_runtime


def absolute(path: str, root: str = "") -> str:
    """At the platform, or at the portal whose `root` is given. The host is a configured or
    verified one, never that of a request."""
    return (root or current_runtime().settings.base_url) + path
