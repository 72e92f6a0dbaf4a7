"""The support model of a builder's own desk: the same engine, with the builder's hours and targets.

A model is made from the builder's rules and kept as a version like any other, so that a ticket is
judged by what its client was promised, whatever the builder changes later.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from portal.core.permissions import Role
from portal.policy.documents import Document, read_document
from portal.policy.loader import build_pack
from portal.policy.pack import Pack

BASE: Final = Path(__file__).parent / "desks" / "builder.toml"
KEY: Final = "builder-desk"
PLATFORM_ISSUE: Final = "site-issue"
KEPT: Final = 64  # models that the process keeps: a quarter of a megabyte each

_NOT_ASKED_BY: Final = {
    Role.CLIENT: frozenset({"order"}),
    Role.VENDOR: frozenset({"defect", "change"}),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """When a desk is there (`weekly`: as a pack says it, `{"mon-fri": "08:00-17:00"}`) and how soon
    it answers and settles, as a pack says it ("4h", "2 business days"); empty: no promise."""

    zone: str = "UTC"
    weekly: tuple[tuple[str, str], ...] = (("mon-fri", "08:00-17:00"),)
    holidays: str = ""
    urgent: str = "4h"
    normal: str = "2 business days"
    settle_urgent: str = ""
    settle_normal: str = ""


@lru_cache(KEPT)
def model_of(terms: Terms) -> Pack:
    """Raises InvalidPack for hours or targets that are none."""
    document = _base() | {"targets": [_target("urgent", terms), _target("", terms)]}
    document["pack"] = document["pack"] | {"zone": terms.zone}
    office: Document = {"name": document["calendars"]["office"]["name"]}
    office["weekly"] = dict(terms.weekly)
    if terms.holidays:
        office["holidays"] = terms.holidays
    document["calendars"] = {"office": office}
    return build_pack(document, f"{KEY}.toml")


def _target(severity: str, terms: Terms) -> dict[str, Any]:
    respond, resolve = (
        (terms.urgent, terms.settle_urgent) if severity else (terms.normal, terms.settle_normal)
    )
    said = {"severity": severity, "respond": respond or "best effort", "resolve": resolve}
    if respond or resolve:
        said["hours"] = "office"
    return {key: value for key, value in said.items() if value}


@lru_cache(1)
def _base() -> Document:
    return read_document(BASE)


def as_asked_by(pack: Pack, role: Role) -> Pack:
    """What a client or a vendor may choose from: the rest is none of their business."""
    left_out = _NOT_ASKED_BY.get(role, frozenset())
    categories = {key: one for key, one in pack.categories.items() if key not in left_out}
    return replace(pack, categories=categories)
