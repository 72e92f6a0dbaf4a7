"""What readers get of a note elsewhere than on its page: in the search, and its pictures."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.foundation.markup import plain
from portal.releases.addresses import note_path
from portal.releases.models import Release, ReleaseText, State
from portal.releases.queries import people
from portal.releases.queries.reading import named, texts
from portal.search import service as search
from portal.search.documents import Document
from portal.writing.service import pictures

KIND: Final = "release"
EVERYBODYS: Final = frozenset({Gate.PUBLIC, Gate.CUSTOMERS})


def tell(session: Session, note: Release, *, at: datetime) -> None:
    """As it stands: what is not published is found nowhere. Of what never was nothing is said, so
    that no index moves while something is being prepared."""
    if note.number is None:
        return
    words = texts(session, note.id).values()
    if note.state == State.PUBLISHED:
        _reveal(session, note, [text.body for text in words], at)
        for text in words:
            search.put(session, _document(note, text), at=at)
    else:
        for text in words:
            pictures.hide(session, text.body, at=at)
            search.remove(session, KIND, text.id, at=at)


def forget(session: Session, text: ReleaseText, *, at: datetime) -> None:
    """Words that are no more."""
    search.remove(session, KIND, text.id, at=at)


def _reveal(session: Session, note: Release, bodies: list[str], at: datetime) -> None:
    """Whatever any of those brought who write notes; whoever publishes stands for all of it."""
    brought = {note.created_by, *people.writers(session)} - {None}
    for body in bodies:
        if not pictures.keys_in(body):
            continue
        for author in brought:
            pictures.show(session, body, author_id=author, at=at)
        pictures.show_again(session, body)


def _document(note: Release, text: ReleaseText) -> Document:
    return Document(
        kind=KIND,
        object_id=text.id,
        group_id=note.id,
        language=text.language,
        title=named(note, text.title),
        path=note_path(note.number or 0, text.title),
        gates=EVERYBODYS,
        module=note.modules[0] if note.modules else "",
        version=note.version,
        summary=text.summary,
        body=plain(text.body),
    )
