"""The support model that this installation runs: a setting."""

from portal.foundation.runtime import current_runtime
from portal.policy.loader import load_pack
from portal.policy.pack import Pack


def running_pack() -> Pack:
    """Read once a process, and found sound when the app was put together."""
    return load_pack(current_runtime().settings.pack)
