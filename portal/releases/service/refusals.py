"""Why something is not done."""


class Refusal(ValueError):
    """The present state does not allow it."""


class ChangedMeanwhile(Refusal):
    """Somebody else has saved since this was opened."""


class NothingWritten(Refusal):
    """There is no title in any language."""


class NotNow(Refusal):
    """What is published is neither scheduled nor published again, and so on."""


class TooEarly(Refusal):
    """A time that has passed, or comes in the next minute."""
