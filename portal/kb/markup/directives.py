"""`:::name[Title]` … `:::` around blocks, and `::name[…]` on a line of its own.

Which fence closes which is found once for a text, so that many that nobody closed cost no more than
a few. A fence closes the innermost with as many colons or fewer; what is never closed ends with
whatever it stands in.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

CALLOUT_OF = {
    **{kind: kind for kind in ("note", "tip", "info", "caution", "warning", "danger")},
    "important": "info",
    "secondary": "note",
    "success": "tip",
    "hint": "tip",
    "error": "danger",
    "attention": "warning",
}
KNOWN = frozenset({*CALLOUT_OF, "details", "steps", "tabs"})
_OPENING = re.compile(
    r"(?P<colons>:{3,})(?P<gap>[ \t]*)(?P<name>[A-Za-z][\w-]{0,40})"
    r"(?:\[(?P<label>.{0,400})\])?[ \t]*(?:\{[^}]{0,400}\})?(?:[ \t]+(?P<title>.{0,400}))?[ \t]*"
)
_CLOSING = re.compile(r"(:{3,})[ \t]*")
_LEAF = re.compile(r"::(?P<name>[a-z]{1,20})\[(?P<label>[^\n]{0,400})\][ \t]*")
_CODE = re.compile(r"(?:[-*+]|\d{1,9}[.)])?[ \t]*(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_MARGIN = " \t>"
_LONGEST = 900  # characters of a line that may be a directive


@dataclass(slots=True)
class _Fence:
    """An open directive: where its line is, and the `::tab` lines right inside it."""

    line: int
    colons: int
    close: int | None = None
    tabs: list[int] = field(default_factory=list)


def add_directives(markdown: MarkdownIt) -> None:
    ends: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    markdown.block.ruler.before("fence", "directive", _container, ends)
    markdown.block.ruler.before("fence", "leaf", _leaf, ends)


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    opening = _matched(_OPENING, state, start)
    if opening is None or not _is_meant(opening):
        return False
    if silent:
        return True
    fence = _fences(state).get(start) or _Fence(start, len(opening["colons"]))
    close = fence.close if fence.close is not None and fence.close < end else None
    last = end if close is None else close
    name = opening["name"].lower()
    token = state.push("directive_open", "div", 1)
    token.info, token.map, token.block = name, [start, last], True
    _title(state, start, opening["label"] or opening["title"] or "")
    if name == "tabs":
        _tabs(state, start + 1, last, fence.tabs)
    else:
        _inside(state, start + 1, last)
    token = state.push("directive_close", "div", -1)
    token.info, token.block = name, True
    state.line = last if close is None else last + 1
    return True


def _is_meant(opening: re.Match[str]) -> bool:
    """`::: this is no directive` unless it has a name that means something."""
    return not opening["gap"] or opening["name"].lower() in KNOWN


def _title(state: StateBlock, line: int, words: str) -> None:
    if not words.strip():
        return
    state.push("title_open", "p", 1)
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = words.strip(), [line, line + 1], []
    state.push("title_close", "p", -1)


def _tabs(state: StateBlock, start: int, end: int, lines: list[int]) -> None:
    edges = [*(line for line in lines if start <= line < end), end]
    _inside(state, start, edges[0])
    for line, following in pairwise(edges):
        leaf = _matched(_LEAF, state, line)
        state.push("tab_open", "section", 1).map = [line, following]
        _title(state, line, leaf["label"] if leaf else "")
        _inside(state, line + 1, following)
        state.push("tab_close", "section", -1)


def _inside(state: StateBlock, start: int, end: int) -> None:
    """Nothing inside can go on past `end`."""
    parent, last = state.parentType, state.lineMax
    state.parentType, state.lineMax = "directive", end
    state.md.block.tokenize(state, start, end)
    state.parentType, state.lineMax = parent, last


def _leaf(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    leaf = _matched(_LEAF, state, start)
    if leaf is None or leaf["name"] != "video":
        return False
    if not silent:
        token = state.push("video", "div", 0)
        token.content, token.map, token.block = leaf["label"].strip(), [start, start + 1], True
        state.line = start + 1
    return True


def _matched(pattern: re.Pattern[str], state: StateBlock, line: int) -> re.Match[str] | None:
    begin, end = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    if state.src[begin : begin + 2] != "::" or end - begin > _LONGEST or state.is_code_block(line):
        return None
    return pattern.fullmatch(state.src[begin:end])


def _fences(state: StateBlock) -> dict[int, _Fence]:
    """By the line on which they open."""
    env: dict[str, Any] = state.env  # type: ignore[assignment]
    if env.get("fences_of") is not state.src:
        env["fences_of"], env["fences"] = state.src, _paired(state.src.split("\n"))
    found: dict[int, _Fence] = env["fences"]
    return found


def _paired(lines: list[str]) -> dict[int, _Fence]:
    fences: dict[int, _Fence] = {}
    around: list[_Fence] = []
    code = ""
    for number, whole in enumerate(lines):
        line = whole.lstrip(_MARGIN)[: _LONGEST + 1]
        code, was_code = _code_after(line, code), code
        if code or was_code or not line.startswith("::"):
            continue
        opening = _OPENING.fullmatch(line.rstrip())
        if opening and _is_meant(opening):
            around.append(_Fence(number, len(opening["colons"])))
            fences[number] = around[-1]
        elif closing := _CLOSING.fullmatch(line):
            _close(around, number, len(closing[1]))
        elif around and (leaf := _LEAF.fullmatch(line)) and leaf["name"] == "tab":
            around[-1].tabs.append(number)
    return fences


def _close(around: list[_Fence], line: int, colons: int) -> None:
    while around and around[-1].colons < colons:
        around.pop().close = line
    if around and around[-1].colons == colons:
        around.pop().close = line


def _code_after(line: str, code: str) -> str:
    """The signs that end the code block in which what follows the line stands, or nothing."""
    found = _CODE.match(line)
    if found is None:
        return code
    if code:
        ends = found["fence"].startswith(code) and not found["info"].strip()
        return "" if ends else code
    return "" if found["fence"][0] == "`" and "`" in found["info"] else found["fence"]
