from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import routing
from portal.core.routing import (
    READ_AT_MOST,
    Candidate,
    CategoryRule,
    IntentRule,
    Phrase,
    Reason,
    Rules,
    SeverityRule,
    SignalRule,
    choose_agent,
    suggest,
)


def phrases(*written):
    return tuple(Phrase.of(text) for text in written)


RULES = Rules(
    severities=("P1", "P2", "P3"),
    categories=(
        CategoryRule("billing", "money", frozenset({"billing"}), phrases("refund*", "invoice")),
        CategoryRule("scheduling", "support", frozenset({"scheduling"}), phrases("schedule")),
        CategoryRule("other", "support"),
    ),
    default_category="other",
    default_severity="P3",
    severity_rules=(
        SeverityRule("outage", "P1", phrases("is down", "está caído")),
        SeverityRule("broken", "P2", phrases("broken", "can't")),
        SeverityRule("idea", "P3", phrases("idea")),
    ),
    signals=(
        SignalRule("many", phrases("all our clients"), floor="P2", escalate=True),
        SignalRule("security", phrases("hacked"), floor="P1", team="guards", escalate=True),
    ),
    intents=(
        IntentRule("refunds", category="billing", severity="P2"),
        IntentRule("breach", team="guards"),
        IntentRule("help"),
    ),
)


def asked(text, module=None, intent=None):
    return suggest(text, module=module, intent=intent, rules=RULES)


def reason_for(found, about):
    return next(reason for reason in found.reasons if reason.about == about)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("The app IS DOWN!", ("IS DOWN",)),
        ("the app is\n  down", ("is down",)),
        ("El sistema ESTÁ CAÍDO", ("ESTÁ CAÍDO",)),
        ("el sistema esta caido", ("esta caido",)),
        ("el sistema está caído", ("está caído",)),
    ],
)
def test_words_are_heard_blind_to_case_accents_and_spacing(text, heard):
    found = asked(text)
    assert found.severity == "P1"
    assert reason_for(found, "severity") == Reason("severity", "P1", "words", "outage", heard)


@pytest.mark.parametrize("text", ["brokenness", "unbroken", "ideas", "isdown", "is  not down"])
def test_parts_of_words_are_not_heard(text):
    assert asked(text).severity == "P3"
    assert reason_for(asked(text), "severity").because == "default"


def test_a_star_takes_any_ending_but_no_other_beginning():
    assert asked("two refunds please").category == "billing"
    assert reason_for(asked("two Refunds please"), "category").words == ("Refunds",)
    assert asked("prerefund").category == "other"


def test_an_apostrophe_in_a_phrase_is_heard_typed_either_way():
    assert asked("I can't save").severity == "P2"
    assert asked("I can’t save").severity == "P2"


def test_the_gravest_rule_wins_whatever_the_order_of_words():
    assert asked("an idea: fix what is broken, it is down").severity == "P1"


def test_module_counts_as_much_as_two_words():
    assert asked("an invoice", module="scheduling").category == "scheduling"
    assert asked("invoice", module="billing").category == "billing"
    wordy = "invoice refund schedule"
    assert asked(wordy, module="billing").category == "billing"


def test_a_phrase_counts_once():
    """Repeating a word is no argument against the page someone stands on."""
    assert asked("invoice " * 50, module="scheduling").category == "scheduling"


def test_module_reason_keeps_the_words_that_agree():
    reason = reason_for(asked("the schedule is empty", module="scheduling"), "category")
    assert reason == Reason("category", "scheduling", "module", "scheduling", ("schedule",))


def test_unknown_module_and_intent_say_nothing():
    found = asked("hello", module="nowhere", intent="nothing")
    assert (found.category, found.severity, found.team) == ("other", "P3", "support")
    assert {reason.because for reason in found.reasons} == {"default", "category"}


def test_equal_scores_go_to_the_rule_named_first():
    assert asked("schedule invoice").category == "billing"


def test_intent_decides_the_category_over_words_and_module():
    found = asked("schedule", module="scheduling", intent="refunds")
    assert (found.category, found.team) == ("billing", "money")
    assert reason_for(found, "category").because == "intent"


def test_intent_raises_severity_but_never_lowers_it():
    assert asked("hello", intent="refunds").severity == "P2"
    assert asked("it is down", intent="refunds").severity == "P1"


def test_intent_without_a_category_leaves_it_to_the_text():
    assert asked("schedule", intent="help").category == "scheduling"
    assert asked("schedule", intent="breach").team == "guards"


def test_signals_raise_severity_and_escalate():
    found = asked("an idea for all our clients")
    assert (found.severity, found.escalate, found.signals) == ("P2", True, ("many",))
    assert reason_for(found, "severity") == Reason("severity", "P2", "signal", "many")
    assert reason_for(found, "signal").words == ("all our clients",)


def test_a_signals_team_goes_before_intent_and_category():
    found = asked("we were hacked, refund us", intent="refunds")
    assert (found.team, found.category) == ("guards", "billing")
    assert reason_for(found, "team").because == "signal"


def test_every_suggestion_says_why():
    found = asked("refund")
    assert [reason.about for reason in found.reasons] == ["category", "severity", "team"]
    assert reason_for(found, "team") == Reason("team", "money", "category", "billing")


def test_text_is_read_only_so_far():
    assert asked("x " * (READ_AT_MOST // 2) + "it is down").severity == "P3"
    assert asked("x " * (READ_AT_MOST // 2 - 20) + "it is down").severity == "P1"


@pytest.mark.parametrize("filler", ["ﷺ", "is ", "a", "\u0301", "🙂 ", "is down" * 3])
def test_of_hostile_text_no_more_is_worked_on(filler, monkeypatch):
    worked_on, usual = [], routing._fold

    def fold(word):
        worked_on.append(len(word))
        return usual(word)

    monkeypatch.setattr(routing, "_fold", fold)
    asked(filler * 2_000_000)
    assert sum(worked_on) <= READ_AT_MOST


@pytest.mark.parametrize("written", ["", "  ", "*", "!?", "\u0301"])
def test_a_phrase_without_words_is_refused(written):
    with pytest.raises(ValueError, match="no word to listen for"):
        Phrase.of(written)


@given(st.text(), st.none() | st.text(), st.none() | st.text())
def test_any_text_gets_an_answer_with_known_names(text, module, intent):
    found = asked(text, module, intent)
    assert found == asked(text, module, intent)
    assert found.category in {"billing", "scheduling", "other"}
    assert found.severity in RULES.severities
    assert found.team in {"money", "support", "guards"}


@given(st.text(), st.text())
def test_what_is_heard_is_heard_within_any_text(before, after):
    found = asked(f"{before[:200]} it is down {after}")
    assert found.severity == "P1"


NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def agent(name, **facts):
    plain = {"tier": 1, "teams": frozenset({"support"}), "languages": frozenset({"en"})}
    return Candidate(agent_id=name, name=name.title(), **(plain | facts))


def chosen(*candidates, tier=1, language="en", module=None):
    return choose_agent(
        candidates,
        team="support",
        category="scheduling",
        tier=tier,
        language=language,
        module=module,
    )


def passed_over(choice):
    return {passed.agent_id: passed.because for passed in choice.passed_over}


def test_nobody_there_is_said():
    choice = chosen(agent("ana", available=False), agent("ben", active=20))
    assert choice.agent_id is None
    assert choice.merits == ()
    assert passed_over(choice) == {"ana": "away", "ben": "full"}
    assert chosen().agent_id is None


def test_lower_tiers_cannot_take_it():
    choice = chosen(agent("ana", tier=1), agent("ben", tier=3), tier=2)
    assert choice.agent_id == "ben"
    assert passed_over(choice) == {"ana": "tier"}


def test_the_nearest_tier_is_taken():
    choice = chosen(agent("ana", tier=3), agent("ben", tier=2), tier=2)
    assert choice.agent_id == "ben"
    assert passed_over(choice) == {"ana": "tier"}


def test_team_goes_before_speciality():
    outsider = agent("ana", teams=frozenset({"x"}), specialities=frozenset({"scheduling"}))
    choice = chosen(outsider, agent("ben"))
    assert choice.agent_id == "ben"
    assert passed_over(choice) == {"ana": "team"}


def test_speciality_may_be_the_category_or_the_module():
    by_module = agent("ana", specialities=frozenset({"gantt"}))
    assert chosen(agent("aaa"), by_module, module="gantt").agent_id == "ana"
    by_category = agent("zoe", specialities=frozenset({"scheduling"}))
    assert chosen(agent("aaa"), by_category).agent_id == "zoe"


def test_language_goes_before_load():
    spanish = agent("ana", languages=frozenset({"en", "es"}), active=15)
    choice = chosen(spanish, agent("ben", active=0), language="es")
    assert choice.agent_id == "ana"
    assert passed_over(choice) == {"ben": "language"}


def test_load_is_the_share_of_what_one_can_take():
    half_full = agent("ana", active=5, max_active=10)
    third_full = agent("ben", active=10, max_active=30)
    choice = chosen(half_full, third_full)
    assert choice.agent_id == "ben"
    assert passed_over(choice) == {"ana": "load"}
    assert "load" in choice.merits


def test_of_equals_whoever_waited_longest():
    lately = agent("ana", last_assigned_at=NOW)
    earlier = agent("ben", last_assigned_at=NOW - timedelta(hours=1))
    never = agent("zoe")
    choice = chosen(lately, earlier, never)
    assert choice.agent_id == "zoe"
    assert passed_over(choice) == {"ana": "longest_since", "ben": "longest_since"}
    assert chosen(lately, earlier).agent_id == "ben"


def test_at_last_the_id_decides_whatever_the_order_given():
    ana, ben = agent("ana"), agent("ben")
    assert chosen(ana, ben) == chosen(ana, ben)
    assert chosen(ben, ana).agent_id == chosen(ana, ben).agent_id == "ana"


def test_merits_say_what_speaks_for_the_chosen():
    specialist = agent("ana", specialities=frozenset({"scheduling"}), active=3)
    choice = chosen(specialist, agent("ben"))
    assert choice.merits == ("team", "speciality", "language", "tier")
    assert choice.name == "Ana"


def test_someone_who_takes_no_tickets_is_full():
    assert passed_over(chosen(agent("ana", max_active=0))) == {"ana": "full"}


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        agent_id=st.text(min_size=1),
        name=st.just("x"),
        tier=st.integers(1, 3),
        teams=st.frozensets(st.sampled_from(["support", "billing"])),
        specialities=st.frozensets(st.sampled_from(["scheduling", "billing"])),
        available=st.booleans(),
        active=st.integers(0, 5),
        max_active=st.integers(0, 5),
        last_assigned_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    ),
    unique_by=lambda candidate: candidate.agent_id,
)


@given(CANDIDATES, st.integers(1, 3))
def test_the_chosen_can_take_it_and_everybody_else_is_explained(candidates, tier):
    choice = chosen(*candidates, tier=tier)
    able = [c for c in candidates if c.available and c.active < c.max_active and c.tier >= tier]
    assert (choice.agent_id is None) == (not able)
    assert choice.agent_id is None or choice.agent_id in {c.agent_id for c in able}
    explained = {passed.agent_id for passed in choice.passed_over}
    assert explained == {c.agent_id for c in candidates} - {choice.agent_id}
    assert chosen(*reversed(candidates), tier=tier).agent_id == choice.agent_id


def test_work_spreads_evenly():
    """A hundred tickets over four agents of different size: nobody's share runs ahead."""
    sizes = {"ana": 10, "ben": 20, "eva": 30, "zoe": 40}
    active = dict.fromkeys(sizes, 0)
    last: dict[str, datetime] = {}
    for minute in range(100):
        choice = chosen(
            *(
                agent(name, active=active[name], max_active=size, last_assigned_at=last.get(name))
                for name, size in sizes.items()
            )
        )
        active[choice.agent_id] += 1
        last[choice.agent_id] = NOW + timedelta(minutes=minute)
    assert active == sizes
