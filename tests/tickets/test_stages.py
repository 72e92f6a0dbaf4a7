from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.policy.loader import load_pack, shipped_packs
from portal.tickets.stages import as_reached, marks_of, steps_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class Line:
    kind: str
    minute: int = 0
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return NOON + timedelta(minutes=self.minute)


def progress(pack_key, *lines, category="scheduling", plan="business"):
    pack = load_pack(pack_key)
    steps = steps_of(pack.stages, marks_of(lines), category=category, plan=plan)
    return [(step.stage.key, step.progress) for step in steps]


def test_a_fresh_ticket_waits_at_the_second_stage():
    assert progress("module-46", Line("opened")) == [
        ("received", "done"),
        ("triage", "current"),
        ("response", "ahead"),
        ("resolution", "ahead"),
    ]


def test_an_answer_reaches_sorting_as_well():
    told = progress("module-46", Line("opened"), Line("agent_replied", 5))
    assert told[1:3] == [("triage", "done"), ("response", "done")]


def test_a_stage_left_out_stays_current_while_a_later_one_is_done():
    told = dict(progress("buildr-plannr", Line("opened"), Line("assigned", 1)))
    assert told["response"] == "current"
    assert told["ownership"] == "done"


def test_stages_of_other_categories_and_plans_are_skipped():
    told = dict(progress("buildr-plannr", Line("opened"), category="bug", plan="standard"))
    assert told["recovery"] == told["enterprise"] == "skipped"
    told = dict(progress("buildr-plannr", Line("opened"), category="billing", plan="enterprise"))
    assert "skipped" not in told.values()


def test_the_second_answer_is_an_update():
    marks = marks_of([Line("opened"), Line("agent_replied", 1), Line("agent_replied", 9)])
    assert marks["responded"] == NOON + timedelta(minutes=1)
    assert marks["updated"] == NOON + timedelta(minutes=9)


def test_a_reply_taken_back_never_was():
    about = {"message_id": "m1"}
    lines = [
        Line("opened"),
        Line("agent_replied", 1, about),
        Line("resolved", 1, about),
        Line("reply_withdrawn", 2, about),
    ]
    assert set(marks_of(lines)) == {"created"}


def test_reopening_takes_the_end_back_and_a_new_end_counts_from_then():
    lines = [Line("opened"), Line("resolved", 1), Line("closed", 2), Line("reopened", 3)]
    assert set(marks_of(lines)) == {"created"}
    marks = marks_of([*lines, Line("resolved", 4)])
    assert marks["resolved"] == NOON + timedelta(minutes=4)


def test_a_stage_is_reached_when_its_first_mark_is():
    pack = load_pack("module-46")
    lines = [Line("opened"), Line("assigned", 2), Line("agent_replied", 7)]
    steps = steps_of(pack.stages, marks_of(lines), category="bug", plan="business")
    assert steps[1].at == NOON + timedelta(minutes=2)
    assert steps[-1].at is None


@pytest.mark.parametrize("key", shipped_packs())
def test_every_pack_begins_with_what_a_new_ticket_has_and_ends_done(key):
    first, *_rest = progress(key, Line("opened"))
    assert first[1] == "done"
    ended = progress(
        key, Line("opened"), Line("assigned"), Line("triaged"), Line("agent_replied"),
        Line("agent_replied"), Line("escalated"), Line("resolved"), Line("rated"), Line("closed"),
    )  # fmt: skip
    assert {state for _, state in ended} <= {"done", "skipped"}


def test_a_history_without_words_marks_nothing():
    assert marks_of([]) == {}
    assert marks_of([Line("noted"), Line("warned"), Line("page_accepted")]) == {}


def reached(pack_key, *lines, category="scheduling", plan="business"):
    pack = load_pack(pack_key)
    steps = as_reached(steps_of(pack.stages, marks_of(lines), category=category, plan=plan))
    return [(step.stage.key, step.progress) for step in steps]


def test_who_waits_stands_at_the_last_stage_reached():
    assert reached("module-46", Line("opened"), Line("assigned")) == [
        ("received", "done"),
        ("triage", "current"),
        ("response", "ahead"),
        ("resolution", "ahead"),
    ]


def test_who_waits_does_not_see_what_is_not_for_them_and_no_leap_over_a_gap():
    told = reached("buildr-plannr", Line("opened"), Line("assigned"), plan="standard")
    assert ("triage", "current") in told
    assert ("ownership", "done") in told
    assert "enterprise" not in dict(told)


def test_at_the_end_the_last_stage_is_current():
    told = reached("module-46", Line("opened"), Line("agent_replied"), Line("resolved"))
    assert told[-1] == ("resolution", "current")
    assert {state for _, state in told[:-1]} == {"done"}


def test_a_ticket_closed_unanswered_is_at_its_end():
    told = reached("module-46", Line("opened"), Line("closed"))
    assert told[-1] == ("resolution", "current")
    assert ("response", "ahead") in told
