"""Why something is not done."""


class Refusal(ValueError):
    """The present state does not allow it."""


class Conflict(Refusal):
    """Somebody else has changed or moved the item meanwhile."""


class Removed(Refusal):
    """It is not on the board any more."""


class NoWords(Refusal):
    """An item says something in one language at least."""
