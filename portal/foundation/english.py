"""Texts that are written down in English, and worded in the reader's language when shown."""

from portal.foundation.speech import catalogue


def in_english(text: str) -> str:
    """Shows the text to the catalogues' tools."""
    return text


def worded(english: str) -> str:
    """For the reader, where the catalogue knows the text; other services say what they will."""
    return catalogue().gettext(english) if english else ""
