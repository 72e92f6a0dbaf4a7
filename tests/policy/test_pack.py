import pytest

from portal.core.targets import parse_target
from portal.policy.loader import load_pack, shipped_packs
from portal.policy.pack import UnknownName

INTENTS = {"billing", "legal", "docs", "enterprise", "security", "account-recovery", "settings"}


@pytest.mark.parametrize("key", shipped_packs())
def test_every_pack_has_the_seven_intents(key):
    pack = load_pack(key)
    assert set(pack.intents) == INTENTS
    for intent in pack.intents.values():
        assert intent.category is None or intent.category in pack.categories
        assert intent.team is None or intent.team in pack.teams


@pytest.mark.parametrize(
    ("key", "category"),
    [("module-46", "billing"), ("luneo", "billing"), ("studiovault", "payment")],
)
def test_the_billing_intent_leads_to_the_packs_own_category(key, category):
    assert load_pack(key).intents["billing"].category == category


@pytest.mark.parametrize("key", shipped_packs())
def test_every_intent_says_what_not_to_send(key):
    for intent in load_pack(key).intents.values():
        assert intent.never_send.to("en")


@pytest.mark.parametrize("key", shipped_packs())
def test_every_pack_finds_a_plan_for_everybody(key):
    pack = load_pack(key)
    for name in ("starter", "free", "professional", "pro", "business", "enterprise", "agency", "?"):
        assert pack.nearest_plan(name).key in pack.plans


@pytest.mark.parametrize("name", ["Business", "BUSINESS", "business"])
def test_plans_are_found_in_any_case(name):
    assert load_pack("module-46").plan(name).key == "business"


def test_who_distinguishes_plans():
    found = {key: load_pack(key).distinguishes_plans for key in shipped_packs()}
    assert found == {
        "buildr-plannr": True,
        "engineers": True,
        "luneo": False,
        "module-46": True,
        "studiovault": True,
    }


def test_promises_have_the_terms_of_each_clock():
    pack = load_pack("module-46")
    promises = pack.promises("P2", "business", "email")
    assert promises.first_response.target == parse_target("4h")
    assert promises.first_response.calendar is pack.business
    assert promises.first_response.zone == "America/New_York"
    assert promises.next_update.target == parse_target("10h")
    assert promises.resolution.target == parse_target("20h")
    urgent = pack.promises("P1", "business", "email")
    assert urgent.first_response.calendar is None
    assert pack.promises("P4", "business", "email").resolution is None


def test_an_emergency_changes_only_the_first_answer_of_what_it_covers():
    pack = load_pack("studiovault")
    plain = pack.promises("SEV2", "agency", "email")
    rapid = pack.promises("SEV2", "agency", "email", emergency=True)
    assert str(rapid.first_response.target) == "30min"
    assert rapid.first_response.calendar is None
    assert rapid.resolution == plain.resolution
    assert pack.promises("SEV3", "agency", "email", emergency=True) == pack.promises(
        "SEV3", "agency", "email"
    )


def test_a_pack_without_emergencies_ignores_one():
    pack = load_pack("luneo")
    assert pack.promises("P0", "any", "email", emergency=True) == pack.promises(
        "P0", "any", "email"
    )


@pytest.mark.parametrize(
    ("key", "severity", "tier", "team"),
    [
        ("module-46", "P1", 1, "support"),
        ("module-46", "P1", 3, "engineering"),
        ("module-46", "P1", 4, None),
        ("buildr-plannr", "S1", 2, "product"),
        ("engineers", "critical", 1, None),
    ],
)
def test_team_of_tier(key, severity, tier, team):
    assert load_pack(key).team_of_tier(severity, tier) == team


def test_rule_for_refuses_unknown_names():
    with pytest.raises(UnknownName, match='module-46 has no channel "fax"'):
        load_pack("module-46").rule_for("P1", "starter", "fax")


@pytest.mark.parametrize("key", shipped_packs())
def test_lifecycle(key):
    lifecycle = load_pack(key).lifecycle
    assert (lifecycle.reopen_days, lifecycle.undo_send_seconds) == (7, 15)


@pytest.mark.parametrize("key", shipped_packs())
def test_warnings_never_come_after_a_promise_is_broken(key):
    assert 0 < load_pack(key).escalation.warn_at < 1


@pytest.mark.parametrize("key", shipped_packs())
def test_ranks_run_from_the_gravest(key):
    severities = list(load_pack(key).severities.values())
    assert [severity.rank for severity in severities] == list(range(len(severities)))
    assert severities[0].urgent
    assert severities[0].tone == "burning"
    assert not severities[-1].urgent
