"""What happens to members, as others are told of it."""

from typing import Final

RESTRICTED: Final = "community.restricted"
LIFTED: Final = "community.lifted"
APPEALED: Final = "community.appealed"
ANSWERED: Final = "community.answered"
