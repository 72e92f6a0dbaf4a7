"""What happens to ideas, as others are told of it."""

from typing import Final

MOVED: Final = "idea.status_changed"
EDITED: Final = "idea.edited"
COMMENTED: Final = "idea.commented"
MERGED: Final = "idea.merged"
