"""What happens to articles, as others are told of it."""

from typing import Final

PUBLISHED: Final = "article.published"
UNPUBLISHED: Final = "article.unpublished"
