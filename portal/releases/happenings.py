"""What happens to notes of what is new, as others are told of it."""

from typing import Final

PUBLISHED: Final = "release.published"
