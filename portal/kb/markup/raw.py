"""HTML that authors wrote themselves, taken apart tag by tag.

What is allowed is written anew with the attributes that are allowed, everything else is left out
and its words stay. No class and no id of an author's comes through: those are our pages' language.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape

_TAG = re.compile(
    r"<!--.{0,100000}?-->|<[!?][^<>]{0,2000}>"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9.-]{0,40})"
    r"(?P<rest>(?:[^<>\"']{1,500}|\"[^\"]{0,2000}\"|'[^']{0,2000}'){0,60}+)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z-]{0,40})"
    r"(?:\s{0,9}=\s{0,9}(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=<>`]+)))?"
)
UNREAD = frozenset(
    {
        "script",
        "style",
        "template",
        "textarea",
        "title",
        "noscript",
        "svg",
        "math",
        "select",
        "object",
    }
)
EMPTY = frozenset({"br", "hr", "wbr"})
_SPANNING = frozenset({"colspan", "rowspan"})
ALLOWED: dict[str, frozenset[str]] = {
    **{
        name: frozenset()
        for name in (
            *("br", "hr", "wbr", "kbd", "sub", "sup", "mark", "small", "b", "strong", "i", "em"),
            *("u", "s", "del", "ins", "q", "cite", "code", "var", "samp", "dfn", "p", "pre"),
            *("blockquote", "ul", "li", "dl", "dt", "dd", "summary", "figure", "figcaption"),
            *("thead", "tbody", "tfoot", "tr", "caption", "h2", "h3", "h4", "h5", "h6"),
        )
    },
    "abbr": frozenset({"title"}),
    "details": frozenset({"open"}),
    "ol": frozenset({"start"}),
    "td": _SPANNING,
    "th": _SPANNING | {"scope"},
}
_VALUES = {
    "start": re.compile(r"\d{1,6}"),
    "colspan": re.compile(r"[1-9]\d?"),
    "rowspan": re.compile(r"[1-9]\d{0,2}"),
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
    "open": re.compile(r".*", re.DOTALL),
    "title": re.compile(r".{1,400}", re.DOTALL),
}


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    is_end: bool = False


def pieces(html: str) -> Iterator[Tag | str]:
    """Tags, and the text between them as HTML that has no tags."""
    done, unread = 0, _Unread(html)
    for found in _TAG.finditer(html):
        if found.start() < done:
            continue
        yield _text(html[done : found.start()])
        done = found.end()
        if not found["name"]:
            continue
        tag = Tag(found["name"].lower(), _attributes(found["rest"]), bool(found["end"]))
        if tag.name in UNREAD:
            done = done if tag.is_end else unread.behind(tag.name, done)
        else:
            yield tag
    yield _text(html[done:])


def _text(html: str) -> str:
    return html.replace("<", "&lt;").replace(">", "&gt;")


def _attributes(rest: str) -> dict[str, str]:
    return {
        found["name"].lower(): unescape(found["double"] or found["single"] or found["bare"] or "")
        for found in _ATTRIBUTE.finditer(rest)
    }


class _Unread:
    """What nobody should read; where it has no end its tag is one like any other."""

    def __init__(self, html: str) -> None:
        self._html = html.lower()
        self._endless: set[str] = set()

    def behind(self, name: str, done: int) -> int:
        end = -1 if name in self._endless else self._html.find(f"</{name}", done)
        if end < 0:
            self._endless.add(name)
        return max(end, done)


def bare(html: str) -> str:
    """The words alone."""
    return unescape(" ".join(piece for piece in pieces(html) if isinstance(piece, str)))


def allowed(tag: Tag) -> str:
    """An opening tag as it may be written; nothing where it may not."""
    names = ALLOWED.get(tag.name)
    if names is None:
        return ""
    kept = "".join(
        f' {name}="{escape(value)}"'
        for name, value in sorted(tag.attributes.items())
        if name in names and _VALUES[name].fullmatch(value)
    )
    return f"<{tag.name}{kept}>"
