"""Why something was not saved; nothing was changed."""


class KeyTaken(Exception):
    """Another one has this key."""


class ChangedMeanwhile(Exception):
    """Somebody else has saved since it was opened."""
