"""What somebody wrote, as it is kept: without secrets, and as safe HTML."""

from dataclasses import dataclass
from typing import Final

from portal.core.secrets import Finding
from portal.foundation.markup import render
from portal.foundation.markup.parsing import clean
from portal.writing.service import masking

TITLE_LONGEST: Final = 300  # the seed's column
BODY_LONGEST: Final = 50_000  # characters


class NothingWritten(ValueError):
    """A text without words."""


class TooLong(ValueError):
    """More than BODY_LONGEST characters."""


@dataclass(frozen=True, slots=True)
class Text:
    body: str
    html: str
    findings: tuple[Finding, ...]


def text_of(written: str) -> Text:
    """Raises NothingWritten and TooLong."""
    words = clean(written).strip()
    if not words:
        raise NothingWritten
    if len(words) > BODY_LONGEST:
        raise TooLong
    found = masking.masked(words)
    return Text(found.text, str(render(found.text)), tuple(found.findings))


def title_of(written: str) -> str:
    """On one line, masked. Raises NothingWritten and TooLong."""
    words = masking.masked(" ".join(clean(written).split())).text
    if not words:
        raise NothingWritten
    if len(words) > TITLE_LONGEST:
        raise TooLong
    return words
