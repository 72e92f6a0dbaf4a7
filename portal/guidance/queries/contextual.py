"""What belongs to a screen of the host app, for whoever presses "?" on it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, bindparam, or_, select, union_all
from sqlalchemy.orm import Session

from portal.core.audience import Audience, Reader, gates
from portal.core.languages import nearest, said
from portal.core.page_keys import read
from portal.core.versions import holds_for
from portal.foundation.remembered import Remembered
from portal.guidance import ranking
from portal.guidance.queries.kept import Kept, KeptScreen, KeptTerm, KeptTour, Marks, kept, marks
from portal.guidance.queries.orientations import edition_dismissed
from portal.guidance.ranking import Candidate, ranked, worth
from portal.kb.addresses import article_path, video_path
from portal.kb.models import Article, Topic, Video, VideoText
from portal.kb.queries.gates import readable

MOST_ARTICLES: Final = 8
MOST_VIDEOS: Final = 4
MOST_TERMS: Final = 40
NOBODYS: Final = UUID(int=0)
FRESH: Final = timedelta(minutes=5)  # so long others' reading does not change the order


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage:
    """`path` is within the site. `language` is not always the wanted one."""

    id: UUID
    language: str
    slug: str
    title: str
    path: str
    is_pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpArticle(HelpPage):
    topic_id: UUID
    summary: str
    module: str
    version: str
    fits_version: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpVideo(HelpPage):
    provider: str
    seconds: int


@dataclass(frozen=True, slots=True)
class HelpTerm:
    """`article` explains more, where there is one and the reader may read it."""

    key: str
    language: str
    term: str
    definition: str
    usage: str
    article: HelpArticle | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """`target` is the key of a field (`data-help`), "" for none."""

    target: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class HelpTour:
    id: UUID
    edition: int
    language: str
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Context:
    """`page_key` is empty where no rule knows the address, `path` its normal form."""

    page_key: str
    module: str
    path: str
    title: str = ""
    articles: Sequence[HelpArticle] = ()
    videos: Sequence[HelpVideo] = ()
    terms: Sequence[HelpTerm] = ()
    orientation: HelpTour | None = None

    @property
    def shown(self) -> int:
        """How much there is for this screen; what is for any screen does not count."""
        if not self.module:
            found: list[HelpArticle | HelpVideo] = [*self.articles, *self.videos]
            return sum(one.is_pinned for one in found)
        return len(self.articles) + len(self.videos) + len(self.terms)


@dataclass(frozen=True, slots=True)
class Asking:
    """For whom, and how. `role` and `version` move what fits them up; gates are the reader's."""

    reader: Reader
    language: str
    role: str = ""
    version: str = ""


def help_for(
    session: Session,
    reader: Reader,
    where: str,
    *,
    language: str,
    role: str = "",
    version: str = "",
    user_id: UUID | None = None,
    at: datetime,
) -> Context:
    """`where` is an address as the browser shows it, or a page key. Of an address that no rule
    knows, what is about no module in particular. Where somebody like the reader asked since
    anything was published, two questions: whether it was, and whether that is still open; one more
    for somebody known where there are first steps."""
    asking = Asking(reader, language, role, version)
    known = marks(session)
    ours = kept(session, known, at=at)
    screen = _screen(ours, where)
    found = _there(session, known, ours, screen, asking, at)
    return Context(
        page_key=screen.page_key,
        module=screen.module,
        path="" if where in ours.screens else read(where).normal,
        title=said(screen.titles, language) or "",
        articles=found.articles,
        videos=found.videos,
        terms=found.terms,
        orientation=_tour(session, ours.tours.get(screen.module), language, user_id),
    )


def explained(
    session: Session, reader: Reader, keys: Collection[str], *, language: str, at: datetime
) -> list[HelpTerm]:
    """The terms of these keys that there are."""
    ours = kept(session, marks(session), at=at)
    terms = [ours.terms[key] for key in dict.fromkeys(keys) if key in ours.terms]
    found = _articles(session, Asking(reader, language), _topics_of(terms))
    return [term for one in terms if (term := _term(one, found, language))]


_NOWHERE: Final = KeptScreen("", "", {}, (), ())


def _screen(ours: Kept, where: str) -> KeptScreen:
    named = ours.screens.get(where)
    if named is not None:
        return named
    rule = ours.rules.page_of(where)
    return ours.screens[rule.page_key] if rule is not None else _NOWHERE


def _topics_of(terms: Sequence[KeptTerm]) -> list[UUID]:
    return [one.topic_id for one in terms if one.topic_id is not None]


_CANDIDATES: Final = (
    select(
        *(Topic.id, Topic.audience, Topic.role_tags, Topic.platform_version, Topic.position),
        Article.language,
        *(Article.view_count, Article.helpful_count, Article.not_helpful_count),
    )
    .join(Article, Article.topic_id == Topic.id)
    .where(Topic.module_tag == bindparam("module"), Article.is_published)
)


@dataclass(frozen=True, slots=True)
class _There:
    """What there is on a screen for whoever may read the same."""

    articles: Sequence[HelpArticle]
    videos: Sequence[HelpVideo]
    terms: Sequence[HelpTerm]


_Key = tuple[Marks, str, str, ranking.Wanted]
_of_module: Remembered[tuple[Marks, str], Sequence[Candidate]] = Remembered(FRESH, most=100)
_order_of: Remembered[tuple[Marks, str, ranking.Wanted], Sequence[UUID]] = Remembered(FRESH)
_of_screen: Remembered[_Key, _There] = Remembered(FRESH)


def _there(
    session: Session, known: Marks, ours: Kept, screen: KeptScreen, asking: Asking, at: datetime
) -> _There:
    """Kept until something is published, withdrawn or opened to others."""
    wanted = ranking.Wanted(asking.reader.keys, asking.language, asking.role, asking.version)

    def worked_out() -> _There:
        terms = ours.terms_of.get(screen.module, ())[:MOST_TERMS] if screen.module else ()
        order = _order(session, known, screen.module, wanted, at)
        found = _articles(session, asking, [*screen.topics, *order, *_topics_of(terms)])
        return _There(
            articles=_in_order(screen.topics, order, found),
            videos=_videos(session, asking, screen),
            terms=[term for one in terms if (term := _term(one, found, asking.language))],
        )

    if known.published is None:
        return worked_out()
    key = known, screen.page_key, screen.module, wanted
    found = _of_screen.get(key, worked_out, at=at)
    return found if _all_open(session, asking.reader, found) else worked_out()


def _all_open(session: Session, reader: Reader, found: _There) -> bool:
    """Asked anew each time: what is closed is gone at once, whoever was told of it."""
    articles = {one.id for one in found.articles}
    articles |= {term.article.id for term in found.terms if term.article}
    videos = {one.id for one in found.videos}
    if not articles and not videos:
        return True
    # databases make a table of what is in an empty list
    values = {"articles": list(articles) or [NOBODYS], "videos": list(videos) or [NOBODYS]}
    rows = session.connection().execute(_still_open(reader), values)
    return articles | videos == {id_ for (id_,) in rows}


@cache
def _still_open(reader: Reader) -> CompoundSelect[UUID]:
    return union_all(
        select(Article.id)
        .join(Topic, Topic.id == Article.topic_id)
        .where(
            Article.id.in_(bindparam("articles", expanding=True)),
            Article.is_published,
            readable(Topic, reader),
        ),
        select(Video.id).where(
            Video.id.in_(bindparam("videos", expanding=True)),
            Video.is_published,
            readable(Video, reader),
        ),
    )


def _order(
    session: Session, known: Marks, module: str, wanted: ranking.Wanted, at: datetime
) -> Sequence[UUID]:
    """The same for all screens of a module, which thousands of articles may be about."""

    def judged() -> Sequence[UUID]:
        return ranked(_all_of_module(session, known, module, at), wanted, MOST_ARTICLES)

    if known.published is None:
        return judged()
    return _order_of.get((known, module, wanted), judged, at=at)


def _all_of_module(
    session: Session, known: Marks, module: str, at: datetime
) -> Sequence[Candidate]:
    if known.published is None:
        return _candidates(session, module)
    return _of_module.get((known, module), lambda: _candidates(session, module), at=at)


def _candidates(session: Session, module: str) -> Sequence[Candidate]:
    found: dict[UUID, Candidate] = {}
    worths: dict[UUID, dict[str, float]] = {}
    for id_, audience, roles, version, position, language, *counts in session.connection().execute(
        _CANDIDATES, {"module": module}
    ):
        by_language = worths.setdefault(id_, {})
        by_language[language] = worth(*counts)
        if id_ not in found:
            open_to = gates(Audience(audience), roles)
            found[id_] = Candidate(id_, open_to, roles, version, position, by_language)
    return list(found.values())


@cache
def _open_articles(reader: Reader) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(Article.id, Article.topic_id, Article.language, Article.slug),
            *(Article.title, Article.summary, Topic.module_tag, Topic.platform_version),
        )
        .join(Topic, Topic.id == Article.topic_id)
        .where(
            Article.topic_id.in_(bindparam("topics", expanding=True)),
            Article.is_published,
            readable(Topic, reader),
        )
    )


@cache
def _open_articles_in_a_language(reader: Reader) -> Select[*tuple[Any, ...]]:
    """SQLite would rather go through all that is published in the language, not through the topics:
    the other side of the comparison has no index."""
    return _open_articles(reader).where(Article.language.concat("") == bindparam("language"))


def _articles(
    session: Session, asking: Asking, topics: Sequence[UUID]
) -> Mapping[UUID, HelpArticle]:
    """Those that the reader may read, each in one language; others are only asked for where there
    is nothing in the wanted one."""
    wanted, language = set(topics), {"language": asking.language}
    own = _open_articles_in_a_language(asking.reader)
    found = {one.topic_id: one for one in _read(session, own, asking, wanted, language)}
    by_topic: dict[UUID, dict[str, HelpArticle]] = {}
    for one in _read(session, _open_articles(asking.reader), asking, wanted - found.keys(), {}):
        by_topic.setdefault(one.topic_id, {})[one.language] = one
    for topic, languages in by_topic.items():
        if (nearest_one := said(languages, asking.language)) is not None:
            found[topic] = nearest_one
    return found


def _read(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    asking: Asking,
    topics: Collection[UUID],
    values: Mapping[str, str],
) -> Iterator[HelpArticle]:
    if not topics:
        return
    rows: Iterable[Any] = session.connection().execute(
        statement, {"topics": list(topics), **values}
    )
    for id_, topic, language, slug, title, summary, module, version in rows:
        path, fits = article_path(language, slug), holds_for(version, asking.version)
        yield HelpArticle(
            id=id_,
            topic_id=topic,
            language=language,
            slug=slug,
            title=title,
            summary=summary,
            path=path,
            module=module,
            version=version,
            fits_version=fits,
        )


def _in_order(
    pinned: Sequence[UUID], order: Sequence[UUID], found: Mapping[UUID, HelpArticle]
) -> list[HelpArticle]:
    first = [replace(found[topic], is_pinned=True) for topic in pinned if topic in found]
    then = [found[topic] for topic in order if topic in found and topic not in pinned]
    return [*first, *then][: max(MOST_ARTICLES, len(first))]


@cache
def _open_videos(reader: Reader) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(Video.id, Video.slug, Video.provider, Video.seconds),
            *(VideoText.language, VideoText.title),
        )
        .join(VideoText, VideoText.video_id == Video.id)
        .where(
            Video.is_published,
            readable(Video, reader),
            or_(
                Video.module_tag == bindparam("module"),
                Video.id.in_(bindparam("pinned", expanding=True)),
            ),
        )
        .order_by(Video.position, Video.id)
        .limit(200)
    )


def _videos(session: Session, asking: Asking, screen: KeptScreen) -> list[HelpVideo]:
    rows = session.connection().execute(
        _open_videos(asking.reader), {"module": screen.module or None, "pinned": screen.videos}
    )
    found: dict[UUID, dict[str, HelpVideo]] = {}
    for id_, slug, provider, seconds, language, title in rows:
        found.setdefault(id_, {})[language] = HelpVideo(
            id=id_,
            language=language,
            slug=slug,
            title=title,
            path=video_path(language, slug),
            provider=provider,
            seconds=seconds,
            is_pinned=id_ in screen.videos,
        )
    chosen = {id_: said(languages, asking.language) for id_, languages in found.items()}
    order = dict.fromkeys([*(one for one in screen.videos if one in found), *found])
    return [one for id_ in order if (one := chosen[id_])][: max(MOST_VIDEOS, len(screen.videos))]


def _term(one: KeptTerm, found: Mapping[UUID, HelpArticle], language: str) -> HelpTerm | None:
    """None without a word in any language."""
    there = nearest((tongue for tongue, text in one.texts.items() if text.get("term")), language)
    if there is None:
        return None
    text = one.texts[there]
    article = found.get(one.topic_id) if one.topic_id else None
    return HelpTerm(
        one.key, there, text["term"], text.get("definition", ""), text.get("usage", ""), article
    )


def _tour(
    session: Session, tour: KeptTour | None, spoken: str, user_id: UUID | None
) -> HelpTour | None:
    """None for somebody who does not want to see it again."""
    if tour is None or not tour.steps:
        return None
    if user_id is not None and edition_dismissed(session, user_id, tour.id) >= tour.edition:
        return None
    known = {language for step in tour.steps for language in step["texts"]}
    language = nearest(known, spoken)
    if language is None:
        return None
    return HelpTour(tour.id, tour.edition, language, [_step(step, language) for step in tour.steps])


def _step(step: Mapping[str, Any], language: str) -> Step:
    text = said(step["texts"], language) or {}
    return Step(step["target"], text.get("title", ""), text.get("text", ""))
