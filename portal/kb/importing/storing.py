"""Texts of a tree as articles: all of them first, so that links find each other, then published.

Each batch is a transaction, so that an import that was killed can be run again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, sessionmaker

from portal.core.audience import Audience
from portal.core.permissions import SYSTEM
from portal.core.slugs import is_slug
from portal.foundation.tenancy import PLATFORM, see
from portal.kb.importing.files import Files
from portal.kb.importing.frontmatter import day, listed, words
from portal.kb.importing.known import Known
from portal.kb.importing.pages import Page, Shelf
from portal.kb.importing.report import Report
from portal.kb.importing.telling import tell
from portal.kb.markup import Rendered
from portal.kb.models import Article, ArticleVersion, Category, Draft, Topic, Video
from portal.kb.queries import editing, videos
from portal.kb.service import arriving, drafting, publishing
from portal.kb.service.arriving import Arrival
from portal.kb.service.drafting import BadText, Placing, SlugTaken, Text

NOTE = "Imported from "
BATCH = 50
NOWHERE = UUID(int=0)

Texts = list[tuple[Page, Text]]
Origins = Mapping[UUID, Page]
"""Pages by the topic that was made of them."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command was told; None leaves what is there already as it is."""

    language: str
    audience: Audience | None = None
    roles: tuple[str, ...] | None = None
    module: str | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """Ids of new articles, and of drafts of others."""

    articles: Sequence[UUID]
    drafts: Sequence[UUID]


@dataclass(slots=True)
class Storing:
    writers: sessionmaker[Session]
    choices: Choices
    known: Known
    report: Report
    at: datetime
    categories: dict[tuple[str, ...], UUID] = field(default_factory=dict)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with self.writers.begin() as session:
            see(session, PLATFORM)
            yield session

    # shelves

    def shelve(self, shelves: Iterable[Shelf]) -> None:
        """Titles are added for the language; what editors have changed of others stays."""
        with self._writing() as session:
            here = {category.key: category for category in session.scalars(select(Category))}
            for shelf in sorted(shelves, key=lambda one: len(one.path)):
                key = "/".join(shelf.path)
                category = here.get(key)
                if category is None:
                    parent = here.get("/".join(shelf.path[:-1]))
                    category = Category(
                        key=key,
                        position=shelf.position,
                        module=shelf.module,
                        titles={},
                        descriptions={},
                    )
                    category.parent_id = parent.id if parent else None
                    session.add(category)
                    session.flush()
                    here[key] = category
                _titled(category, shelf, self.choices.language)
                self.categories[shelf.path] = category.id

    # drafts

    def begin(self, texts: Sequence[tuple[Page, Text]], files: Files) -> "Begun":
        """Of a batch; what is to be published of it."""
        with self._writing() as session:
            session.add_all(files.fresh)
            session.flush()
            files.fresh.clear()
            here = self._here(session, [page for page, _ in texts])
            new, others = self._parted(session, texts, here)
            arrived = self._arrive(session, new, here)
            drafts = [self._draft(session, page, text, here) for page, text in others]
            return Begun(arrived, [draft.id for draft in drafts if draft is not None])

    def _here(self, session: Session, pages: Sequence[Page]) -> dict[UUID, Topic]:
        keys = {self.known.topics[page.name] for page in pages if page.name in self.known.topics}
        articles = joinedload(Topic.articles).joinedload(Article.topic)
        whole = joinedload(Topic.category), joinedload(Topic.video), articles
        rows = select(Topic).where(Topic.id.in_(keys)).options(*whole)
        return {topic.id: topic for topic in session.scalars(rows).unique()}

    def _parted(
        self, session: Session, texts: Sequence[tuple[Page, Text]], here: Mapping[UUID, Topic]
    ) -> tuple[Texts, Texts]:
        """What is new here and can have the address that it wants, and all else."""
        spoken = self.choices.language
        taken = editing.taken_of(session, spoken, {text.slug for _, text in texts})
        new: Texts = []
        others: Texts = []
        for page, text in texts:
            topic = here.get(self.known.topics.get(page.name, NOWHERE))
            known = topic is not None and any(one.language == spoken for one in topic.articles)
            free = text.title and is_slug(text.slug) and text.slug not in taken
            (new if free and not known else others).append((page, text))
            taken.add(text.slug)
        return new, others

    def _arrive(self, session: Session, texts: Texts, here: Mapping[UUID, Topic]) -> list[UUID]:
        arrivals = [self._arrival(session, page, text, here) for page, text in texts]
        done = arriving.begin_all(session, arrivals, self.choices.language, by=SYSTEM, at=self.at)
        for (page, _text), one in zip(texts, done, strict=True):
            self.known.topics[page.name] = one.topic_id
        self.report.created += len(done)
        return [one.article_id for one in done]

    def _arrival(
        self, session: Session, page: Page, text: Text, here: Mapping[UUID, Topic]
    ) -> Arrival:
        topic = here.get(self.known.topics.get(page.name, NOWHERE))
        if topic is None:
            return Arrival(text, self._placing(session, page))
        self._place(session, topic, page)
        numbers = [one.number for one in topic.articles if one.language == topic.original_language]
        return Arrival(text, Placing(), topic.id, numbers[0] if numbers else None)

    def _draft(
        self, session: Session, page: Page, text: Text, here: Mapping[UUID, Topic]
    ) -> Draft | None:
        topic = here.get(self.known.topics.get(page.name, NOWHERE))
        try:
            with session.begin_nested():
                if topic is None:
                    return self._begin(session, page, text)
                moved = self._place(session, topic, page)
                return self._again(session, topic, page, text, moved=moved)
        except BadText as error:
            self._skip(page, "too_long", " ".join(error.problems))
        except SlugTaken as error:
            self._skip(page, "slug_taken", error.slug)
        return None

    def _skip(self, page: Page, what: str, detail: str) -> None:
        self.report.say(page.file, 0, what, detail)
        self.report.skipped += 1

    def _begin(self, session: Session, page: Page, text: Text) -> Draft:
        draft = drafting.begin(
            session,
            self._placing(session, page),
            self.choices.language,
            text,
            by=SYSTEM,
            at=self.at,
        )
        self.known.topics[page.name] = draft.article.topic_id
        self.report.created += 1
        return draft

    def _placing(self, session: Session, page: Page) -> Placing:
        said, choices = _said(page), self.choices
        category = self.categories.get(page.shelf)
        return replace(
            said,
            category=session.get(Category, category) if category else None,
            audience=choices.audience or said.audience,
            role_tags=said.role_tags if choices.roles is None else choices.roles,
            module_tag=said.module_tag if choices.module is None else choices.module,
            original_language=said.original_language or choices.language,
            position=page.position,
            video=self._film(session, page),
            source=self.known.source(page),
            topic_id=page.topic_id,
        )

    def _film(self, session: Session, page: Page) -> Video | None:
        slug = words(page.meta.get("video"))
        film = videos.video_by_slug(session, slug) if slug else None
        if slug and film is None:
            self.report.say(page.file, 0, "missing_video", slug)
        return film

    def _place(self, session: Session, topic: Topic, page: Page) -> bool:
        """What holds in every language follows the language that it was written in first; whether
        anything changed."""
        before = _place_of(topic)
        choices, said, film = self.choices, _said(page), self._film(session, page)
        if topic.original_language == choices.language:
            self._move(topic, page)
        if choices.audience is not None:
            topic.audience = choices.audience
        if choices.roles is not None:
            topic.role_tags = list(choices.roles)
        if choices.module is not None:
            topic.module_tag = choices.module
        if said.platform_version:
            topic.platform_version = said.platform_version
        if film is not None:
            topic.video_id = film.id
        if before == _place_of(topic):
            return False
        topic.updated_at = self.at
        return True

    def _move(self, topic: Topic, page: Page) -> None:
        topic.category_id = self.categories.get(page.shelf, topic.category_id)
        topic.position = page.position
        if page.topic_id is None:
            topic.source = self.known.source(page)

    def _again(
        self, session: Session, topic: Topic, page: Page, text: Text, *, moved: bool
    ) -> Draft | None:
        own = [one for one in topic.articles if one.language == self.choices.language]
        if not own:
            draft = drafting.translate(
                session, topic, self.choices.language, text, by=SYSTEM, at=self.at
            )
            self.report.created += 1
            return draft
        article = own[0]
        if article.number and self._is_as_it_was(session, article, page, text):
            self.report.moved += moved
            self.report.unchanged += not moved
            if moved and article.is_published:
                session.flush()
                publishing.refresh(session, article, at=self.at)
            return None
        return self._revise(session, article, page, text)

    def _is_as_it_was(self, session: Session, article: Article, page: Page, text: Text) -> bool:
        """Whether the file is; what was edited here since stays, until the file changes too."""
        if drafting.text_of(article) == text:
            return True
        rows = select(ArticleVersion).where(ArticleVersion.article_id == article.id)
        if page.topic_id is not None:  # whichever of them was written out
            some = session.scalars(rows.where(ArticleVersion.body == text.body))
            return any(_says(one, text) for one in some)
        read = rows.where(ArticleVersion.note.startswith(NOTE))
        last = session.scalars(read.order_by(ArticleVersion.number.desc()).limit(1)).first()
        if last is None or last.number == article.number:
            return False
        if _says(last, text):
            return True
        self.report.say(page.file, 0, "edited_here", article.title)
        return False

    def _revise(self, session: Session, article: Article, page: Page, text: Text) -> Draft | None:
        draft = drafting.revise(session, article, by=SYSTEM, at=self.at)
        if draft.updated_by is not None:
            self.report.say(page.file, 0, "being_edited", draft.updated_by_name)
            self.report.skipped += 1
            return None
        drafting.save(session, draft, text, draft.lock, by=SYSTEM, at=self.at)
        self.report.updated += bool(article.number)
        self.report.created += not article.number
        return draft

    # what readers see

    def publish_new(self, articles: Sequence[UUID], origins: Origins) -> None:
        def note(article: Article) -> str:
            return f"{NOTE}{origins[article.topic_id].file}"

        with self._writing() as session:
            whole = joinedload(Article.topic).joinedload(Topic.category)
            rows = select(Article).where(Article.id.in_(articles)).options(whole)
            arriving.publish_all(
                session,
                session.scalars(rows.order_by(Article.id)).all(),
                self.choices.language,
                by=SYSTEM,
                at=self.at,
                note=note,
                told=self._teller(origins),
            )

    def _teller(self, origins: Origins) -> arriving.Told:
        def told(article: Article, made: Rendered) -> None:
            tell(self.report, origins[article.topic_id], made)

        return told

    def publish(self, drafts: Sequence[UUID], origins: Origins) -> None:
        """What was here before in another form."""
        told = self._teller(origins)
        with self._writing() as session:
            rows = select(Draft).where(Draft.id.in_(drafts)).options(joinedload(Draft.article))
            for draft in session.scalars(rows).all():
                note = f"{NOTE}{origins[draft.article.topic_id].file}"[:500]
                publishing.publish(session, draft, by=SYSTEM, at=self.at, note=note, told=told)

    def unpublish(self, names: Iterable[str]) -> int:
        """What is no longer in the tree."""
        done = 0
        for batch in batches(sorted(names)):
            with self._writing() as session:
                keys = {self.known.topics[name] for name in batch}
                rows = select(Article).where(
                    Article.topic_id.in_(keys),
                    Article.language == self.choices.language,
                    Article.is_published,
                )
                for article in session.scalars(rows).all():
                    publishing.unpublish(session, article, by=SYSTEM, at=self.at)
                    done += 1
        return done


Thing = TypeVar("Thing")


def batches(things: Iterable[Thing], size: int = BATCH) -> Iterator[list[Thing]]:
    left = iter(things)
    while batch := list(islice(left, size)):
        yield batch


def _titled(category: Category, shelf: Shelf, language: str) -> None:
    if language not in category.titles:
        category.titles = {**category.titles, language: shelf.title}
    if shelf.description and language not in category.descriptions:
        category.descriptions = {**category.descriptions, language: shelf.description}


def _says(version: ArticleVersion, text: Text) -> bool:
    return replace(drafting.text_of(version), slug=text.slug) == text


def _place_of(topic: Topic) -> tuple[object, ...]:
    placed = topic.category_id, topic.position, topic.source, topic.audience
    tagged = list(topic.role_tags), topic.module_tag, topic.platform_version
    return (*placed, *tagged, topic.video_id)


def _said(page: Page) -> Placing:
    """What the file says of itself, as our export writes it."""
    meta = page.meta
    audience = words(meta.get("audience"))
    return Placing(
        audience=Audience(audience) if audience in set(Audience) else Audience.PUBLIC,
        role_tags=tuple(listed(meta.get("roles"))),
        module_tag=words(meta.get("module"))[:50],
        platform_version=words(meta.get("applies_to"))[:20],
        original_language=words(meta.get("original_language"))[:10],
        review_by=day(meta.get("review_by")),
    )
