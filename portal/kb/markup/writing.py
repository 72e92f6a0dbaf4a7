"""Tokens as HTML. What this writes goes through `sanitising` all the same."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from uuid import UUID

from markdown_it.token import Token

from portal.kb.markup import addresses, raw, words
from portal.kb.markup.addresses import Address
from portal.kb.markup.directives import CALLOUT_OF
from portal.kb.markup.plain import words_of
from portal.kb.markup.sanitising import OWN
from portal.kb.markup.shapes import Asked, Link, Problem, Target

_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
_TITLE = re.compile(
    r"""\btitle\s{0,3}=\s{0,3}(?:"(?P<double>[^"]{1,200})"|'(?P<single>[^']{1,200})')"""
)
_ALIGNED = {"text-align:right": ' class="end"', "text-align:center": ' class="centre"'}
_TAGS = {
    "paragraph": "p",
    "blockquote": "blockquote",
    "bullet_list": "ul",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "dl": "dl",
    "dt": "dt",
    "dd": "dd",
}
_WITHIN = frozenset({"em", "strong", "s"})
_DEEPEST_RAW = 40  # HTML tags of an author's that are open at once


class Writer:
    """Writes tokens once, and collects what was pointed at and what could not be done."""

    def __init__(
        self, language: str, found: Mapping[Asked, Target], anchors: Mapping[str, str]
    ) -> None:
        self.links: dict[str, Link] = {}
        self.files: dict[UUID, None] = {}
        self.videos: dict[str, None] = {}
        self.problems: list[Problem] = []
        self._said: Callable[[str], str] = lambda english: words.said(english, language)
        self._found = found
        self._anchors = anchors
        self._line = 1
        self._endings: list[str] = []  # of directives that are open
        self._titled: list[str] = []  # around the title that comes
        self._linked: list[str] = []  # endings of links that are open
        self._raw: list[tuple[str, str]] = []  # an author's open tags, and what ends each
        self._cells = ""

    def write(self, tokens: Sequence[Token]) -> str:
        parts = []
        for number, token in enumerate(tokens):
            if token.map:
                self._line = token.map[0] + 1
            if token.type == "directive_open":
                titled = number + 1 < len(tokens) and tokens[number + 1].type == "title_open"
                parts.append(self._directive(token, titled=titled))
            else:
                parts.append(self._one(token))
        return "".join(parts)

    def _one(self, token: Token) -> str:
        if token.hidden:
            return ""
        if method := getattr(self, f"_{token.type}", None):
            written: str = method(token)
            return written
        name, _, end = token.type.rpartition("_")
        if name in _TAGS:
            return f"<{_TAGS[name]}>" if end == "open" else f"</{_TAGS[name]}>\n"
        if name in _WITHIN:
            return f"<{'' if end == 'open' else '/'}{name}>"
        return escape(token.content)

    def _inline(self, token: Token) -> str:
        written = "".join(map(self._one, token.children or ()))
        left = "".join(reversed(self._linked))  # a link that its HTML author did not close
        self._linked.clear()
        return written + left

    # blocks

    def _heading_open(self, token: Token) -> str:
        return f'<{token.tag} id="{escape(str(token.attrs["id"]))}">'

    def _heading_close(self, token: Token) -> str:
        return f"</{token.tag}>\n"

    def _ordered_list_open(self, token: Token) -> str:
        start = token.attrs.get("start", 1)
        return "<ol>" if start == 1 else f'<ol start="{int(start)}">'

    def _ordered_list_close(self, token: Token) -> str:
        return "</ol>\n"

    def _list_item_open(self, token: Token) -> str:
        task = token.meta.get("task")
        if task is None:
            return "<li>"
        done = task == "done"
        label = escape(self._said(words.DONE if done else words.NOT_DONE))
        kind = "task task--done" if done else "task"
        return f'<li class="task-item"><span class="{kind}" role="img" aria-label="{label}"></span>'

    def _list_item_close(self, token: Token) -> str:
        return "</li>\n"

    def _hr(self, token: Token) -> str:
        return "<hr>\n"

    def _fence(self, token: Token) -> str:
        return self._code(token.content, token.info)

    def _code_block(self, token: Token) -> str:
        return self._code(token.content, "")

    def _code(self, code: str, info: str) -> str:
        language = _LANGUAGE.match(info.strip().lstrip("{."))
        told = f' data-language="{escape(language[0].lower())}"' if language else ""
        block = f'<pre tabindex="0"{told}><code>{escape(code)}</code></pre>'
        if title := _TITLE.search(info):
            words = escape(title["double"] or title["single"])
            return f'<figure class="code"><figcaption>{words}</figcaption>{block}</figure>\n'
        return f'<div class="code">{block}</div>\n'

    def _table_open(self, token: Token) -> str:
        label = escape(self._said(words.TABLE))
        return f'<div class="table-wrap" role="group" tabindex="0" aria-label="{label}"><table>\n'

    def _table_close(self, token: Token) -> str:
        return "</table></div>\n"

    def _th_open(self, token: Token) -> str:
        return f'<th scope="col"{_ALIGNED.get(str(token.attrs.get("style", "")), "")}>'

    def _td_open(self, token: Token) -> str:
        return f"<td{_ALIGNED.get(str(token.attrs.get('style', '')), '')}>"

    def _th_close(self, token: Token) -> str:
        return "</th>"

    def _td_close(self, token: Token) -> str:
        return "</td>"

    def _figure_open(self, token: Token) -> str:
        return '<figure class="figure">'

    def _figure_close(self, token: Token) -> str:
        return "</figure>\n"

    # directives

    def _directive(self, token: Token, *, titled: bool) -> str:
        kind = CALLOUT_OF.get(token.info)
        if kind is not None:
            return self._callout(kind, titled=titled)
        if token.info == "details":
            return self._details(titled=titled)
        if token.info in ("steps", "tabs"):
            self._endings.append("</div>\n")
            self._titled.append("p")
            return f'<div class="{token.info}">'
        self._problem("unknown_directive", f":::{token.info}")
        self._endings.append("")
        self._titled.append("p")
        return ""

    def _callout(self, kind: str, *, titled: bool) -> str:
        self._endings.append("</div></div>\n")
        self._titled.append("callout")
        opened = f'<div class="callout callout--{kind}" role="note"><p class="callout__title">'
        if titled:
            return opened
        return f'{opened}{escape(self._said(words.CALLOUTS[kind]))}</p><div class="callout__body">'

    def _details(self, *, titled: bool) -> str:
        self._endings.append("</details>\n")
        self._titled.append("summary")
        if titled:
            return "<details>"
        return f"<details><summary>{escape(self._said(words.DETAILS))}</summary>"

    def _directive_close(self, token: Token) -> str:
        if self._titled:
            self._titled.pop()
        return self._endings.pop() if self._endings else ""

    def _title_open(self, token: Token) -> str:
        match self._titled[-1]:
            case "callout":
                return ""
            case "summary":
                return "<summary>"
            case "tab":
                return '<p class="tab__label">'
        return "<p><strong>"

    def _title_close(self, token: Token) -> str:
        match self._titled[-1]:
            case "callout":
                return '</p><div class="callout__body">'
            case "summary":
                return "</summary>"
            case "tab":
                return "</p>"
        return "</strong></p>\n"

    def _tab_open(self, token: Token) -> str:
        self._titled.append("tab")
        return '<section class="tab">'

    def _tab_close(self, token: Token) -> str:
        self._titled.pop()
        return "</section>\n"

    def _video(self, token: Token) -> str:
        asked = Asked("video", token.content)
        target = self._found.get(asked)
        if target is None:
            self._problem("missing_video", token.content)
            return f"<p>{self._nowhere(token.content)}</p>\n"
        self.videos[token.content] = None
        name = escape(target.title or self._said(words.VIDEO))
        link = f'<a href="{OWN}:{escape(target.path)}">{name}</a>'
        return f'<p class="video" data-video="{escape(token.content)}">{link}</p>\n'

    # footnotes

    def _footnote_ref(self, token: Token) -> str:
        number, again = int(token.meta["id"]) + 1, int(token.meta.get("subId", 0))
        own = f"noteref-{number}-{again}"
        return f'<sup class="noteref" id="{own}"><a href="#note-{number}">{number}</a></sup>'

    def _footnote_block_open(self, token: Token) -> str:
        return f'<section class="footnotes" aria-label="{escape(self._said(words.NOTES))}"><ol>\n'

    def _footnote_block_close(self, token: Token) -> str:
        return "</ol></section>\n"

    def _footnote_open(self, token: Token) -> str:
        return f'<li id="note-{int(token.meta["id"]) + 1}">'

    def _footnote_close(self, token: Token) -> str:
        return "</li>\n"

    def _footnote_anchor(self, token: Token) -> str:
        back, number = escape(self._said(words.BACK)), int(token.meta["id"]) + 1
        own = f"noteref-{number}-{int(token.meta.get('subId', 0))}"
        return f' <a class="noteback" href="#{own}" aria-label="{back}">↩</a>'

    # in a line

    def _text(self, token: Token) -> str:
        return escape(token.content, quote=False)

    def _code_inline(self, token: Token) -> str:
        return f"<code>{escape(token.content, quote=False)}</code>"

    def _softbreak(self, token: Token) -> str:
        return "\n"

    def _hardbreak(self, token: Token) -> str:
        return "<br>\n"

    def _link_open(self, token: Token) -> str:
        title = str(token.attrs.get("title", ""))
        opened, ended = self._link(str(token.attrs.get("href", "")), title)
        self._linked.append(ended)
        return opened

    def _link_close(self, token: Token) -> str:
        return self._linked.pop() if self._linked else ""

    def _link(self, written: str, title: str) -> tuple[str, str]:
        """What begins it, and what ends it."""
        if self._linked:  # HTML has no links in links
            return "", ""
        address = addresses.read(written)
        told = f' title="{escape(title)}"' if title else ""
        match address.kind:
            case "outside":
                rel = ' rel="nofollow noopener"' if address.href.startswith("http") else ""
                return f'<a href="{escape(address.href)}"{rel}{told}>', "</a>"
            case "anchor":
                return self._to_anchor(address, written)
            case "own" if target := self._target(address, written):
                anchor = f"#{address.anchor}" if address.anchor else ""
                return f'<a href="{OWN}:{escape(target.path + anchor)}"{told}>', "</a>"
        self._problem("broken_link" if address.own else "refused_link", written)
        return '<span class="broken-link">', "</span>"

    def _to_anchor(self, address: Address, written: str) -> tuple[str, str]:
        there = self._anchors.get(address.anchor.lower())
        if there is None:
            self._problem("broken_anchor", written)
            return '<span class="broken-link">', "</span>"
        return f'<a href="#{escape(there)}">', "</a>"

    def _target(self, address: Address, written: str) -> Target | None:
        """Remembered whether it is there or not: an article may come to be there later."""
        asked = address.own
        target = self._found.get(asked) if asked else None
        if asked and asked.kind == "article":
            topic = target.topic_id if target else None
            self.links.setdefault(written, Link(written, topic, address.anchor))
        if asked and asked.kind == "file" and target:
            self.files[UUID(asked.key)] = None
        return target

    def _nowhere(self, what: str) -> str:
        return f'<span class="broken-link">{escape(what)}</span>'

    def _image(self, token: Token) -> str:
        return self._picture(
            str(token.attrs.get("src", "")),
            words_of(token.children or ()) or token.content,
            str(token.attrs.get("title", "")),
        )

    def _picture(self, written: str, alt: str, title: str = "") -> str:
        address = addresses.read(written)
        caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
        if address.own and address.own.kind == "file":
            return self._own_picture(address, written, alt, caption)
        if address.kind == "outside" and address.href.startswith("http"):
            self._problem("outside_picture", written)
            opened, ended = self._link(written, "")
            return f"{opened}{escape(alt or self._said(words.PICTURE))}{ended}"
        self._problem("missing_file", written)
        return self._nowhere(alt or written[:200])

    def _own_picture(self, address: Address, written: str, alt: str, caption: str) -> str:
        target = self._target(address, written)
        if target is None:
            self._problem("missing_file", written)
            return self._nowhere(alt or written[:200])
        if target.width is None or target.height is None:
            name = escape(alt or target.title or target.path.rpartition("/")[2])
            return name if self._linked else f'<a href="{OWN}:{escape(target.path)}">{name}</a>'
        size = f'width="{target.width}" height="{target.height}"'
        source = f"{OWN}:{escape(target.path)}"
        return (
            f'<img src="{source}" alt="{escape(alt)}" {size} loading="lazy" decoding="async">'
            f"{caption}"
        )

    # an author's HTML

    def _html_block(self, token: Token) -> str:
        return self._html(token.content) + "\n"

    def _html_inline(self, token: Token) -> str:
        return self._html(token.content)

    def _html(self, html: str) -> str:
        return "".join(
            piece if isinstance(piece, str) else self._tag(piece) for piece in raw.pieces(html)
        )

    def _tag(self, tag: raw.Tag) -> str:
        if tag.is_end:
            return self._end(tag.name)
        if tag.name == "img":
            attributes = tag.attributes
            return self._picture(attributes.get("src", ""), attributes.get("alt", ""))
        if tag.name in ("iframe", "video", "embed", "source"):
            return self._embedded(tag.attributes.get("src", ""))
        if tag.name in raw.EMPTY:
            return raw.allowed(tag)
        opened, ended = self._open(tag)
        if not opened or len(self._raw) >= _DEEPEST_RAW:
            return ""
        self._raw.append((tag.name, ended))
        return opened

    def _open(self, tag: raw.Tag) -> tuple[str, str]:
        if tag.name == "a":
            return self._link(tag.attributes["href"], "") if "href" in tag.attributes else ("", "")
        if tag.name == "table":
            return self._table_open(Token("", "", 1)), "</table></div>"
        if tag.name == "h1":
            return "<h2>", "</h2>"
        return raw.allowed(tag), f"</{tag.name}>"

    def _end(self, name: str) -> str:
        """Ends what was opened inside as well; an end without a beginning is nothing."""
        if not any(opened == name for opened, _ in self._raw):
            return ""
        ended = ""
        while True:
            opened, ending = self._raw.pop()
            ended += ending
            if opened == name:
                return ended

    def _embedded(self, written: str) -> str:
        address = addresses.read(written) if written else addresses.REFUSED
        if address.kind != "outside":
            return ""
        opened, ended = self._link(written, "")
        return f"{opened}{escape(written)}{ended}"

    def _problem(self, kind: str, what: str) -> None:
        self.problems.append(Problem(self._line, kind, what[:300]))


def asked_in(tokens: Iterable[Token]) -> set[Asked]:
    """Everything of ours that the tokens point at."""
    found: set[Asked] = set()
    for token in tokens:
        found |= asked_in(token.children or ())
        if token.type == "video":
            found.add(Asked("video", token.content))
        for written in _pointers(token):
            if own := addresses.read(written).own:
                found.add(own)
    return found


def _pointers(token: Token) -> Iterable[str]:
    if token.type in ("link_open", "image"):
        return [str(token.attrs.get("href", token.attrs.get("src", "")))]
    if token.type in ("html_block", "html_inline"):
        tags = (piece for piece in raw.pieces(token.content) if isinstance(piece, raw.Tag))
        return [tag.attributes.get("href") or tag.attributes.get("src") or "" for tag in tags]
    return ()
