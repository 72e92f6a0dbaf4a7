"""The last wall: whatever was written before, this alone leaves."""

import secrets
from functools import cache
from typing import TYPE_CHECKING, Final

from portal.kb.addresses import MARK

if TYPE_CHECKING:
    import nh3

OWN: Final = f"corbel{secrets.token_hex(8)}"
"""The scheme of our own addresses until the wall is behind them: nobody can have typed it."""

TAGS = frozenset(
    {
        *("p", "br", "hr", "wbr", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
        *("em", "strong", "s", "b", "i", "u", "del", "ins", "q", "cite", "small", "mark", "abbr"),
        *("kbd", "sub", "sup", "var", "samp", "dfn", "ul", "ol", "li", "dl", "dt", "dd", "a"),
        *("img", "figure", "figcaption", "span", "div", "section", "details", "summary"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    }
)
CALLOUTS = ("note", "tip", "info", "caution", "warning", "danger")
CLASSES: dict[str, frozenset[str]] = {
    "div": frozenset(
        {
            *("callout", "callout__body", "steps", "tabs", "code", "table-wrap"),
            *(f"callout--{kind}" for kind in CALLOUTS),
        }
    ),
    "p": frozenset({"callout__title", "tab__label", "code__title", "video", "lead-in"}),
    "section": frozenset({"tab", "footnotes"}),
    "figure": frozenset({"code", "figure"}),
    "span": frozenset({"broken-link", "task", "task--done"}),
    "li": frozenset({"task-item"}),
    "td": frozenset({"end", "centre"}),
    "th": frozenset({"end", "centre"}),
    "sup": frozenset({"noteref"}),
    "a": frozenset({"noteback"}),
}
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "title", "rel", "aria-label"}),
    "abbr": frozenset({"title"}),
    "details": frozenset({"open"}),
    "div": frozenset({"role", "aria-label", "tabindex"}),
    "img": frozenset({"src", "alt", "title", "width", "height", "loading", "decoding"}),
    "li": frozenset({"id"}),
    "ol": frozenset({"start"}),
    "p": frozenset({"data-video"}),
    "pre": frozenset({"tabindex", "data-language"}),
    "section": frozenset({"aria-label", "data-tab"}),
    "span": frozenset({"role", "aria-label"}),
    "sup": frozenset({"id"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    **{f"h{level}": frozenset({"id"}) for level in range(2, 7)},
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})


@cache
def _cleaner() -> "nh3.Cleaner":
    import nh3  # with the first article that is rendered: readers are shown what lies ready

    return nh3.Cleaner(
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        allowed_classes={tag: set(names) for tag, names in CLASSES.items()},
        url_schemes={*SCHEMES, OWN},
        link_rel=None,
    )


def sanitised(html: str) -> str:
    """With our own addresses behind their mark, which stands nowhere else in an attribute."""
    clean = _cleaner().clean(html)
    return clean.replace(f'="{MARK}', f'="{MARK[:-1]}&#58;').replace(f'="{OWN}:', f'="{MARK}')
