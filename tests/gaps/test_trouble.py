"""What readers missed is counted from what they did, and set aside until it grows again."""

from datetime import timedelta

import pytest

from portal.core.gaps import is_back, plan_weights, weight_of
from portal.gaps import service
from portal.gaps.queries import trouble as queries
from tests.fixtures.database import KIND
from tests.support.plans import planned
from tests.tickets.making import filed

MONTH = timedelta(days=30)


def found(session, kind, now):
    session.flush()
    return {one.key: one for one in queries.troubles(session, kind, now - MONTH)}


def test_plans_weigh_by_their_order():
    weights = plan_weights(["starter", "business"])
    assert weights == {"starter": 1, "business": 2}
    assert weight_of({"": 2, "business": 3, "gone": 1}, weights) == 9


def test_as_many_again_bring_it_back_and_two_at_least():
    assert [is_back(since, before) for since, before in ((1, 0), (2, 0), (4, 5), (5, 5))] == [
        *(False, True, False, True)
    ]


def test_searches_in_vain_by_people(session, readers, now):
    readers.searched("a business", "Gantt export")
    readers.searched("a business", "gantt export")
    readers.searched("b starter", "gantt export", hours=5)
    readers.searched("c", "exportar gantt", language="es")
    readers.searched("d", "gantt", hits=3)
    readers.searched("e", "gantt export", hours=24 * 40)
    there = found(session, "nothing_found", now)
    assert set(there) == {"en:gantt export", "es:exportar gantt"}
    one = there["en:gantt export"]
    assert (one.people, one.times, one.plans) == (2, 3, {"business": 1, "starter": 1})
    assert one.last == now - timedelta(hours=1)
    assert one.name.lower() == "gantt export"


def test_what_the_platforms_own_people_look_up_is_no_gap(session, readers, now):
    readers.searched("a", "gantt export").role = "agent"
    assert found(session, "nothing_found", now) == {}


def test_searches_of_which_nothing_was_opened(session, readers, now):
    readers.searched("a", "holidays", hits=4)
    readers.searched("b", "calendar", hits=4, opened={"kind": "article", "id": "1"})
    readers.searched("c", "weather", hits=4, surface="api")
    assert set(found(session, "not_opened", now)) == {"en:holidays"}


def test_articles_that_did_not_help_with_their_reasons(session, readers, article, now):
    readers.said_no("a", article, "outdated", "The button is gone")
    readers.said_no("b", article, "outdated")
    readers.said_no("c", article)
    one = found(session, "unhelpful", now)[str(article.id)]
    assert (one.name, one.module, one.people) == ("Move a task", "scheduling", 3)
    assert one.reasons == {"outdated": 2, "": 1}
    comments = [row.comment for row in queries.examples(session, "unhelpful", one.key, now - MONTH)]
    assert "The button is gone" in comments


def test_articles_after_which_a_ticket_came(session, pack, world, readers, article, now):
    ticket = filed(session, pack, world.pm, now)
    readers.read("a", article, ticket_id=ticket.id)
    readers.read("b", article)
    assert found(session, "asked_after", now)[str(article.id)].people == 1


def test_screens_with_nothing_to_show(session, readers, now):
    readers.pressed("a", "scheduling.board")
    readers.pressed("b", "", "/projects/{id}/quotes")
    readers.pressed("c", "budget.list", shown=3)
    assert set(found(session, "no_help", now)) == {"scheduling.board", "/projects/{id}/quotes"}


@pytest.mark.parametrize("key", ["nobody", "", "00000000-0000-7000-8000-000000000000"])
@pytest.mark.parametrize("kind", queries.LOGS)
def test_what_nobody_missed_has_no_examples(session, readers, now, kind, key):
    assert queries.trouble(session, kind, key, now - MONTH) is None
    assert queries.examples(session, kind, key, now - MONTH) == []


def test_set_aside_and_back_again(session, world, readers, now):
    readers.searched("a", "gantt export")
    readers.searched("b", "gantt export")
    [one] = found(session, "nothing_found", now).values()
    service.settle(session, one, "dismissed", "There is none", by=world.agent, at=now)
    [one] = found(session, "nothing_found", now).values()
    assert not service.is_open(one)
    with pytest.raises(service.SettledAlready):
        service.settle(session, one, "done", "", by=world.second, at=now)
    readers.searched("a", "gantt export", hours=-1)
    [one] = found(session, "nothing_found", now).values()
    assert (one.since, service.is_open(one)) == (1, False)
    readers.searched("c", "gantt export", hours=-1)
    [one] = found(session, "nothing_found", now).values()
    assert service.is_open(one)
    service.settle(session, one, "done", "Written", by=world.second, at=now + timedelta(hours=2))
    [one] = found(session, "nothing_found", now).values()
    assert (one.settled.fate, one.settled.people, service.is_open(one)) == ("done", 3, False)
    service.reopen(session, one.kind, one.key, by=world.agent)
    [one] = found(session, "nothing_found", now).values()
    assert service.is_open(one)


def test_a_draft_begins_with_the_words(session, world, readers, now):
    readers.searched("a", "exportar gantt", language="es", module="scheduling")
    [one] = found(session, "nothing_found", now).values()
    draft = service.begin(session, one, "Exportar gantt", "en", by=world.agent, at=now)
    assert (draft.title, draft.article.language) == ("Exportar gantt", "es")
    assert (draft.article.topic.module_tag, draft.labels) == ("scheduling", ["exportar gantt"])


@pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")
def test_the_logs_are_read_through_their_time(runtime, session, readers, now):
    session.commit()
    with planned(runtime.engine) as plans:
        for kind in queries.LOGS:
            queries.troubles(session, kind, now - MONTH)
    logs = {"search_queries", "kb_feedback", "kb_readings", "guidance_presses"}
    for plan in plans:
        assert {f"SCAN {log}" for log in logs}.isdisjoint(plan.splitlines()), plan
