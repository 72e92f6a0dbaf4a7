"""The demo's help centre: its folder imported, and a few articles in the making."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.accounts.service import LOCALES
from portal.core.permissions import Actor
from portal.foundation.runtime import Runtime
from portal.foundation.storage import Store
from portal.kb.importing import running
from portal.kb.importing.running import Job
from portal.kb.importing.storing import Choices
from portal.kb.models import Article, Category, Draft, Topic
from portal.kb.service import drafting, files, reviewing
from portal.kb.service.publishing import publish

HELP: Final = Path(__file__).parent / "help"
TREE: Final = "help"
LEFT_OVER: Final = "first-try.png"
LARGEST: Final = 1024 * 1024
LEAD: Final = "lead@corbel.test"
OWNERS: Final = {
    "scheduling": "agent1@corbel.test",
    "field": "agent1@corbel.test",
    "estimating": "agent2@corbel.test",
    "invoicing": "agent2@corbel.test",
    "portals": "agent2@corbel.test",
    "integrations": "agent2@corbel.test",
}
"""Who looks after what stands on a shelf; the rest is the lead's."""


@dataclass(frozen=True, slots=True)
class Addition:
    """What somebody wrote into an article, above one of its lines."""

    slug: str
    above: str
    text: str
    note: str


PUBLISHED = Addition(
    "correct-an-invoice",
    "## Void",
    ":::note[New in 4.3]\nYou can correct an invoice up to 30 days after it was sent. After that, "
    "void it and make a new one.\n:::",
    "Corrections end after 30 days",
)
SUBMITTED = Addition(
    "retainage",
    "## Set it",
    ":::caution[5 % instead of 10 % since the last update]\nOn some projects draws took 5 % "
    "although 10 % was agreed. Compare your last draw with the contract; if it is wrong, do what "
    "stands under [Correct a draw that took the wrong percentage](#wrong).\n:::",
    "Forty draws at Birch Build took the wrong percentage",
)


def stock(runtime: Runtime, at: datetime) -> None:
    """All that is in the folder, in every language."""
    for language in LOCALES:
        running.run(
            Job(HELP / language, Choices(language), name=TREE),
            runtime.writers,
            runtime.readers,
            runtime.store,
            at=at,
            progress=_in_silence,
        )


def _in_silence(step: str, done: int, of: int) -> None:
    pass


def revise(session: Session, cast: Mapping[str, Actor], now: datetime) -> None:
    """One article is ahead of its translation, one waits for review, one is only begun; and each
    has somebody who looks after it."""
    ben, lead = cast["agent2@corbel.test"], cast["lead@corbel.test"]
    _hand_out(session, cast)
    at = now - timedelta(days=12)
    publish(session, _with(session, PUBLISHED, ben, at), by=lead, at=at, note=PUBLISHED.note)
    at = now - timedelta(hours=2)
    reviewing.submit(session, _with(session, SUBMITTED, ben, at), SUBMITTED.note, by=ben, at=at)
    _begin(session, cast["agent1@corbel.test"], now - timedelta(days=2))


def leave_over(session: Session, store: Store, by: Actor, at: datetime) -> None:
    """A picture that was taken out of its article again."""
    path = HELP / "en" / "img" / "new-project.png"
    drawn = FileStorage(io.BytesIO(path.read_bytes()), filename=LEFT_OVER)
    files.keep_picture(session, store, drawn, by=by, at=at, limit=LARGEST)


def _hand_out(session: Session, cast: Mapping[str, Actor]) -> None:
    """By the shelf that it stands on."""
    keys = {category.id: category.key for category in session.scalars(select(Category))}
    for topic in session.scalars(select(Topic)):
        shelf = keys[topic.category_id] if topic.category_id else ""
        topic.owner_id = cast[OWNERS.get(shelf, LEAD)].user_id


def _with(session: Session, addition: Addition, by: Actor, at: datetime) -> Draft:
    draft = drafting.revise(session, _article(session, "en", addition.slug), by=by, at=at)
    before, line, after = draft.body.partition(f"{addition.above}\n")
    text = replace(drafting.text_of(draft), body=f"{before}{addition.text}\n\n{line}{after}")
    return drafting.save(session, draft, text, draft.lock, by=by, at=at)


def _begin(session: Session, by: Actor, at: datetime) -> None:
    """What Olive asked for, before it is there."""
    neighbour = session.get_one(Topic, _article(session, "en", "print-or-calendar").topic_id)
    placing = drafting.Placing(
        category=session.get(Category, neighbour.category_id),
        module_tag=neighbour.module_tag,
        role_tags=("pm", "field"),
        platform_version="4.4+",
        position=neighbour.position + 1,
    )
    text = drafting.Text(
        slug="crew-week",
        title="Print one crew's week on a page",
        summary="All jobs of a crew from Monday to Saturday, for the trailer or the truck.",
        body=(HELP / "crew-week.md").read_text("utf-8"),
        labels=("weekly view", "week sheet"),
    )
    drafting.begin(session, placing, "en", text, by=by, at=at)


def _article(session: Session, language: str, slug: str) -> Article:
    chosen = select(Article).where(Article.language == language, Article.slug == slug)
    return session.scalars(chosen).one()
