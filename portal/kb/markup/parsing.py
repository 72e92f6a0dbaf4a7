"""The dialect's grammar, and how much of it is read at all."""

from functools import cache

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from portal.kb.markup.directives import add_directives

LONGEST = 400_000  # characters; the longest reference pages of real help centres have half of it
MOST_LINES = 20_000
MOST_BRACKETS = 10_000
MOST_SIGNS = 25_000  # that may mean something in Markdown
LONGEST_RUN = 20_000  # characters of one paragraph, in which every sign may pair with every other
MOST_RUN_SIGNS = 2_500
DEEPEST = 60
_ONLY_WITH_SCHEME = {"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False}
_SIGNS = "*_~`|<&\\!"


class Knotty(Exception):
    """The text is to be shown as it was typed."""


class _Markdown(MarkdownIt):
    """Takes every address as it was written: `addresses` judges them."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 (its name in the library)
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url


class _Addresses(LinkifyIt):  # type: ignore[misc]
    """Its own look at whether there may be one takes longer than all else with most paragraphs."""

    def pretest(self, text: str) -> bool:
        return ("://" in text or "mailto:" in text.lower()) and bool(super().pretest(text))


@cache
def _markdown() -> MarkdownIt:
    reader = _Markdown("commonmark", {"html": True, "linkify": True, "maxNesting": DEEPEST})
    reader.enable(["table", "strikethrough", "linkify"])
    reader.use(footnote_plugin, inline=False).use(deflist_plugin).use(add_directives)
    reader.core.ruler.after("block", "refuse_knots", _refuse_knots)
    reader.linkify = _Addresses({"//": None, "ftp:": None}, _ONLY_WITH_SCHEME)
    return reader


def clean(text: str) -> str:
    """Valid Unicode without NUL, with one kind of line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8")


def _refuse_knots(state: StateCore) -> None:
    """Before signs are paired: what is code has none."""
    runs = [token.content for token in state.tokens if token.type == "inline"]
    if sum(run.count("[") for run in runs) > MOST_BRACKETS or sum(map(_signs, runs)) > MOST_SIGNS:
        raise Knotty
    if any(_is_knotty(run) for run in runs if len(run) > LONGEST_RUN):
        raise Knotty


def _signs(text: str) -> int:
    return sum(map(text.count, _SIGNS))


def _is_knotty(run: str) -> bool:
    return _signs(run) + run.count("[") > MOST_RUN_SIGNS


def parsed(text: str) -> list[Token]:
    """Raises Knotty for what a parser would spend seconds on, or leave out: nobody writes that."""
    if len(text) > LONGEST or text.count("\n") >= MOST_LINES:
        raise Knotty
    tokens = _markdown().parse(text, {})
    if any(token.level >= DEEPEST - 1 for token in tokens):
        raise Knotty
    return tokens
