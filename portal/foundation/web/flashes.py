"""Short words after an action, shown once on the next page."""

from flask import flash as _flash


def flash(message: str, tone: str = "good") -> None:
    """`tone`: good, info, warn or bad; the layout picks the look."""
    _flash(message, tone)
