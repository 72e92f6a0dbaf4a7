"""The support model that this installation runs: a setting."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from portal.foundation.runtime import current_runtime
from portal.policy.loader import load_pack
from portal.policy.modules import module_name
from portal.policy.pack import Pack


def running_pack() -> Pack:
    """Read once a process, and found sound when the app was put together."""
    return load_pack(current_runtime().settings.pack)


def module_names(_session: Session, language: str, keys: Collection[str]) -> dict[str, str]:
    """Of those that it knows, by key: for lists of what was found."""
    named = {key: module_name(running_pack(), key, language) for key in keys}
    return {key: name for key, name in named.items() if name != key}
