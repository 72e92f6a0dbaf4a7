"""What happens in the forum, as the outbox names it."""

from typing import Final

STARTED: Final = "forum.started"
REPLIED: Final = "forum.replied"
ANSWERED: Final = "forum.answered"
FLAGGED: Final = "forum.flagged"
SETTLED: Final = "forum.flag_settled"
REMOVED: Final = "forum.removed"
