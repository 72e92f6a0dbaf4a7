"""What the search is told of an idea."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.core.audience import Gate, Reader
from portal.core.permissions import Actor
from portal.foundation.markup import plain
from portal.ideas.addresses import idea_path
from portal.ideas.models import FeatureRequest
from portal.ideas.queries import reach
from portal.search import service as search
from portal.search.documents import Document, Question

KIND: Final = "idea"
EVERYBODYS: Final = frozenset({Gate.PUBLIC, Gate.CUSTOMERS})
INTERNAL: Final = frozenset({Gate.STAFF})
SIMILAR: Final = 5
ENOUGH: Final = 4  # characters that say something
LONGEST: Final = 400
LEAST_SCORE: Final = 0.2  # what fits less is another idea
_SIGNS: Final = re.compile(r"[\"“”«»]|(?<!\w)-")  # by which a search leaves out and insists


def tell(session: Session, idea: FeatureRequest, *, at: datetime) -> None:
    """Votes alone are not told: each would have every index read anew."""
    if idea.merged_into_id is not None:
        search.remove(session, KIND, idea.id, at=at)
    else:
        search.put(session, _document(idea), at=at)


def similar(
    session: Session, actor: Actor | None, reader: Reader, words: str, *, language: str
) -> Sequence[FeatureRequest]:
    """What others wished for in words like these, the likest first."""
    said = " ".join(_SIGNS.sub(" ", words[: 2 * LONGEST]).split())[:LONGEST]
    if len(said) < ENOUGH:
        return []
    question = Question(said, language, kinds=(KIND,), limit=SIMILAR)
    found = search.find(session, question, reader)
    keys = [hit.id for hit in found.hits if hit.score >= LEAST_SCORE]
    return reach.by_ids(session, actor, keys)


def _document(idea: FeatureRequest) -> Document:
    return Document(
        kind=KIND,
        object_id=idea.id,
        language=idea.language,
        title=idea.title,
        path=idea_path(idea.number),
        gates=INTERNAL if idea.is_internal else EVERYBODYS,
        module=idea.category,
        body=f"{plain(idea.description)}\n{plain(idea.use_case)}".strip(),
        weight=idea.vote_count,
    )
