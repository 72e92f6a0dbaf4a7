"""Small changes to what was parsed, so that each thing to be written is a token of its own."""

import re
from collections.abc import Iterator

from markdown_it.token import Token

_TASK = re.compile(r"\[(?P<mark>[ xX])\][ \t]+")


def shape(tokens: list[Token]) -> None:
    for before, opened, inline, closed in _windows(tokens):
        if opened.type != "paragraph_open" or inline.type != "inline":
            continue
        if before is not None and before.type == "list_item_open":
            _shape_task(before, inline)
        if _is_figure(inline):
            opened.type, closed.type = "figure_open", "figure_close"
            opened.hidden = closed.hidden = False


def _windows(tokens: list[Token]) -> Iterator[tuple[Token | None, Token, Token, Token]]:
    return zip([None, *tokens], tokens, tokens[1:], tokens[2:], strict=False)


def _is_figure(inline: Token) -> bool:
    """A picture alone in its paragraph, with a title for a caption."""
    children = [child for child in inline.children or () if child.content or child.attrs]
    return len(children) == 1 and children[0].type == "image" and "title" in children[0].attrs


def _shape_task(item: Token, inline: Token) -> None:
    children = inline.children or []
    if not children or children[0].type != "text":
        return
    if found := _TASK.match(children[0].content):
        children[0].content = children[0].content[found.end() :]
        item.meta["task"] = "done" if found["mark"] in "xX" else "open"
