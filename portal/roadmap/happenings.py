"""What happens to the roadmap, as others are told of it."""

from typing import Final

MOVED: Final = "roadmap.moved"  # and with it ideas that somebody wants
STALE: Final = "roadmap.stale"
