"""What the editors' pages say about rules that services decide."""

from collections.abc import Mapping
from typing import Any, Final

from portal.accounts.service import LOCALES
from portal.foundation.filenames import extension
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.storage import RefusedFile
from portal.foundation.web.formatting import filesize
from portal.kb.queries.listing import Order, State
from portal.kb.service.bulk import Deed
from portal.kb.service.checking import Finding
from portal.kb.service.drafting import (
    BODY_LONGEST,
    LABEL_LONGEST,
    MOST_LABELS,
    SUMMARY_LONGEST,
    TITLE_LONGEST,
    BadText,
)

LANGUAGE_NAMES: Final = {"en": "English", "es": "Español"}
"""In their own words."""

STATES: Final[Mapping[State, Any]] = {
    State.ALL: _l("All articles"),
    State.REVIEW: _l("Waiting for review"),
    State.DRAFTS: _l("Drafts"),
    State.PUBLISHED: _l("Published"),
    State.WITHDRAWN: _l("Taken away"),
    State.OUTDATED: _l("Outdated translations"),
    State.DUE: _l("To look at again"),
    State.BROKEN: _l("With broken links"),
}
NOTHING: Final[Mapping[State, Any]] = {
    State.ALL: _l("Write the first article: what people ask most often is a good beginning."),
    State.REVIEW: _l("What writers submit stands here until somebody publishes it."),
    State.DRAFTS: _l("Every article that somebody writes on has a draft until it is published."),
    State.PUBLISHED: _l("Publish a draft, and readers find it within seconds."),
    State.WITHDRAWN: _l("What you take away from readers stays here, with all its versions."),
    State.OUTDATED: _l("Every translation says what its original says."),
    State.DUE: _l("No article’s date to be looked at has come."),
    State.BROKEN: _l("Every link of every published article leads somewhere."),
}
ORDERS: Final[Mapping[Order, Any]] = {
    Order.NEWEST: _l("Latest work first"),
    Order.OLDEST: _l("Longest untouched first"),
    Order.REVIEW: _l("Soonest to be looked at again"),
    Order.TITLE: _l("By title"),
}
DEEDS: Final[Mapping[Deed, Any]] = {
    Deed.PUBLISH: _l("Publish"),
    Deed.UNPUBLISH: _l("Take away from readers"),
    Deed.CATEGORY: _l("Move to a category"),
    Deed.MODULE: _l("Set the module"),
    Deed.AUDIENCE: _l("Set who may read it"),
    Deed.ROLES: _l("Set for whom it is written"),
    Deed.VERSION: _l("Set the version of the platform"),
    Deed.REVIEW: _l("Set when to look at it again"),
    Deed.LABEL: _l("Add a label"),
}
WHY_NOT: Final[Mapping[str, Any]] = {
    "same": _l("It is so already"),
    "no_draft": _l("Nothing has been written to publish"),
    "no_title": _l("It has no title"),
    "not_published": _l("Readers don’t see it anyway"),
}
_FINDINGS: Final[Mapping[str, Any]] = {
    "no_title": _l("It has no title."),
    "no_summary": _l("It has no summary: lists and search results show its first words instead."),
    "no_text": _l("It has no text."),
    "slug_taken": _l("Its address belongs to another article; “%(what)s” is free."),
    "missing_translation": _l("It is not there in this language yet: %(what)s."),
    "names_platform": _l("It names “%(what)s”, and readers at portals must not meet the platform."),
    "missing_alt": _l("A picture has no words for people who can’t see it: %(what)s"),
    "too_many_pictures": _l("It has more than %(what)s pictures, and will be slow to load."),
    "broken_link": _l("A link leads nowhere: %(what)s"),
    "broken_anchor": _l("A link leads to a heading that isn’t there: %(what)s"),
    "unpublished_link": _l("A link leads to an article that readers can’t see: %(what)s"),
    "refused_link": _l("A link is left out, because it could do harm: %(what)s"),
    "missing_file": _l("A picture or file is missing: %(what)s"),
    "missing_video": _l("A video is missing: %(what)s"),
    "outside_picture": _l("A picture of another site is left out; upload it here: %(what)s"),
    "unknown_directive": _l("This is no block that we know, and is shown as text: %(what)s"),
    "as_typed": _l("The text is too long or too tangled, and is shown as it was typed."),
}
SERIOUS: Final = frozenset(_FINDINGS) - {"missing_translation", "no_summary"}
"""What somebody should have seen before it is published."""


def said(finding: Finding) -> str:
    what = LANGUAGE_NAMES.get(finding.what, finding.what)
    words = _FINDINGS.get(finding.kind)
    return str(words) % {"what": what[:120]} if words is not None else finding.kind


def language_name(code: str) -> str:
    return LANGUAGE_NAMES.get(code, code)


def languages() -> list[tuple[str, str]]:
    return [(code, language_name(code)) for code in LOCALES]


def bad_text(refused: BadText) -> dict[str, str]:
    """A sentence for each field."""
    return {name: _refusal(name, reason) for name, reason in refused.problems.items()}


def _refusal(name: str, reason: str) -> str:
    if reason == "empty":
        return str(_("Give it a title first."))
    if reason == "too_many":
        return str(_("%(most)s labels at most.", most=MOST_LABELS))
    most = {
        "title": TITLE_LONGEST,
        "summary": SUMMARY_LONGEST,
        "body": BODY_LONGEST,
        "labels": LABEL_LONGEST,
    }[name]
    if name == "body":
        return str(
            _(
                "The text is too long: %(most)s characters at most. Nothing was saved; what you "
                "wrote is still here. Split it into several articles.",
                most=f"{most:,}",
            )
        )
    return str(_("Keep it under %(most)s characters.", most=most))


def bad_file(refused: RefusedFile) -> str:
    name = refused.params["filename"]
    if refused.reason == "too_large":
        size = filesize(refused.params["limit_bytes"])
        return str(_("“%(name)s” is larger than %(size)s and was not kept.", name=name, size=size))
    if refused.reason == "empty":
        return str(_("“%(name)s” is empty and was not kept.", name=name))
    if refused.reason == "too_many_pixels":
        return str(_("“%(name)s” has too many pixels and was not kept.", name=name))
    if refused.reason == "not_an_image" and extension(name) in {".svg", ".svgz"}:
        return str(
            _(
                "“%(name)s” is a drawing that can run code. Save it as PNG, and choose that.",
                name=name,
            )
        )
    if refused.reason == "not_an_image":
        return str(_("“%(name)s” is no picture. Choose a PNG, JPEG, WebP or GIF.", name=name))
    return str(_("“%(name)s” is damaged and was not kept.", name=name))
