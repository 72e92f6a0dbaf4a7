"""One at a time: whoever counts, moves or merges an idea holds its row until the commit."""

from sqlalchemy.orm import Session

from portal.ideas.models import FeatureRequest

HELD = {"of": FeatureRequest, "key_share": True}  # votes may point at it meanwhile


def hold(session: Session, *ideas: FeatureRequest) -> None:
    """As they stand now; in the same order by everybody, so that no two wait for each other."""
    session.flush()
    for idea in sorted(ideas, key=lambda one: one.id):
        session.refresh(idea, with_for_update=HELD)
