"""What people type, read as Markdown: raw HTML stays text, and the work is bounded."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from portal.foundation.markup.marks import add_marks

LONGEST = 60_000  # characters; what is longer is shown as it was typed
MOST_BRACKETS = 2_000
MOST_LINES = 5_000
MOST_SIGNS = 8_000  # that may mean something in Markdown
_SIGNS = "*_~`|<&\\"

OWN_FILE = re.compile(r"/(?:[\w-]{1,60}/){0,6}attachments/[\w-]{8,40}(?:/preview)?", re.ASCII)
_OUTSIDE = re.compile(r"(?i)(?:https?://|mailto:|tel:)[^\s\x00-\x20]+")


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (its name in the library)
        return bool(_OUTSIDE.fullmatch(url) or OWN_FILE.fullmatch(url))


@cache
def markdown() -> MarkdownIt:
    reader = _Markdown("commonmark", {"html": False, "breaks": True})
    reader.enable(["table", "strikethrough"])
    add_marks(reader)
    return reader


def clean(text: str) -> str:
    """Valid Unicode without NUL, with one kind of line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8")


def is_bounded(text: str) -> bool:
    """False for what a parser would spend seconds on; nobody types that."""
    return (
        len(text) <= LONGEST
        and text.count("\n") < MOST_LINES
        and text.count("[") <= MOST_BRACKETS
        and sum(map(text.count, _SIGNS)) <= MOST_SIGNS
    )


def parsed(text: str) -> list[Token]:
    return markdown().parse(text)
