"""What readers see: a draft becomes it, keeps its former address, and can be taken away."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission, Role
from portal.foundation import outbox
from portal.foundation.collisions import TAKEN, refusing
from portal.kb.happenings import PUBLISHED, UNPUBLISHED
from portal.kb.markup import Rendered
from portal.kb.models import Article, ArticleLink, ArticleVersion, Draft, FileUse, Redirect
from portal.kb.queries import editing as queries
from portal.kb.service import finding
from portal.kb.service.drafting import (
    BadText,
    Conflict,
    SlugTaken,
    free_slug,
    refuse_taken,
    revise,
    save,
    text_of,
    write_into,
)
from portal.kb.service.rendering import rendered

TARGET_LONGEST: Final = 500
ANCHOR_LONGEST: Final = 200


class NoSuchVersion(LookupError):
    pass


def _unheard(article: Article, made: Rendered) -> None:
    """Editors have seen before what the renderer has to say."""


def publish(
    session: Session,
    draft: Draft,
    *,
    by: Actor,
    at: datetime,
    note: str | None = None,
    told: Callable[[Article, Rendered], None] = _unheard,
) -> Article:
    """The draft becomes the next version and is gone; `note` says what changed (default: what
    was said when it was submitted), `told` is given what it became. Raises BadText for what has no
    title, and SlugTaken."""
    by.require(Permission.PUBLISH_ARTICLES)
    if not draft.title:
        raise BadText({"title": "empty"})
    article = _loaded(session, draft.article_id)
    refuse_taken(session, article.language, draft.slug, but=article.id)
    was_public, former = article.is_published, article.slug
    said = draft.note if note is None else note
    moved = _take_over(session, article, draft, at=at)
    made = _render(session, article)
    told(article, made)
    session.add(version_of(article, said, draft.restored, by=by, at=at))
    session.delete(draft)
    finding.tell(session, article, made, at=at)
    tell_published(session, article, at=at, elsewhere=moved or not was_public)
    before = {"before": former} if moved else {}
    _note(session, PUBLISHED, article, by=by, at=at, **before)
    session.flush()
    return article


def unpublish(session: Session, article: Article, *, by: Actor, at: datetime) -> Article:
    """Readers no longer find it; all of it stays with the editors."""
    by.require(Permission.PUBLISH_ARTICLES)
    article = _loaded(session, article.id)
    if not article.is_published:
        return article
    article.is_published = False
    article.updated_at = article.worked_at = at
    finding.forget(session, article, at=at)
    outbox.record(session, UNPUBLISHED, at=at, builder_id=None, article_id=str(article.id))
    _note(session, UNPUBLISHED, article, by=by, at=at)
    session.flush()
    return article


def republish(session: Session, article: Article, *, by: Actor, at: datetime) -> Article:
    """What was taken away is back as it was, whatever has been drafted since."""
    by.require(Permission.PUBLISH_ARTICLES)
    article = _loaded(session, article.id)
    if article.is_published or not article.number:
        return article
    article.is_published = True
    article.updated_at = article.worked_at = at
    finding.tell(session, article, _render(session, article), at=at)
    tell_published(session, article, at=at, elsewhere=True)
    _note(session, PUBLISHED, article, by=by, at=at)
    session.flush()
    return article


def restore(
    session: Session, article: Article, number: int, lock: int, *, by: Actor, at: datetime
) -> Draft:
    """A former version becomes the draft, instead of what stood there under this lock. Raises
    NoSuchVersion and Conflict."""
    kept = queries.version(session, article.id, number)
    if kept is None:
        raise NoSuchVersion(number)
    draft = queries.draft_of(session, article.id)
    if lock != (draft.lock if draft else 0):
        raise Conflict(draft)
    draft = draft or revise(session, article, by=by, at=at)
    draft = save(session, draft, text_of(kept), draft.lock, by=by, at=at)
    draft.restored = number
    _note(session, "article.restored", article, by=by, at=at, restored=number)
    session.flush()
    return draft


def refresh(session: Session, article: Article, *, at: datetime) -> None:
    """Render anew what is published: links lead to where others are now."""
    finding.tell(session, article, _render(session, article), at=at)


def tell_published(session: Session, article: Article, *, at: datetime, elsewhere: bool) -> None:
    """`elsewhere`: it is found where it was not before, so that links to it change."""
    outbox.record(
        session,
        PUBLISHED,
        at=at,
        builder_id=None,
        article_id=str(article.id),
        number=article.number,
        elsewhere=elsewhere,
    )


def _note(
    session: Session, act: str, article: Article, *, by: Actor, at: datetime, **facts: Any
) -> None:
    """What the system does of itself, as an import of thousands, is no deed of a person."""
    if by.role is not Role.SYSTEM:
        audit.record(
            session,
            act,
            by=by,
            at=at,
            about=article.title,
            language=article.language,
            version=article.number,
            **facts,
        )


def _loaded(session: Session, article_id: UUID) -> Article:
    found = queries.article(session, article_id)
    assert found is not None  # noqa: S101  somebody has just read it
    return found


def _take_over(session: Session, article: Article, draft: Draft, *, at: datetime) -> bool:
    """Whether readers who know the former address are led on."""
    former = article.slug
    moved = article.number > 0 and former != draft.slug
    own = queries.redirect(session, article.language, draft.slug)
    if own is not None:
        session.delete(own)
        session.flush()
    free = free_slug(session, article.language, draft.slug, but=article.id)
    with refusing(session, SlugTaken(draft.slug, free), TAKEN):
        write_into(article, text_of(draft))
        article.number += 1
        article.is_published = True
        article.translated_from = draft.translated_from
        article.published_at = article.published_at or at
        article.updated_at = article.worked_at = at
    if moved:
        session.add(
            Redirect(language=article.language, slug=former, article_id=article.id, created_at=at)
        )
    session.flush()
    return moved


def version_of(
    article: Article, note: str, restored: int | None, *, by: Actor, at: datetime
) -> ArticleVersion:
    version = ArticleVersion(
        article_id=article.id,
        number=article.number,
        platform_version=article.topic.platform_version,
        translated_from=article.translated_from,
        restored=restored,
        note=note[:500],
        by_id=by.user_id,
        by_name=by.name,
        at=at,
    )
    write_into(version, text_of(article))
    return version


def _render(session: Session, article: Article) -> Rendered:
    made = rendered(session, article.body, article.language)
    article.body_html, article.outline = made.html, list(made.outline)
    _note_links(session, article, made)
    _note_files(session, article, made.files)
    session.flush()
    return made


def _note_links(session: Session, article: Article, made: Rendered) -> None:
    session.execute(
        delete(ArticleLink)
        .where(ArticleLink.article_id == article.id)
        .execution_options(synchronize_session=False)
    )
    session.add_all(links_of(article, made))


def links_of(article: Article, made: Rendered) -> list[ArticleLink]:
    links = {link.target[:TARGET_LONGEST]: link for link in made.links}
    return [
        ArticleLink(
            article_id=article.id,
            target=target,
            topic_id=link.topic_id,
            anchor=link.anchor[:ANCHOR_LONGEST],
        )
        for target, link in links.items()
    ]


def _note_files(session: Session, article: Article, files: Iterable[UUID]) -> None:
    shown = queries.files_known(session, list(dict.fromkeys(files)))
    for use in queries.uses_of(session, article.id):
        if use.file_id not in shown:
            session.delete(use)
        shown.discard(use.file_id)
    session.add_all(FileUse(file_id=file_id, article_id=article.id) for file_id in shown)
