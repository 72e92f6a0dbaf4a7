"""What the doorbell calls."""

from portal.foundation.runtime import current_runtime
from portal.search.searching import index_of
from portal.search.service.following import follow as take_what_is_new


def follow() -> int:
    """The index on this machine takes what is new."""
    runtime = current_runtime()
    index = index_of(runtime)
    return take_what_is_new(runtime.readers, index) if index is not None else 0
