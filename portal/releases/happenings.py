"""What happens to notes of what is new, as others are told of it."""

from typing import Final

PUBLISHED: Final = "release.published"  # for the first time: {"release_id": …}
TELLING: Final = "release.telling"  # the next readers who want a letter
REVIEWING: Final = "release.reviewing"  # the next articles to look at again
SHIPPED: Final = "release.ideas_shipped"  # ideas that became shipped with it: {"ideas": […]}
