import pytest

from portal.policy.loader import load_pack, shipped_packs
from portal.policy.pack import MARKS
from portal.policy.stages import checklist, stepper


def seen(pack, *marks, category="question", plan="x"):
    views = stepper(load_pack(pack), marks=marks, category=category, plan=plan)
    return [(view.stage.key, view.reached, view.current) for view in views]


def test_a_new_ticket_stands_before_triage():
    assert seen("luneo", "created") == [
        ("intake", True, False),
        ("triage", False, True),
        ("acknowledged", False, False),
        ("resolution", False, False),
    ]


def test_an_answer_implies_triage():
    assert [reached for _, reached, _ in seen("luneo", "created", "responded")] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("pack", shipped_packs())
def test_at_the_end_every_stage_is_reached(pack):
    assert all(reached for _, reached, _ in seen(pack, *MARKS))
    assert not any(current for _, _, current in seen(pack, *MARKS))


@pytest.mark.parametrize("pack", shipped_packs())
def test_a_new_ticket_has_one_next_stage(pack):
    assert sum(current for _, _, current in seen(pack, "created")) == 1


@pytest.mark.parametrize(
    ("category", "plan", "extra"),
    [
        ("question", "x", set()),
        ("billing", "x", {"recovery"}),
        ("account", "x", {"recovery"}),
        ("enterprise", "x", {"enterprise"}),
        ("billing", "enterprise", {"recovery", "enterprise"}),
        ("question", "enterprise", {"enterprise"}),
    ],
)
def test_recovery_and_enterprise_concern_only_some(category, plan, extra):
    keys = {key for key, _, _ in seen("buildr-plannr", category=category, plan=plan)}
    assert keys == {"intake", "triage", "response", "ownership", "resolution"} | extra


def test_checks_are_ticked_by_hand_or_by_what_happened():
    pack = load_pack("luneo")
    views = {
        view.check.key: (view.done, view.by_itself)
        for view in checklist(pack, marks={"created", "assigned"}, ticked={"source", "unknown"})
    }
    assert views == {
        "source": (True, False),
        "severity": (False, False),
        "owner": (True, True),
        "acknowledge": (False, False),
        "escalate": (False, False),
    }
