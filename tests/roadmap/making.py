"""The roadmap as people make it."""

from datetime import datetime

from portal.releases.models import Release, ReleaseText, State
from portal.roadmap.models import Stage
from portal.roadmap.service import writing
from portal.roadmap.service.writing import Plan, Words
from tests.fixtures.world import NOW


def plan(title="Photos on daily logs", description="From the **phone**", **facts):
    es = facts.pop("es", None)
    texts = {"en": Words(title, description)} | ({"es": Words(es, "En español")} if es else {})
    known = {"quarter": "2026-Q4", "module": "scheduling", **facts}
    return Plan(texts=texts, **known)


def internal(session, by, title="Photos on daily logs", *, at=NOW, **facts):
    return writing.add(session, plan(title, **facts), by=by, at=at)


def public(session, by, title="Photos on daily logs", *, at=NOW, **facts):
    item = internal(session, by, title, at=at, **facts)
    writing.publish(session, item, item.edition, by=by, at=at)
    return item


def shipped(session, by, title="Budgets from earlier projects", **facts):
    return public(session, by, title, stage=Stage.SHIPPED, **facts)


def release(session, *, number=1001, version="2.4", state=State.PUBLISHED, at: datetime = NOW):
    row = Release(number=number, version=version, state=state, created_at=at, updated_at=at)
    row.published_at = at if state == State.PUBLISHED else None
    session.add(row)
    session.flush()
    session.add(ReleaseText(release_id=row.id, language="en", title="Autumn"))
    session.flush()
    return row
