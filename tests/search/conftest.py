"""Documents of a small help centre, and somebody who looks for them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
from sqlalchemy.orm import Session

from portal.core.audience import Gate, Reader
from portal.foundation.runtime import Runtime
from portal.search.documents import Document, Found, Question
from portal.search.searching import index_of
from portal.search.service import find, put
from portal.search.service.following import follow

SPACE = UUID("7d1c1c52-7b5c-4a51-9a44-3a2f3c9a3b10")

Put = Callable[..., Document]
Look = Callable[..., Found]


def document(title: str, language: str = "en", **more: Any) -> Document:
    """Its slug is its title's first words; the same `group` is the same thing."""
    slug = more.pop("slug", "-".join(title.lower().split()[:6]))
    group = more.pop("group", slug)
    return Document(
        kind=more.pop("kind", "article"),
        object_id=uuid5(SPACE, slug + language),
        group_id=uuid5(SPACE, group),
        language=language,
        title=title,
        path=f"/kb/{language}/{slug}",
        slug=slug,
        gates=more.pop("gates", frozenset({Gate.PUBLIC})),
        **more,
    )


@pytest.fixture
def shelve(runtime: Runtime, session: Session, now: datetime) -> Put:
    """Puts a document, and lets the index take it."""

    def shelved(title: str, language: str = "en", **more: Any) -> Document:
        made = document(title, language, **more)
        put(session, made, at=now)
        session.commit()
        keep_up(runtime)
        return made

    return shelved


def keep_up(runtime: Runtime) -> None:
    index = index_of(runtime)
    if index is not None:
        follow(runtime.readers, index)


@pytest.fixture
def look(runtime: Runtime) -> Look:
    def looked(words: str, language: str = "en", **more: Any) -> Found:
        reader = more.pop("reader", Reader())
        with runtime.readers() as session:
            return find(session, Question(words, language, **more), reader)

    return looked


def titles(found: Found) -> Sequence[str]:
    return [hit.title for hit in found.hits]
