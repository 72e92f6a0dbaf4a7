import json

import pytest

from portal.policy.loader import load_pack
from portal.tickets.suggestions import from_facts, propose, reason_for, team_for, to_facts

PACK = load_pack("module-46")


def test_words_and_module_suggest_with_their_reasons():
    told = propose(PACK, "Nobody can work", module="invoicing")
    assert (told.severity, told.category) == ("P1", "invoicing")
    assert reason_for(told, "severity").words == ("Nobody can",)
    assert reason_for(told, "category").because == "module"


def test_another_category_brings_its_team():
    told = propose(PACK, "How do I sync with QuickBooks?")
    assert team_for(PACK, told, told.category) == told.team
    assert team_for(PACK, told, "billing") == "billing"


@pytest.mark.parametrize(
    ("text", "intent", "team"), [("We were hacked", "", "security"), ("x", "security", "security")]
)
def test_a_warning_sign_or_an_intent_keeps_its_team(text, intent, team):
    told = propose(PACK, text, intent=intent)
    assert team_for(PACK, told, "scheduling") == team


def test_what_is_kept_comes_back_whole():
    told = propose(PACK, "several customers were hacked, nobody can pay", module="scheduling")
    facts = json.loads(json.dumps(to_facts(told)))
    assert from_facts(facts) == told
    assert told.escalate
    assert from_facts({}) is None
