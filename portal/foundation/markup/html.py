"""What people type, as HTML that can do no harm inside our pages."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from markdown_it.token import Token
from markupsafe import Markup, escape

from portal.core.secrets import MARKER
from portal.foundation.markup.parsing import OWN_FILE, clean, is_bounded, markdown, parsed

_TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
    *("em", "strong", "s", "ul", "ol", "li", "a", "img", "span"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title", "loading"}, "ol": {"start"}}
_CLASSES = {"span": {"mention", "masked"}}
_SCHEMES = {"http", "https", "mailto", "tel"}

KEPT = 1_000  # texts, which with their HTML take some 5 MB at most
LONGEST_KEPT = 2_000  # characters

Wording = Callable[[str], str]


def removed(kind: str) -> str:
    """The English words for a masked secret of this kind ("api token")."""
    return f"{kind} removed"


def render(text: str, *, masked: Wording = removed) -> Markup:
    """Safe HTML; `masked` words what stands where a secret was.

    Headings begin at h3, pictures are ours or become links, and a text that is too long or too
    knotty for Markdown is shown as it was typed.
    """
    if len(text) > LONGEST_KEPT or MARKER.search(text):
        return _rendered(text, masked)
    return _kept(text)


@lru_cache(KEPT)
def _kept(text: str) -> Markup:
    """A conversation is read again with each message that comes to it, by everybody in it."""
    return _rendered(text, removed)


def kept(html: str) -> Markup:
    """What `render` gave and a row has kept since."""
    return Markup(html)  # noqa: S704


def _rendered(text: str, masked: Wording) -> Markup:
    text = clean(text)
    if not is_bounded(text):
        return _as_typed(text)
    tokens = list(_ours(parsed(text), masked))
    reader = markdown()
    return Markup(_harmless(reader.renderer.render(tokens, reader.options, {})))  # noqa: S704


def _as_typed(text: str) -> Markup:
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(map(escape, text.split("\n"))))


def _harmless(html: str) -> str:
    import nh3  # with the first text: workers and clocks show none

    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel="noopener nofollow ugc",
    )


def _ours(tokens: Iterable[Token], masked: Wording) -> Iterator[Token]:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
        if token.children:
            token.children = list(_inline(token.children, masked))
        yield token


def _inline(children: Iterable[Token], masked: Wording) -> Iterator[Token]:
    links = 0
    for token in children:
        links += token.nesting if token.type in ("link_open", "link_close") else 0
        match token.type:
            case "image":
                yield from _image(token, linked=links > 0)
            case "mention":
                yield _span("mention", f"@{token.content}")
            case "masked":
                yield _span("masked", masked(token.content))
            case _:
                yield token


def _span(kind: str, words: str) -> Token:
    return Token("html_inline", "", 0, content=f'<span class="{kind}">{escape(words)}</span>')


def _image(token: Token, *, linked: bool) -> Iterator[Token]:
    source = str(token.attrs.get("src", ""))
    if OWN_FILE.fullmatch(source):
        token.attrs["loading"] = "lazy"
        yield token
        return
    words = Token("text", "", 0, content=token.content or source)
    if linked:
        yield words
        return
    yield Token("link_open", "a", 1, attrs={"href": source})
    yield words
    yield Token("link_close", "a", -1)
