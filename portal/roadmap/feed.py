"""What became of the roadmap, for feed readers: built, never pasted together."""

from collections.abc import Sequence
from email.utils import format_datetime
from hashlib import sha256
from typing import Final
from uuid import UUID
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from portal.foundation.speech import gettext as _
from portal.notifications.addresses import absolute
from portal.roadmap.addresses import ROADMAP, RSS, item_path
from portal.roadmap.models import RoadmapChange
from portal.roadmap.queries.items import Card
from portal.roadmap.wording import STAGES, quarter_name

MOST: Final = 50
ATOM: Final = "http://www.w3.org/2005/Atom"
ElementTree.register_namespace("atom", ATOM)


def rss(
    cards: Sequence[Card], changes: Sequence[RoadmapChange], language: str, asked: str
) -> bytes:
    """`changes` are those of the cards, the newest first; `asked` is the query of its address."""
    known, shown = {card.item.id: card for card in cards}, changes[:MOST]
    root = Element("rss", {"version": "2.0"})
    channel = SubElement(root, "channel")
    _add(channel, "title", _("Roadmap"))
    _add(channel, "link", absolute(ROADMAP))
    _add(channel, "description", _("What is planned, being built and there to use."))
    _add(channel, "language", language)
    here = absolute(RSS) + (f"?{asked}" if asked else "")
    SubElement(
        channel, f"{{{ATOM}}}link", {"href": here, "rel": "self", "type": "application/rss+xml"}
    )
    if shown:
        _add(channel, "lastBuildDate", format_datetime(shown[0].at))
    for change in shown:
        _entry(channel, known[change.item_id], change, language)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(channel: Element, card: Card, change: RoadmapChange, language: str) -> None:
    text, entry = card.said(language), SubElement(channel, "item")
    title = _(
        "%(stage)s, %(quarter)s: %(title)s",
        stage=STAGES[change.to_stage],
        quarter=quarter_name(change.quarter),
        title=text.title,
    )
    _add(entry, "title", title)
    _add(entry, "link", absolute(item_path(card.item.number or 0, text.title)))
    _add(entry, "guid", _guid(change.id), isPermaLink="false")
    _add(entry, "pubDate", format_datetime(change.at))
    _add(entry, "description", text.description_html)
    if card.item.module:
        _add(entry, "category", card.item.module)


def _guid(key: UUID) -> str:
    """The key itself would tell when the row was written."""
    return sha256(key.bytes).hexdigest()[:32]


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text
