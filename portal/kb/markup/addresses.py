"""What an address in an article leads to: told from how it is written alone."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote
from uuid import UUID

from markdown_it.common.normalize_url import normalizeLink

from portal.kb.markup.shapes import Asked

_OUTSIDE = re.compile(r"(?i)(?:https?://|mailto:|tel:)[^\s\x00-\x20]+")
_LANGUAGE = r"(?:(?P<language>[a-z]{2,3}(?:-[A-Za-z]{2,4})?)/)?"
_SLUG = r"(?P<key>[\w-]{1,200})"
_OWN = {
    "file": re.compile(r"/kb/files/(?P<key>[0-9a-fA-F-]{36})(?:/[^/]{0,400})?"),
    "video": re.compile(rf"/kb/{_LANGUAGE}videos/{_SLUG}/?"),
    "category": re.compile(rf"/kb/{_LANGUAGE}in/(?P<key>[\w/-]{{1,200}}?)/?"),
    "article": re.compile(rf"(?:/kb/{_LANGUAGE})?{_SLUG}/?"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """`own` for what is ours, `href` ready to be written for what is outside; of an `anchor` kind
    only the anchor counts, a `refused` one leads nowhere."""

    kind: Literal["own", "outside", "anchor", "refused"]
    own: Asked | None = None
    anchor: str = ""
    href: str = ""


REFUSED = Address("refused")


def read(written: str) -> Address:
    written = written.strip()
    if written.startswith("//"):
        written = f"https:{written}"
    if _OUTSIDE.fullmatch(written):
        return _outside(written)
    path, _, anchor = written.partition("#")
    anchor = _decoded(anchor)
    if not path:
        return Address("anchor", anchor=anchor) if anchor else REFUSED
    own = _own(_decoded(path.partition("?")[0]))
    return Address("own", own=own, anchor=anchor) if own else REFUSED


def _outside(written: str) -> Address:
    try:
        return Address("outside", href=normalizeLink(written))
    except ValueError:  # a host that is none
        return REFUSED


def _decoded(part: str) -> str:
    return unquote(part, errors="replace")


def _own(path: str) -> Asked | None:
    for kind, pattern in _OWN.items():
        if found := pattern.fullmatch(path):
            return _asked(kind, found)
    return None


def _asked(kind: str, found: re.Match[str]) -> Asked | None:
    if kind == "file":
        try:
            return Asked("file", str(UUID(found["key"])))
        except ValueError:
            return None
    return Asked(kind, found["key"], found["language"] or "")  # type: ignore[arg-type]
