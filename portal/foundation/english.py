"""Texts that are written down in English, and worded in the reader's language when shown."""

from flask_babel import get_translations


def in_english(text: str) -> str:
    """Shows the text to the catalogues' tools."""
    return text


def worded(english: str) -> str:
    """For the reader, where the catalogue knows the text; other services say what they will."""
    return str(get_translations().gettext(english)) if english else ""
