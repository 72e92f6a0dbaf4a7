"""Published articles as Markdown with front matter, a folder a language, and their files.

Writing the same twice writes the same bytes: nothing in it depends on when or where.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, sessionmaker

from portal.foundation.storage import MissingFile, Store
from portal.foundation.tenancy import PLATFORM, see
from portal.kb.importing.tree import MARKER
from portal.kb.models import Article, Category, KbFile, Topic

FILES = "files"
FORMAT = {"corbel": 1}
_BATCH = 200
_ADDRESS = re.compile(r"/kb/files/(?P<key>[0-9a-fA-F-]{36})(?:/[^\s()<>\"']{0,400})?")


class NotEmpty(Exception):
    """The folder has something else in it."""


@dataclass(slots=True)
class Exported:
    """`lost` are files whose bytes are gone, by their names."""

    articles: int = 0
    files: int = 0
    lost: list[str] = field(default_factory=list)


def export(
    folder: Path, readers: sessionmaker[Session], store: Store, *, languages: Sequence[str]
) -> Exported:
    """Raises NotEmpty; what an export wrote before is written anew."""
    _prepare(folder, languages)
    with readers() as session:
        see(session, PLATFORM)
        return _Export(folder, session, store).write(languages)


def _prepare(folder: Path, languages: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise NotEmpty(f"{folder} has files in it that no export wrote")
    for language in languages:
        shutil.rmtree(folder / language, ignore_errors=True)
    (folder / MARKER).write_text(json.dumps(FORMAT) + "\n", "utf-8")


class _Export:
    def __init__(self, folder: Path, session: Session, store: Store) -> None:
        self._folder = folder
        self._session = session
        self._store = store
        self._shelves = {one.id: one for one in session.scalars(select(Category))}
        self._places: dict[UUID, str] = {}
        self._done = Exported()

    def write(self, languages: Sequence[str]) -> Exported:
        names = self._names()
        for language in languages:
            for shelf in self._shelves.values():
                self._shelf(language, shelf)
            for article in self._articles(language):
                self._article(language, article, names[article.topic_id])
        return self._done

    def _names(self) -> dict[UUID, str]:
        """One path a topic in all languages: its shelf, and its address where it was written."""
        rows = (
            select(Topic, Article.slug, Article.language)
            .join(Article, Article.topic_id == Topic.id)
            .order_by(Topic.id, Article.language)
        )
        slugs: dict[UUID, dict[str, str]] = {}
        shelves: dict[UUID, str] = {}
        for topic, slug, language in self._session.execute(rows):
            slugs.setdefault(topic.id, {})[language] = slug
            shelf = self._shelves.get(topic.category_id) if topic.category_id else None
            shelves[topic.id] = shelf.key if shelf else ""
            slugs[topic.id].setdefault("", slug)
            if language == topic.original_language:
                slugs[topic.id][""] = slug
        names: dict[str, UUID] = {}
        for key in sorted(slugs, key=lambda key: (shelves[key], slugs[key][""], str(key))):
            wish = "/".join(filter(None, (shelves[key], slugs[key][""])))
            name, count = wish, 1
            while name in names:
                count += 1
                name = f"{wish}-{count}"
            names[name] = key
        return {key: name for name, key in names.items()}

    def _articles(self, language: str) -> Iterator[Article]:
        chosen = Article.language == language, Article.is_published
        with_topic = joinedload(Article.topic).joinedload(Topic.video)
        keys = self._session.scalars(select(Article.id).where(*chosen).order_by(Article.id)).all()
        for start in range(0, len(keys), _BATCH):
            rows = select(Article).where(Article.id.in_(keys[start : start + _BATCH]))
            yield from self._session.scalars(rows.options(with_topic)).all()
            self._session.expunge_all()

    def _shelf(self, language: str, shelf: Category) -> None:
        title = shelf.titles.get(language)
        if not title:
            return
        told: dict[str, Any] = {"label": title, "position": shelf.position}
        if described := shelf.descriptions.get(language):
            told["description"] = described
        if shelf.module:
            told["module"] = shelf.module
        place = self._folder / language / shelf.key
        place.mkdir(parents=True, exist_ok=True)
        text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        (place / "_category_.json").write_text(text, "utf-8")

    def _article(self, language: str, article: Article, name: str) -> None:
        path = self._folder / language / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * (name.count("/") + 1)
        body = self._with_files(article.body, up)
        head = yaml.safe_dump(
            front_matter(article), allow_unicode=True, sort_keys=False, width=10_000
        )
        path.write_text(f"---\n{head}---\n\n{body}\n", "utf-8")
        self._done.articles += 1

    def _with_files(self, body: str, up: str) -> str:
        return _ADDRESS.sub(lambda found: self._place(found, up), body)

    def _place(self, found: re.Match[str], up: str) -> str:
        try:
            key = UUID(found["key"])
        except ValueError:
            return found[0]
        if key not in self._places:
            self._places[key] = self._file(key)
        return f"{up}{self._places[key]}" if self._places[key] else found[0]

    def _file(self, key: UUID) -> str:
        file = self._session.get(KbFile, key)
        if file is None:
            return ""
        place = f"{FILES}/{file.sha256[:16]}/{file.filename}"
        path = self._folder / place
        try:
            with self._store.open(file.storage_key) as kept:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as copy:
                    shutil.copyfileobj(kept, copy)
        except MissingFile:
            self._done.lost.append(file.filename)
            return ""
        self._done.files += 1
        return place.replace(" ", "%20")


def front_matter(article: Article) -> Mapping[str, Any]:
    """What an import needs to know the article again, or to make the same one; what says nothing is
    left out."""
    topic = article.topic
    told = {
        "topic": str(topic.id),
        "title": article.title,
        "description": article.summary,
        "slug": article.slug,
        "sidebar_position": topic.position,
        "labels": list(article.labels),
        "audience": str(topic.audience),
        "roles": list(topic.role_tags),
        "module": topic.module_tag,
        "applies_to": topic.platform_version,
        "video": topic.video.slug if topic.video else "",
        "review_by": topic.review_by.date().isoformat() if topic.review_by else "",
        "original_language": topic.original_language,
        "source": topic.source,
    }
    return {name: value for name, value in told.items() if value or name == "sidebar_position"}
