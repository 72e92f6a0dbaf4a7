"""What happens in the forum, as the outbox names it."""

from typing import Final

STARTED: Final = "forum.started"
REPLIED: Final = "forum.replied"
ANSWERED: Final = "forum.answered"
