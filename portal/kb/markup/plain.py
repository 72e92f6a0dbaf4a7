"""The words of an article, for the search and for a summary."""

from collections.abc import Iterable
from itertools import pairwise

from markdown_it.token import Token

from portal.kb.markup.raw import bare

LONGEST_LEAD = 300


def text_of(tokens: Iterable[Token]) -> str:
    """Line by line, without what only looks."""
    lines = (_line(token).strip() for token in tokens)
    return "\n".join(line for line in lines if line)


def _line(token: Token) -> str:
    match token.type:
        case "inline":
            return words_of(token.children or ())
        case "fence" | "code_block":
            return token.content
        case "html_block":
            return bare(token.content)
    return ""


def words_of(children: Iterable[Token]) -> str:
    return "".join(map(_word, children))


def _word(token: Token) -> str:
    match token.type:
        case "text" | "code_inline" | "image":
            return token.content
        case "softbreak" | "hardbreak":
            return " "
    return ""


def lead_of(tokens: list[Token]) -> str:
    """The first paragraph that stands in nothing, shortened at the end of a word."""
    for opened, inline in pairwise(tokens):
        if opened.type == "paragraph_open" and not opened.level:
            words = " ".join(words_of(_written(inline)).split())
            if words:
                return shortened(words)
    return ""


def _written(inline: Token) -> list[Token]:
    return [token for token in inline.children or () if token.type != "image"]


def shortened(words: str) -> str:
    if len(words) <= LONGEST_LEAD:
        return words
    return words[:LONGEST_LEAD].rsplit(" ", 1)[0].rstrip(",;:–—-") + "…"
