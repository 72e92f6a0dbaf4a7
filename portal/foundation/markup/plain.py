"""What people type, as text for the plain part of a letter."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from markdown_it.token import Token

from portal.foundation.markup.parsing import clean, is_bounded, parsed


def plain(markdown: str) -> str:
    """Words, links with their addresses, lists and quotes; nothing of the signs around them."""
    text = clean(markdown)
    if not is_bounded(text):
        return text.strip()
    page = _Page()
    for token in parsed(text):
        page.add(token)
    return page.text()


class _Page:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._margins: list[str] = []
        self._numbers: list[int | None] = []  # of the lists around, None for bullets
        self._bullet = ""
        self._cells: list[str] | None = None

    def text(self) -> str:
        """With no more than one empty line in a row."""
        lines = (line.rstrip() for line in self._lines)
        runs = ((empty, list(run)) for empty, run in groupby(lines, lambda line: not line))
        kept = (run[:1] if empty else run for empty, run in runs)
        return "\n".join(line for run in kept for line in run).strip("\n")

    def add(self, token: Token) -> None:
        if method := getattr(self, f"_{token.type}", None):
            method(token)

    def _write(self, text: str) -> None:
        for line in text.split("\n"):
            margin = "".join(self._margins)
            if self._bullet:
                margin = margin[: -len(self._bullet)] + self._bullet
                self._bullet = ""
            self._lines.append(margin + line)

    def _inline(self, token: Token) -> None:
        words = "".join(_words(token.children or ()))
        if self._cells is None:
            self._write(words)
        else:
            self._cells.append(words)

    def _gap(self, token: Token) -> None:
        if not token.hidden:
            self._lines.append("".join(self._margins))

    _paragraph_close = _heading_close = _table_close = _gap

    def _fence(self, token: Token) -> None:
        self._write(token.content.rstrip("\n"))
        self._gap(token)

    _code_block = _fence

    def _hr(self, token: Token) -> None:
        self._write("---")
        self._gap(token)

    def _blockquote_open(self, token: Token) -> None:
        self._margins.append("> ")

    def _blockquote_close(self, token: Token) -> None:
        if self._lines and self._lines[-1] == "".join(self._margins):
            self._lines.pop()
        self._margins.pop()
        self._gap(token)

    def _bullet_list_open(self, token: Token) -> None:
        self._numbers.append(None)

    def _ordered_list_open(self, token: Token) -> None:
        self._numbers.append(int(token.attrs.get("start", 1)))

    def _list_close(self, token: Token) -> None:
        self._numbers.pop()
        if not self._numbers:
            self._gap(token)

    _bullet_list_close = _ordered_list_close = _list_close

    def _list_item_open(self, token: Token) -> None:
        number = self._numbers[-1]
        self._bullet = "- " if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1
        self._margins.append(" " * len(self._bullet))

    def _list_item_close(self, token: Token) -> None:
        self._bullet = ""
        self._margins.pop()

    def _tr_open(self, token: Token) -> None:
        self._cells = []

    def _tr_close(self, token: Token) -> None:
        cells, self._cells = self._cells or [], None
        self._write(" | ".join(cells))


def _words(children: Iterable[Token]) -> Iterator[str]:
    address, label = "", ""
    for token in children:
        words = _word(token)
        if token.type == "link_open":
            address, label = str(token.attrs["href"]), ""
        elif token.type == "link_close" and address.removeprefix("mailto:") != label:
            yield f" ({address})"
        label += words
        yield words


def _word(token: Token) -> str:
    match token.type:
        case "text" | "code_inline":
            return token.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "mention":
            return f"@{token.content}"
        case "masked":
            return f"⟦{token.content}⟧"
        case "image":
            source = str(token.attrs.get("src", ""))
            return f"{token.content} ({source})" if token.content else source
    return ""
