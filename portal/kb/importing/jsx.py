"""Tags and expressions of JSX in a text, as a tree. Code has been put aside before.

A tag that nobody closes is one without anything inside; an end without a beginning is left out.
"""

import re
from dataclasses import dataclass, field

LONGEST = 10_000  # characters of one tag or expression
MOST_FAILURES = 50  # braces and tags that end nowhere; then a text has none
MOST_DEEP = 60
_NAME = re.compile(r"[A-Za-z][\w.-]{0,60}")
_ATTRIBUTE = re.compile(r"\s*(?:(?P<name>[A-Za-z_@:][\w:.-]{0,60})|(?P<spread>\{)|(?P<end>/?>))")
_QUOTES = "\"'`"
_VOID = frozenset({"br", "hr", "img", "input", "source", "wbr", "link", "meta"})
COMMENT = "comment"
EXPRESSION = "expression"


@dataclass(slots=True)
class Element:
    """`values` are attributes: texts, or expressions with their braces. An expression in the text
    is an element of that name with its inside as `raw`."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)
    raw: str = ""
    is_closed: bool = True
    indent: str | None = None  # before it on its line, where nothing else is

    def get(self, *names: str) -> str:
        """The first of these attributes that is a text."""
        texts = (text_of(self.values.get(name, "")) for name in names)
        return next((text for text in texts if text), "")


def text_of(value: str) -> str:
    """ "x", {"x"} and {`x`} are x; what a program would work out is nothing."""
    if not value.startswith("{"):
        return value
    inner = value[1:-1].strip()
    if len(inner) > 1 and inner[0] in _QUOTES and inner[-1] == inner[0]:
        inside = inner[1:-1]
        if inner[0] not in inside and "${" not in inside:
            return inside
    return ""


class _Reader:
    def __init__(self, text: str, *, expressions: bool) -> None:
        self._text = text
        self._expressions = expressions
        self._done = 0
        self.root = Element("")
        self._open = [self.root]
        self._failures = 0

    def read(self) -> Element:
        for found in re.finditer(r"[<{]", self._text):
            typed = self._text[found.start() - 1 : found.start()] == "\\"
            if not typed and found.start() >= self._done and self._failures < MOST_FAILURES:
                self._at(found.start())
        self._say(len(self._text))
        while len(self._open) > 1:
            self._unclosed()
        return self.root

    def _at(self, place: int) -> None:
        if self._text[place] == "{":
            self._expression(place)
        elif self._text.startswith("<!--", place):
            end = self._text.find("-->", place)
            self._add(place, Element(COMMENT), len(self._text) if end < 0 else end + 3)
        elif self._text.startswith(("</", "<>"), place):
            self._end(place)
        else:
            self._tag(place)

    def _expression(self, place: int) -> None:
        if not self._expressions or self._text.startswith("{#", place):
            return
        if (end := _closing(self._text, place)) is not None:
            inside = self._text[place + 1 : end - 1]
            self._add(place, Element(EXPRESSION, raw=inside), end)
        else:
            self._failures += 1

    def _tag(self, place: int) -> None:
        name = _NAME.match(self._text, place + 1)
        if name is None:
            return
        values, end = _attributes(self._text, name.end())
        if end is None:
            self._failures += 1
            return
        element = Element(name[0], values)
        alone = self._text[end - 2] == "/" or name[0] in _VOID
        self._add(place, element, end)
        if not alone and len(self._open) < MOST_DEEP:
            self._open.append(element)

    def _end(self, place: int) -> None:
        end = self._text.find(">", place, place + 100)
        if end < 0:
            return
        name = self._text[place + 2 : end].strip()
        self._say(place)
        self._done = end + 1
        if any(element.name == name for element in self._open[1:]):
            while self._open[-1].name != name:
                self._unclosed()
            self._open.pop()

    def _unclosed(self) -> None:
        """What seemed to be inside comes after it."""
        element = self._open.pop()
        element.is_closed = False
        self._open[-1].children += element.children
        element.children = []

    def _add(self, place: int, element: Element, end: int) -> None:
        self._say(place)
        begin = self._text.rfind("\n", 0, place) + 1
        before = self._text[begin:place]
        element.indent = before if not before.strip() else None
        self._open[-1].children.append(element)
        self._done = end

    def _say(self, place: int) -> None:
        if place > self._done:
            self._open[-1].children.append(self._text[self._done : place])


def read(text: str, *, expressions: bool) -> Element:
    return _Reader(text, expressions=expressions).read()


def _attributes(text: str, place: int) -> tuple[dict[str, str], int | None]:
    """With where the tag ends, or None for what is no tag."""
    values: dict[str, str] = {}
    limit = place + LONGEST
    while place < limit and (found := _ATTRIBUTE.match(text, place)):
        if found["end"]:
            return values, found.end()
        if found["spread"]:
            end = _closing(text, found.end() - 1)
            if end is None:
                return {}, None
            place = end
            continue
        place = found.end()
        value, after = _value(text, place)
        if after is None:
            return {}, None
        values[found["name"]], place = value, after
    return {}, None


def _value(text: str, place: int) -> tuple[str, int | None]:
    equals = re.compile(r"\s*=\s*").match(text, place)
    if equals is None:
        return "true", place
    place = equals.end()
    sign = text[place : place + 1]
    if sign in ('"', "'"):
        end = text.find(sign, place + 1, place + LONGEST)
        return (text[place + 1 : end], end + 1) if end > 0 else ("", None)
    if sign == "{":
        closed = _closing(text, place)
        return (text[place:closed], closed) if closed else ("", None)
    bare = re.compile(r"[^\s\"'=<>`]+").match(text, place)
    return (bare[0], bare.end()) if bare else ("", None)


def _closing(text: str, place: int) -> int | None:
    """Behind the brace that closes the one at `place`; quotes hide braces."""
    depth, quote = 0, ""
    for at in range(place, min(len(text), place + LONGEST)):
        sign = text[at]
        if quote:
            quote = "" if sign == quote and text[at - 1] != "\\" else quote
        elif sign in _QUOTES and depth and not _is_apostrophe(text, at):
            quote = sign
        elif sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if not depth:
                return at + 1
    return None


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] == "'" and text[at - 1].isalpha() and text[at + 1 : at + 2].isalpha()
