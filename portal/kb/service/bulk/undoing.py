"""What was done to many articles, undone: where nobody has gone on since."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission
from portal.kb.models import Article, Draft
from portal.kb.queries import bulk as lookups
from portal.kb.queries import editing as queries
from portal.kb.service import placing
from portal.kb.service.bulk.deeds import ACT, COLUMN, CannotUndo, Deed, read
from portal.kb.service.bulk.doing import relabel
from portal.kb.service.drafting import UNSAVED, Text, revise, save, text_of
from portal.kb.service.placing import Place, place_of
from portal.kb.service.publishing import publish, republish, restore, unpublish

Back = Callable[[Session, Mapping[str, Any], Deed, Actor, datetime], bool]


def undo(session: Session, entry_id: UUID, *, by: Actor, at: datetime) -> int:
    """How many are as they were. Raises CannotUndo."""
    by.require(Permission.PUBLISH_ARTICLES)
    entry = lookups.deed(session, entry_id, ACT, by)
    if entry is None:
        raise CannotUndo
    deed = Deed(entry.facts["deed"])
    back = _BACK.get(deed, _place_back)
    count = sum(back(session, one, deed, by, at) for one in entry.facts["former"])
    audit.record(session, "article.undone_many", by=by, at=at, about=str(deed), count=count)
    session.flush()
    return count


def _draw_back(
    session: Session, one: Mapping[str, Any], _deed: Deed, by: Actor, at: datetime
) -> bool:
    """Readers see what they saw before, or nothing; what was published is a draft again."""
    article = queries.article(session, UUID(one["article"]))
    if article is None or not _is_untouched(session, article, one):
        return False
    if "draft" in one:
        shown = text_of(article)
        if one["was_published"]:
            former = restore(session, article, one["number"], UNSAVED, by=by, at=at)
            publish(session, former, by=by, at=at)
        _redraft(session, article, shown, one["draft"], by=by, at=at)
    if not one["was_published"]:
        unpublish(session, article, by=by, at=at)
    return True


def _is_untouched(session: Session, article: Article, one: Mapping[str, Any]) -> bool:
    published = one["number"] + ("draft" in one)
    is_shown = article.is_published and article.number == published
    return is_shown and queries.draft_of(session, article.id) is None


def _redraft(
    session: Session,
    article: Article,
    text: Text,
    former: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> Draft:
    """It waits for review again where it did."""
    draft = revise(session, article, by=by, at=at)
    save(session, draft, text, draft.lock, by=by, at=at)
    draft.state, draft.note = former["state"], former["note"]
    if former["author"]:
        draft.submitted_by, draft.submitted_at = UUID(former["author"]), at
    session.flush()
    return draft


def _show_again(
    session: Session, one: Mapping[str, Any], _deed: Deed, by: Actor, at: datetime
) -> bool:
    article = queries.article(session, UUID(one["article"]))
    if article is None or article.is_published:
        return False
    republish(session, article, by=by, at=at)
    return True


def _unlabel(
    session: Session, one: Mapping[str, Any], _deed: Deed, by: Actor, at: datetime
) -> bool:
    """A draft that was begun for the label alone is gone with it."""
    article, label = queries.article(session, UUID(one["article"])), one["value"]
    if article is None:
        return False
    draft = queries.draft_of(session, article.id)
    if label not in (draft or article).labels:
        return False

    def without(labels: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each for each in labels if each != label)

    relabel(session, article, without, label, by=by, at=at)
    if draft is not None and article.number and text_of(draft) == text_of(article):
        session.delete(draft)
        session.flush()
    return True


def _place_back(
    session: Session, one: Mapping[str, Any], deed: Deed, by: Actor, at: datetime
) -> bool:
    topic = queries.topic(session, UUID(one["topic"]))
    if topic is None:
        return False
    new: Place = replace(place_of(topic), **{COLUMN[deed]: read(deed, one["value"])})
    return bool(placing.place(session, topic, new, topic.version, by=by, at=at))


_BACK: Final[Mapping[Deed, Back]] = {
    Deed.PUBLISH: _draw_back,
    Deed.UNPUBLISH: _show_again,
    Deed.LABEL: _unlabel,
}
