"""What a text becomes: HTML whose links lead where things are now."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.service import LOCALES
from portal.kb.addresses import article_path, category_path, file_path, video_path
from portal.kb.markup import Asked, Links, Rendered, Target, render, render_all
from portal.kb.queries import targets as queries

__all__ = ["Rendered", "all_rendered", "links_in", "rendered"]

TOGETHER: Final = 5000  # values of one question: databases take some ten thousand


def rendered(session: Session, body: str, language: str) -> Rendered:
    return render(body, language=language, links=links_in(session, language))


def all_rendered(session: Session, bodies: Sequence[str], language: str) -> list[Rendered]:
    """Each; what they point at is looked up together."""
    return render_all(bodies, language=language, links=links_in(session, language))


def links_in(session: Session, language: str) -> Links:
    """For texts of a language. An address that names one stays there; any other leads to the
    language of the text, where there is such an article."""

    def find(asked: Collection[Asked]) -> Mapping[Asked, Target]:
        of_kind = {kind: [one for one in asked if one.kind == kind] for kind in _FINDERS}
        return {
            one: target
            for kind, ours in of_kind.items()
            for first in range(0, len(ours), TOGETHER)
            for one, target in _FINDERS[kind](session, ours[first : first + TOGETHER], language)
        }

    return find


Found = Iterator[tuple[Asked, Target]]


def _articles(session: Session, asked: Sequence[Asked], language: str) -> Found:
    known = queries.articles_at(session, {one.key for one in asked})
    topics = {article.topic_id for articles in known.values() for article in articles}
    own = queries.articles_in(session, topics, language)
    for one in asked:
        found = _first(known.get(one.key, ()), one, language)
        if found is not None:
            article = found if one.language else own.get(found.topic_id, found)
            path = article_path(article.language, article.slug)
            yield one, Target(path, article.topic_id, article.title)


def _first(articles: Sequence[queries.Place], asked: Asked, language: str) -> queries.Place | None:
    """What has the address now goes before what had it once."""
    spoken = [asked.language] if asked.language else [language, *LOCALES]
    fitting = [article for article in articles if article.language in spoken]
    return min(
        fitting,
        key=lambda one: (spoken.index(one.language), one.slug != asked.key, one.id),
        default=None,
    )


def _categories(session: Session, asked: Sequence[Asked], language: str) -> Found:
    known = queries.categories_of(session, {one.key for one in asked})
    for one in asked:
        if one.key in known:
            title = known[one.key].get(language, "")
            yield one, Target(category_path(one.language or language, one.key), title=title)


def _files(session: Session, asked: Sequence[Asked], _language: str) -> Found:
    known = queries.files_of(session, {UUID(one.key) for one in asked})
    for one in asked:
        file = known.get(UUID(one.key))
        if file is not None:
            path = file_path(file.id, file.filename)
            yield one, Target(path, title=file.filename, width=file.width, height=file.height)


def _videos(session: Session, asked: Sequence[Asked], language: str) -> Found:
    known = queries.videos_of(session, {one.key for one in asked}, language)
    for one in asked:
        if one.key in known:
            path = video_path(one.language or language, one.key)
            yield one, Target(path, title=known[one.key])


_FINDERS = {
    "article": _articles,
    "category": _categories,
    "file": _files,
    "video": _videos,
}
