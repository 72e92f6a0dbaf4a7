"""Answers that are there already: offered before a ticket is sent, and counted when one was enough.

For every place where somebody begins to ask: the form of members, that of visitors, the widget.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.audience import Reader
from portal.kb.service import feedback, readings
from portal.kb.service.feedback import Opinion
from portal.kb.service.reader import Whose
from portal.search import service as search
from portal.search.documents import Hit, Question

SURFACE: Final = "ticket_form"  # of readings and opinions
KINDS: Final = ("article", "video")
MOST: Final = 4
ENOUGH: Final = 8  # characters that say something
LEAST_SCORE: Final = 0.25  # what fits less is noise to somebody who has a problem
LONGEST: Final = 400
_SIGNS = re.compile(r"[\"“”«»]|(?<!\w)-")  # by which a search leaves out and insists


def suggested(
    session: Session, reader: Reader, words: str, *, language: str, module: str = "", role: str = ""
) -> Sequence[Hit]:
    """For what was written so far, best first: what the reader may read and nothing else."""
    said = " ".join(_SIGNS.sub(" ", words[: 2 * LONGEST]).split())[:LONGEST]
    if len(said) < ENOUGH:
        return []
    question = Question(said, language, kinds=KINDS, module=module, role=role, limit=MOST)
    found = search.find(session, question, reader)
    return [hit for hit in found.hits if hit.score >= LEAST_SCORE]


def solved(session: Session, article: Any, whose: Whose, *, at: datetime) -> None:
    """It was enough: nothing is filed. `article` is a row of `kb.queries.reading`."""
    readings.note(session, article.id, whose, at=at)
    said = feedback.give(session, article.id, article.number, Opinion(helpful=True), whose, at=at)
    said.surface = SURFACE  # wherever they had said something of it before


def not_solved(session: Session, article_id: UUID, whose: Whose) -> None:
    """After all: as if nothing had been said."""
    feedback.take_back(session, article_id, whose)
