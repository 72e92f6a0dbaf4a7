"""One at a time: whoever changes a note's words or state holds its row until the commit."""

from typing import Final

from sqlalchemy.orm import Session

from portal.releases.models import Release

_HELD: Final = {"of": Release, "key_share": True}  # what ships with it may point at it meanwhile


def hold(session: Session, note: Release) -> None:
    """As it stands now."""
    session.flush()
    session.refresh(note, with_for_update=_HELD)
