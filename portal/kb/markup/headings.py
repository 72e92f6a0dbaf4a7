"""Ids of headings: from their words, as most tools make them, so that links of imported pages hold.

Never one that a page of ours uses, nor one by which scripts find something of the browser's.
"""

import re

from markdown_it.token import Token

from portal.kb.markup.plain import words_of
from portal.kb.markup.shapes import Heading

OUTLINED = range(2, 5)
LONGEST_ID = 120
_GIVEN = re.compile(r"[ \t]*\{[ \t]*#(?P<id>[^\s{}\"'<>&]{1,120})[ \t]*\}[ \t]*$")
_DROPPED = re.compile(r"[^\w\- ]")
_OURS = re.compile(r"(?:tabs?|note|noteref|toast|kb|corbel|article|help|hx)(?:-.*)?")
_PAGES = "main shortcuts toasts flashes content search results panel feedback toc outline rail nav"
# headings can hide few of these from scripts, but nobody should have to know which
_BROWSER = (
    "body head html document window self top parent frames forms images links scripts anchors"
    " embeds plugins cookie domain title location referrer history navigator screen status name"
    " length origin event external opener closed children attributes style id classname dataset"
    " constructor prototype __proto__ tostring valueof hasownproperty htmx idiomorph"
)
RESERVED = frozenset([*_PAGES.split(), *_BROWSER.split()])


class Ids:
    """Gives each id once."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}  # and the last number that went behind each

    def unique(self, wanted: str) -> str:
        wanted = wanted[:LONGEST_ID] or "section"
        if wanted.lower() in RESERVED or _OURS.fullmatch(wanted.lower()):
            wanted = f"{wanted}-section"
        found = wanted
        while found in self._given:
            self._given[wanted] += 1
            found = f"{wanted}-{self._given[wanted]}"
        self._given[found] = 0
        return found


def slugged(words: str) -> str:
    return _DROPPED.sub("", words.strip().lower()).replace(" ", "-")


def outline_of(tokens: list[Token]) -> tuple[list[Heading], dict[str, str]]:
    """Gives every heading its id and its level below the article's title, and says which id stands
    for an anchor as it was written (in lower case). Changes `tokens`."""
    ids = Ids()
    outline: list[Heading] = []
    anchors: dict[str, str] = {}
    shift = 1 if any(token.tag == "h1" for token in tokens) else 0
    for opened, inline, closed in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opened.type != "heading_open":
            continue
        level = min(int(opened.tag[1]) + shift, 6)
        opened.tag = closed.tag = f"h{level}"
        given = _take_id(inline)
        words = " ".join(words_of(inline.children or ()).split())
        wanted = given or slugged(words)
        opened.attrs["id"] = ids.unique(wanted)
        anchors.setdefault(wanted.lower(), str(opened.attrs["id"]))
        anchors.setdefault(str(opened.attrs["id"]).lower(), str(opened.attrs["id"]))
        if level in OUTLINED and words:
            outline.append(Heading(level=level, id=str(opened.attrs["id"]), text=words))
    return outline, anchors


def _take_id(inline: Token) -> str:
    last = inline.children[-1] if inline.children else None
    if last is None or last.type != "text" or not (found := _GIVEN.search(last.content)):
        return ""
    last.content = last.content[: found.start()]
    return found["id"]
