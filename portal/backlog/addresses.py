"""Where the tracker's connection is kept, and where ideas are sent from."""

from typing import Final

SETTINGS: Final = "/staff/backlog"


def sending_path(number: int) -> str:
    return f"{SETTINGS}/ideas/{number}"
