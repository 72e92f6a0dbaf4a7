"""What the pages of ideas and of what is new are told of the roadmap."""

from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.ideas.plans import Place
from portal.roadmap.addresses import inside_path, item_path
from portal.roadmap.queries import ideas, items, reach
from portal.roadmap.wording import STAGES, quarter_name


def of_idea(session: Session, idea: UUID, looks: Actor | None, language: str) -> list[Place]:
    found = ideas.answering(session, idea, inside=reach.sees_plans(looks))
    return [_place(one, language) for one in found]


def of_release(
    session: Session, looks: Actor | None, release: UUID, language: str
) -> list[tuple[str, str]]:
    """Title and path of what shipped with it, the same to everybody."""
    found = items.shipped_with(session, release)
    texts = items.texts(session, [item.id for item in found]) if found else {}
    titled = [(item.number or 0, items.said(texts[item.id], language).title) for item in found]
    return [(title, item_path(number, title)) for number, title in titled]


def _place(found: ideas.Answering, language: str) -> Place:
    item, title = found.item, items.said(found.texts, language).title
    is_public = not item.is_internal and item.number is not None
    path = item_path(item.number or 0, title) if is_public else inside_path(item.id)
    beside = f"{STAGES[item.stage]} · {quarter_name(item.quarter)}"
    return Place(title, path, beside, item.is_internal)
