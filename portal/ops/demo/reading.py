"""Four weeks of people who looked for something, read, judged and pressed "?": as `readers` and the
questions say, spread by a chance that is the same in every demo, and played in its order."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from math import pow
from operator import itemgetter
from random import Random
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core.audience import Audience, reader_of
from portal.core.permissions import PORTAL, Actor
from portal.foundation.digests import digest_of
from portal.guidance.queries.contextual import help_for
from portal.guidance.service import presses
from portal.kb.models import Article, Topic
from portal.kb.service import feedback, readings
from portal.kb.service.feedback import Opinion
from portal.kb.service.reader import Whose
from portal.ops.demo.knowledge import HELP
from portal.ops.demo.readers import BEFORE_ASKING, PRESSED, READ, SYNONYMS, WORTH
from portal.search.service import synonyms
from portal.search.service.noting import Looked, note, note_opened

WEEKS: Final = timedelta(weeks=4)
LATEST: Final = timedelta(minutes=40)
A_LOOK: Final = timedelta(seconds=12)  # at what was found
FOUND: Final = 6  # for a question that has an answer
OPENED: Final = 0.94  # of those
STRANGERS: Final = 24
APP: Final = "https://app.platform.test"

Articles = Mapping[tuple[str, str], Article]  # by language and slug
Act = Callable[[datetime], None]


def read(session: Session, cast: Mapping[str, Actor], now: datetime) -> None:
    for language, groups in SYNONYMS.items():
        for words in groups:
            synonyms.add(session, language, words, by=cast["lead@corbel.test"], at=now - WEEKS)
    rows = select(Article).where(Article.is_published).options(joinedload(Article.topic))
    articles = {(one.language, one.slug): one for one in session.scalars(rows)}
    crowd = Crowd(session, list(cast.values()), articles, now)
    acts = [*crowd.searches(), *crowd.readings(), *crowd.opinions(), *crowd.presses()]
    for before in BEFORE_ASKING:
        reading = crowd.reading((before.language, before.slug), _known(cast[before.who]))
        acts.append((now - timedelta(hours=before.hours_ago), reading))
    for at, act in sorted(acts, key=itemgetter(0)):
        act(at)
        session.flush()  # the next may be another company's


@dataclass(slots=True)
class Crowd:
    """Those of the demo who have an account, and strangers; what they do, and when."""

    session: Session
    actors: Sequence[Actor]
    articles: Articles
    now: datetime
    chance: Random = field(default_factory=lambda: Random(46))  # noqa: S311  the same every time

    def searches(self) -> Iterator[tuple[datetime, Act]]:
        for asked in tomllib.loads((HELP / "questions.toml").read_text("utf-8"))["questions"]:
            known = [one for one in self.actors if one.role == asked["role"]]
            people = [*map(_known, known), *self._strangers(known)]
            for whose in self.chance.sample(people, min(asked.get("times", 1), len(people))):
                inclined = asked["slug"] != "" and self.chance.random() < OPENED
                opens = inclined and self._may_open(whose, asked["language"], asked["slug"])
                yield self._moment(), partial(self._search, asked, whose, opens)

    def _may_open(self, whose: Whose, language: str, slug: str) -> bool:
        topic = self.articles[language, slug].topic
        return topic.audience == Audience.PUBLIC if whose.by is None else _may_read(whose.by, topic)

    def _search(self, asked: Mapping[str, Any], whose: Whose, opens: bool, at: datetime) -> None:
        by = whose.by
        looked = Looked(
            asked["words"],
            asked["language"],
            hits=asked.get("hits", FOUND),
            surface="page",
            visitors=(whose.visitor,),
            builder_id=by.builder_id if by else whose.builder_id,
            user_id=by.user_id if by else None,
            plan=by.plan if by else "",
            role=by.role if by else "",
        )
        note(self.session, looked, at=at)
        if opens:
            key = asked["language"], asked["slug"]
            note_opened(
                self.session, looked.visitors, "article", self.articles[key].id, at=at + A_LOOK
            )
            self.reading(key, replace(whose, surface="search"))(at + A_LOOK)

    def readings(self) -> Iterator[tuple[datetime, Act]]:
        for key, times in READ.items():
            people = self._readers(self.articles[key].topic)
            for surface in self.chance.choices(("page", "widget"), k=times):
                whose = replace(self.chance.choice(people), surface=surface)
                yield self._moment(), self.reading(key, whose)

    def reading(self, key: tuple[str, str], whose: Whose) -> Act:
        return partial(self._read, key, whose)

    def _read(self, key: tuple[str, str], whose: Whose, at: datetime) -> None:
        readings.note(self.session, self.articles[key].id, whose, at=at)

    def _readers(self, topic: Topic) -> list[Whose]:
        """Of those who may, staff only where nobody else does; as many strangers."""
        people = [one for one in self.actors if _may_read(one, topic)]
        people = [one for one in people if not one.is_staff] or people
        strangers = self._strangers(people) if topic.audience == Audience.PUBLIC else ()
        return [*map(_known, people), *strangers]

    def opinions(self) -> Iterator[tuple[datetime, Act]]:
        """By strangers, so that nobody of the demo is said to have said it."""
        for key, worth in WORTH.items():
            said = [Opinion(helpful=True)] * worth.helped
            said += [Opinion(False, reason, comment) for reason, comment in worth.not_helped]
            for number, opinion in enumerate(said):
                yield self._moment(), partial(self._judge, key, Whose(_stranger(number)), opinion)

    def _judge(self, key: tuple[str, str], whose: Whose, opinion: Opinion, at: datetime) -> None:
        article = self.articles[key]
        feedback.give(self.session, article.id, article.number, opinion, whose, at=at)

    def presses(self) -> Iterator[tuple[datetime, Act]]:
        """By those who work at builders, where the host app is."""
        there = [one for one in self.actors if not one.is_staff and one.role not in PORTAL]
        for address, times in PRESSED.items():
            for by in self.chance.choices(there, k=times):
                yield self._moment(), partial(self._press, address, by)

    def _press(self, address: str, by: Actor, at: datetime) -> None:
        found = help_for(
            self.session,
            reader_of(by, at_portal=False),
            f"{APP}{address}",
            language=by.locale,
            role=by.role,
            at=at,
        )
        visitor = digest_of(str(by.user_id))
        presses.record(self.session, found, visitor=visitor, by=by, at=at)

    def _moment(self) -> datetime:
        """The later the likelier: more people find the help centre every week."""
        return self.now - LATEST - WEEKS * pow(self.chance.random(), 1.4)

    def _strangers(self, like: Sequence[Actor]) -> list[Whose]:
        """As many, at the portals that these people use, or at the platform."""
        portals = [one.builder_id for one in like if one.role in PORTAL] or [None]
        some = self.chance.sample(range(STRANGERS), min(len(like), STRANGERS))
        return [Whose(_stranger(one), None, portals[one % len(portals)]) for one in some]


def _known(actor: Actor) -> Whose:
    return Whose(digest_of(str(actor.user_id)), actor)


def _stranger(number: int) -> str:
    return digest_of(f"stranger {number} of the demo")


def _may_read(actor: Actor, topic: Topic) -> bool:
    reader = reader_of(actor, at_portal=actor.role in PORTAL)
    return reader.may_read(Audience(topic.audience), topic.role_tags)
