"""An item as programs are told of it: nothing that says when it was made or where it was before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.notifications.addresses import absolute
from portal.roadmap.addresses import inside_path, item_path
from portal.roadmap.queries.items import Card


def of_card(card: Card, language: str) -> dict[str, Any]:
    item, text = card.item, card.said(language)
    address = item_path(item.number, text.title) if item.number else inside_path(item.id)
    return {
        "number": item.number,
        "title": text.title,
        "description": text.description,
        "description_html": text.description_html,
        "language": text.language,
        "stage": item.stage,
        "quarter": item.quarter or None,
        "module": item.module,
        "vote_count": card.votes,
        "url": absolute(address),
        "release": _release(card, language),
        "published_at": item.published_at,
        "updated_at": item.updated_at,
    }


def _release(card: Card, language: str) -> dict[str, Any] | None:
    note = card.release
    if note is None:
        return None
    url = absolute(note.path(language))
    return {"version": note.version, "title": note.title(language), "url": url}


def latest(cards: Sequence[Card]) -> datetime | None:
    return max((card.item.updated_at for card in cards), default=None)
