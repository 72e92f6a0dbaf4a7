"""Why something is not done."""


class Refusal(ValueError):
    """The present state does not allow it."""


class NotOpen(Refusal):
    """Votes are cast for what is neither shipped, declined nor merged."""


class NobodysVote(Refusal):
    """Staff have no builder, and so no vote of their own."""


class Unchanged(Refusal):
    """It stands there already."""


class ReasonMissing(Refusal):
    """Nobody is declined without a word."""


class Conflict(Refusal):
    """Somebody else has changed the words meanwhile."""


class TooLate(Refusal):
    """Authors change their words for a day, while nobody has decided on them."""


class CannotMerge(Refusal):
    """With itself, with what is merged itself, or internal words into public ones."""


class NoSuchTicket(Refusal):
    """The platform's desk has none of this number that is the builder's."""
