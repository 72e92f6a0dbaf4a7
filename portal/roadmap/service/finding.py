"""What the search is told of an item: what is public, and of the rest nothing at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.accounts.service import LOCALES
from portal.core.audience import Gate
from portal.foundation.markup import plain
from portal.roadmap.addresses import item_path
from portal.roadmap.models import RoadmapItem, RoadmapText
from portal.search import service as search
from portal.search.documents import Document

KIND: Final = "roadmap"
EVERYBODYS: Final = frozenset({Gate.PUBLIC, Gate.CUSTOMERS})


def tell(
    session: Session, item: RoadmapItem, texts: Mapping[str, RoadmapText], *, at: datetime
) -> None:
    """Each language by the key of its text; one that went is forgotten by `forget`."""
    for text in texts.values():
        search.put(session, _document(item, text), at=at)


def forget(session: Session, texts: Mapping[str, RoadmapText], *, at: datetime) -> None:
    for text in texts.values():
        search.remove(session, KIND, text.id, at=at)


def _document(item: RoadmapItem, text: RoadmapText) -> Document:
    number = item.number or 0
    return Document(
        kind=KIND,
        object_id=text.id,
        language=text.language if text.language in LOCALES else LOCALES[0],
        title=text.title,
        path=item_path(number, text.title),
        gates=EVERYBODYS,
        group_id=item.id,
        module=item.module,
        body=plain(text.description),
    )
