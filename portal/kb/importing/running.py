"""An import from its folder to its report."""

import gc
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.foundation.storage import Store
from portal.foundation.tenancy import PLATFORM, see
from portal.kb.importing import known as knowing
from portal.kb.importing import tree as trees
from portal.kb.importing.converting import converted
from portal.kb.importing.files import Files
from portal.kb.importing.known import Known
from portal.kb.importing.links import Index, Turning
from portal.kb.importing.pages import Page, Plan, plan
from portal.kb.importing.report import Report
from portal.kb.importing.storing import BATCH, Choices, Storing, batches
from portal.kb.importing.telling import tell, teller
from portal.kb.importing.tree import Tree
from portal.kb.markup import Asked, Target, render
from portal.kb.models import Article
from portal.kb.service.drafting import BadText, Text, checked

SELDOM: Final = (100_000, 20, 20)  # how much is made between two looks for what is done with

Progress = Callable[[str, int, int], None]
"""Told of the step, how many are done and of how many."""


@dataclass(frozen=True, slots=True)
class Job:
    """`name` tells trees apart that are imported side by side."""

    folder: Path
    choices: Choices
    name: str = "docs"
    prune: bool = False


@contextmanager
def _little_collecting() -> Iterator[None]:
    """A text becomes thousands of tokens and is done with: to look through all that the program is
    made of each time takes a fifth of an import."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


@_little_collecting()
def run(
    job: Job,
    writers: sessionmaker[Session],
    readers: sessionmaker[Session],
    store: Store,
    *,
    at: datetime,
    progress: Progress,
) -> Report:
    """Raises NoPages."""
    report, tree, planned = _read(job)
    known = _known(job, planned, readers)
    files = Files(store, tree.project, at)
    with readers() as session:
        see(session, PLATFORM)
        files.learn(session)
    storing = Storing(writers, job.choices, known, report, at)
    texts = _texts(tree, planned, known, files, report, progress)
    _recognise(texts, known, job, readers)
    storing.shelve(planned.shelves.values())
    articles: list[UUID] = []
    drafts: list[UUID] = []
    for number, batch in enumerate(batches(texts), 1):
        begun = storing.begin(batch, files)
        articles += begun.articles
        drafts += begun.drafts
        progress("drafting", min(number * BATCH, len(texts)), len(texts))
    origins = {known.topics[page.name]: page for page, _ in texts if page.name in known.topics}
    done = 0
    for publish, keys in ((storing.publish_new, articles), (storing.publish, drafts)):
        for some in batches(keys):
            publish(some, origins)
            done += len(some)
            progress("publishing", done, len(articles) + len(drafts))
    gone = known.published - {page.name for page in planned.pages}
    report.removed = sorted(gone)
    report.unpublished = storing.unpublish(gone) if job.prune else 0
    report.pictures = files.count
    return report


@_little_collecting()
def rehearse(
    job: Job, readers: sessionmaker[Session], *, at: datetime, progress: Progress
) -> Report:
    """The same report, as far as it can be told without changing anything. Raises NoPages."""
    report, tree, planned = _read(job)
    known = _known(job, planned, readers)
    files = Files(None, tree.project, at)
    with readers() as session:
        see(session, PLATFORM)
        files.learn(session)
        texts = _texts(tree, planned, known, files, report, progress)
        _recognise(texts, known, job, readers)
        here = _bodies(session, job.choices.language)
    slugs = {text.slug for _, text in texts} | set(known.elsewhere.values())
    for page, text in texts:
        made = render(text.body, language=job.choices.language, links=partial(_there, slugs))
        tell(report, page, made)
        article = here.get(known.slugs.get(page.name, ""))
        if page.name not in known.slugs:
            report.created += 1
        elif article == (text.title, text.summary, text.body):
            report.unchanged += 1
        else:
            report.updated += 1
    report.removed = sorted(known.published - {page.name for page in planned.pages})
    report.pictures = files.count
    return report


def _there(slugs: set[str], asked: Collection[Asked]) -> dict[Asked, Target]:
    """As if all of it were here already."""
    return {
        one: Target("/kb/there", width=1, height=1)
        for one in asked
        if one.kind != "article" or one.key in slugs
    }


def _read(job: Job) -> tuple[Report, Tree, Plan]:
    report = Report()
    tree = trees.locate(job.folder, job.choices.language)
    planned = plan(tree, tree.root, report)
    if not planned.pages:
        raise trees.NoPages(f"{tree.root} has no Markdown that could be imported")
    return report, tree, planned


def _known(job: Job, planned: Plan, readers: sessionmaker[Session]) -> Known:
    with readers() as session:
        see(session, PLATFORM)
        return knowing.read(session, f"{job.name}:", job.choices.language, planned.pages)


def _texts(
    tree: Tree, planned: Plan, known: Known, files: Files, report: Report, progress: Progress
) -> list[tuple[Page, Text]]:
    for page in knowing.name_pages(planned.pages, known):
        report.say(page.file, 0, "slug_taken", page.slug)
    slugs = {**known.elsewhere, **{page.name: page.slug for page in planned.pages}}
    index = Index(planned.pages, tree.bases)
    original = None
    if tree.original is not None:
        original = Index(plan(tree, tree.original, Report()).pages, tree.bases)
    texts = []
    for number, page in enumerate(planned.pages, 1):
        say = teller(page, report)
        turning = Turning(
            tree,
            index,
            original,
            lambda hit: slugs.get(hit.name, ""),
            partial(files.kept, say=say),
            say,
        )
        if (text := _text(page, turning, report)) is not None:
            texts.append((page, text))
        if not number % 25 or number == len(planned.pages):
            progress("reading", number, len(planned.pages))
    return texts


def _text(page: Page, turning: Turning, report: Report) -> Text | None:
    body = converted(page, turning)
    if not body.strip() and not page.summary:
        report.say(page.file, 0, "empty")
        report.skipped += 1
        return None
    try:
        return checked(Text(page.slug, page.title, page.summary, body, page.labels))
    except BadText as error:
        report.say(page.file, 0, "too_long", " ".join(error.problems))
        report.skipped += 1
        return None


def _recognise(
    texts: Sequence[tuple[Page, Text]], known: Known, job: Job, readers: sessionmaker[Session]
) -> None:
    """A file that only got another name: its article goes on, and leads from its former address."""
    names = {page.name for page, _ in texts}
    lost = {name for name in known.slugs if name not in names}
    fresh = [
        (page, text)
        for page, text in texts
        if page.name not in known.topics and page.topic_id is None
    ]
    if not lost or not fresh:
        return
    with readers() as session:
        see(session, PLATFORM)
        keys = {known.topics[name]: name for name in lost}
        rows = select(Article.topic_id, Article.title, Article.body).where(
            Article.topic_id.in_(keys), Article.language == job.choices.language
        )
        former = {(title, body): keys[topic_id] for topic_id, title, body in session.execute(rows)}
    for page, text in fresh:
        name = former.pop((text.title, text.body), None)
        if name is not None:
            known.topics[page.name] = known.topics.pop(name)
            known.slugs[page.name] = known.slugs.pop(name)
            known.published.discard(name)


def _bodies(session: Session, language: str) -> dict[str, tuple[str, str, str]]:
    rows = select(Article.slug, Article.title, Article.summary, Article.body)
    found = session.execute(rows.where(Article.language == language))
    return {slug: (title, summary, body) for slug, title, summary, body in found}
