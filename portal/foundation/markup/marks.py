"""What stands out inside plain text: addresses, mentions and masked secrets.

After parsing, text is split into tokens of type text, mention (content: the name), masked
(content: the kind of secret in words) and ordinary links.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from portal.core.secrets import MARKER

_MARKS = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"`⟦⟧]{1,2000})"
    r"|(?P<email>(?<![\w.+@/-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})"
    r"|(?<![\w@./+-])@(?P<mention>\w(?:[\w.-]{0,38}\w)?)"
    rf"|(?P<masked>{MARKER.pattern})"
)
_ONLY_MASKED = re.compile(rf"(?P<masked>{MARKER.pattern})")


def add_marks(markdown: MarkdownIt) -> None:
    markdown.core.ruler.push("marks", _mark)


def _mark(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = list(_marked(token.children, state.md))


def _marked(children: list[Token], markdown: MarkdownIt) -> Iterator[Token]:
    links = 0
    for token in children:
        links += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "text":
            yield from _split(token.content, _ONLY_MASKED if links else _MARKS, markdown)
        else:
            yield token


def _split(text: str, marks: re.Pattern[str], markdown: MarkdownIt) -> Iterator[Token]:
    done = 0
    for match in marks.finditer(text):
        kind, found = str(match.lastgroup), match[0]
        if kind == "url":
            found = _without_punctuation(found)
        yield from _text(text[done : match.start()])
        yield from _mark_of(kind, found, match, markdown)
        done = match.start() + len(found)
    yield from _text(text[done:])


def _mark_of(kind: str, found: str, match: re.Match[str], markdown: MarkdownIt) -> Iterator[Token]:
    if kind == "mention":
        yield Token("mention", "", 0, content=match["mention"])
    elif kind == "url":
        yield from _link(found, found, markdown)
    elif kind == "email":
        yield from _link(f"mailto:{found}", found, markdown)
    else:
        yield Token("masked", "", 0, content=found.strip("⟦⟧"))


def _link(address: str, words: str, markdown: MarkdownIt) -> Iterator[Token]:
    href = markdown.normalizeLink(address)
    if not markdown.validateLink(href):
        yield from _text(words)
        return
    yield Token("link_open", "a", 1, attrs={"href": href}, markup="linkify")
    yield from _text(words)
    yield Token("link_close", "a", -1, markup="linkify")


def _text(content: str) -> Iterator[Token]:
    if content:
        yield Token("text", "", 0, content=content)


def _without_punctuation(url: str) -> str:
    """A full stop or bracket after an address ends the sentence, not the address."""
    closing = url.count(")") - url.count("(")
    while url:
        last = url[-1]
        if last == ")" and closing > 0:
            closing -= 1
        elif last not in ".,;:!?'’”\"]}*_~»":
            break
        url = url[:-1]
    return url
