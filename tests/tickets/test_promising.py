from datetime import timedelta
from uuid import uuid4

import pytest

from portal.core.entitlements import Window
from portal.core.permissions import Role
from portal.policy.loader import load_pack, shipped_packs
from portal.policy.pack import UnknownName
from portal.policy.wording import Voice
from portal.tickets.promising import answered_by, as_promised, before_sending, spoken_plan
from portal.tickets.queries import entries
from tests.fixtures.world import NOW
from tests.tickets.making import filed

NEW_YORK = "America/New_York"


def said(role=Role.OWNER, plan="business", severity="P1", key="module-46", language="en", **more):
    voice = Voice(load_pack(key), language, NEW_YORK)
    return before_sending(
        voice, severity=severity, plan=plan, channel="in_app", role=role, at=NOW, **more
    )


def test_a_builder_hears_the_plan():
    assert said() == "We'll answer by Tue 24 Nov, 11:00, on your Business plan."


@pytest.mark.parametrize("role", [Role.CLIENT, Role.VENDOR, Role.GUEST])
def test_who_pays_for_what_is_none_of_a_portal_users_business(role):
    assert said(role) == "We'll answer by Tue 24 Nov, 11:00."


def test_spanish():
    assert said(language="es").startswith("Te responderemos antes del martes 24 de noviembre")


def test_the_hotline_of_a_window_is_told_to_the_builder_alone():
    window = Window(uuid4(), NOW - timedelta(hours=1), NOW + timedelta(hours=9), "+1 555 0199")
    about = {"key": "studiovault", "plan": "agency", "severity": "SEV1", "window": window}
    assert "+1 555 0199" in said(**about)
    client = said(Role.CLIENT, **about)
    assert "+1 555 0199" not in client
    assert client.split(",")[1][:6] == said(**about).split(",")[1][:6]  # the same rapid date


def test_an_unknown_severity_is_named():
    with pytest.raises(UnknownName):
        said(severity="P9")


def test_a_plan_nobody_knows_counts_as_the_smallest():
    assert spoken_plan(load_pack("module-46"), "no-such", Role.OWNER).key == "starter"


@pytest.mark.parametrize("key", shipped_packs())
def test_every_severity_of_every_pack_has_a_sentence_and_its_date(key):
    pack = load_pack(key)
    for severity in pack.severities:
        for plan in pack.plans:
            assert said(key=key, severity=severity, plan=plan)
            by = answered_by(pack, severity=severity, plan=plan, channel="in_app", at=NOW)
            assert by is None or by > NOW


def test_what_was_promised_before_stands_on_the_ticket(session, pack, world):
    voice = Voice(pack, "en", NEW_YORK)
    for who in (world.owner, world.pm):
        ticket = filed(session, pack, who, NOW)
        before = before_sending(
            voice, severity="P2", plan=who.plan, channel="in_app", role=who.role, at=NOW
        )
        clocks = entries.clocks_of(session, [ticket.id])[ticket.id]
        assert as_promised(voice, ticket, clocks) == before
