"""What happens in the forum, as the outbox names it."""

from typing import Final

STARTED: Final = "forum.started"
REPLIED: Final = "forum.replied"
ANSWERED: Final = "forum.answered"
FLAGGED: Final = "forum.flagged"
HELD: Final = "forum.held"
RELEASED: Final = "forum.released"
SETTLED: Final = "forum.flag_settled"
REMOVED: Final = "forum.removed"
RESTORED: Final = "forum.restored"
VOTED: Final = "forum.voted"  # or no longer
JUDGED: Final = "forum.judged"  # a reply: accepted, verified, or no longer
