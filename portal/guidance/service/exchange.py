"""Screens, words and first steps go out as one file and come back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Permission
from portal.guidance.models import Screen
from portal.guidance.queries import choosing, orientations, screens, terms
from portal.guidance.service import orientations as tour_service
from portal.guidance.service import screens as screen_service
from portal.guidance.service import terms as term_service
from portal.guidance.service.documents import Document, ScreenEntry, TermEntry, TourEntry
from portal.guidance.service.orientations import TourWords
from portal.guidance.service.screens import ScreenWords
from portal.guidance.service.terms import TermWords


@dataclass
class Report:
    """How many of each were added, changed, or were so already; what could not be found or taken,
    as (what, why): "article", "video" or "address"."""

    added: int = 0
    changed: int = 0
    same: int = 0
    missing: list[tuple[str, str]] = field(default_factory=list)


def exported(session: Session) -> dict[str, Any]:
    found = screens.screens(session)
    words, tours = terms.terms(session), orientations.orientations(session)
    topics = {UUID(one) for screen in found for one in screen.topic_ids}
    topics |= {term.topic_id for term in words if term.topic_id}
    articles = choosing.slugs_of_articles(session, topics)
    videos = choosing.slugs_of_videos(
        session, {UUID(one) for screen in found for one in screen.video_ids}
    )
    return {
        "screens": [
            {
                "page_key": one.page_key,
                "module": one.module,
                "title": one.titles,
                "addresses": [rule.pattern for rule in one.rules],
                "articles": _slugs(one.topic_ids, articles),
                "videos": _slugs(one.video_ids, videos),
            }
            for one in found
        ],
        "terms": [
            {
                "key": one.key,
                "module": one.module,
                "article": articles.get(one.topic_id, "") if one.topic_id else "",
                **one.texts,
            }
            for one in words
        ],
        "orientations": [
            {
                "module": one.module,
                "published": one.is_published,
                "steps": [{"target": step["target"], **step["texts"]} for step in one.steps],
            }
            for one in tours
        ],
    }


def _slugs(ids: Sequence[str], known: Mapping[UUID, str]) -> list[str]:
    return [known[UUID(one)] for one in ids if UUID(one) in known]


def take(session: Session, document: Document, *, by: Actor, at: datetime) -> Report:
    """What is there under the same key becomes as the file says; all else stays."""
    by.require(Permission.MANAGE_GUIDANCE)
    taking = _Taking(session, by, at)
    for screen in document.screens:
        taking.screen(screen)
    for term in document.terms:
        taking.term(term)
    for tour in document.orientations:
        taking.tour(tour)
    return taking.report


@dataclass
class _Taking:
    session: Session
    by: Actor
    at: datetime
    report: Report = field(default_factory=Report)

    def screen(self, entry: ScreenEntry) -> None:
        known = screens.screen_by_key(self.session, entry.page_key)
        old = screens.screen(self.session, known.id) if known is not None else None
        words = ScreenWords(
            entry.page_key,
            entry.module,
            entry.title,
            self._free(entry, old),
            self._ids("article", entry.articles),
            self._ids("video", entry.videos),
        )
        if old is None:
            screen_service.add(self.session, words, by=self.by, at=self.at)
            self.report.added += 1
        elif _words_of(old) == words:
            self.report.same += 1
        else:
            screen_service.save(self.session, old, words, seen=old.version, by=self.by, at=self.at)
            self.report.changed += 1

    def _free(self, entry: ScreenEntry, old: Screen | None) -> list[str]:
        """Without addresses that are another screen's."""
        taken = {
            pattern
            for pattern, owner in screens.owners_of(self.session, entry.addresses)
            if owner is not old
        }
        self.report.missing += [("address", one) for one in entry.addresses if one in taken]
        return [one for one in dict.fromkeys(entry.addresses) if one not in taken]

    def term(self, entry: TermEntry) -> None:
        old = terms.term_by_key(self.session, entry.key)
        topics = self._ids("article", [entry.article] if entry.article else [])
        words = TermWords(entry.key, entry.module, entry.texts, topics[0] if topics else None)
        if old is None:
            term_service.add(self.session, words, by=self.by, at=self.at)
            self.report.added += 1
        elif TermWords(old.key, old.module, old.texts, old.topic_id) == words:
            self.report.same += 1
        else:
            term_service.save(self.session, old, words, seen=old.version, by=self.by, at=self.at)
            self.report.changed += 1

    def tour(self, entry: TourEntry) -> None:
        old = orientations.orientation_of(self.session, entry.module)
        words = TourWords(entry.module, [dict(step) for step in entry.steps], entry.published)
        if old is None:
            tour_service.add(self.session, words, by=self.by, at=self.at)
            self.report.added += 1
        elif TourWords(old.module, list(old.steps), old.is_published) == words:
            self.report.same += 1
        else:
            tour_service.save(self.session, old, words, seen=old.version, by=self.by, at=self.at)
            self.report.changed += 1

    def _ids(self, kind: str, slugs: Sequence[str]) -> list[UUID]:
        find = choosing.topics_of if kind == "article" else choosing.videos_of
        known = find(self.session, slugs)
        self.report.missing += [(kind, slug) for slug in slugs if slug not in known]
        return [known[slug] for slug in dict.fromkeys(slugs) if slug in known]


def _words_of(screen: Screen) -> ScreenWords:
    return ScreenWords(
        screen.page_key,
        screen.module,
        screen.titles,
        [rule.pattern for rule in screen.rules],
        [UUID(one) for one in screen.topic_ids],
        [UUID(one) for one in screen.video_ids],
    )
