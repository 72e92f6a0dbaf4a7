from datetime import timedelta

import pytest

from portal.foundation.clock import utcnow
from portal.policy import service as policy
from portal.policy.loader import load_pack
from tests.fixtures.world import NOW
from tests.support.statements import counted
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")


def test_a_visitor_is_shown_the_ways_in(app):
    page = app.test_client().get("/").text
    assert "/sign-in" in page
    assert 'href="/contact"' in page
    assert "/support?intent=billing" in page


@pytest.mark.parametrize("who", ["agent", "manager", "admin"])
def test_staff_go_to_their_queue(world, sign_in, who):
    answer = sign_in(getattr(world, who)).get("/")
    assert answer.status_code == 302
    assert answer.location == "/queue"


def test_an_owner_sees_what_the_plan_promises(world, sign_in):
    page = sign_in(world.owner).get("/").text
    assert "Report a problem" in page
    assert "Your plan: Business" in page
    assert "within 1 hour" in page
    assert "within 4 working hours" in page
    assert "Upgrade" not in page  # business has every channel


def test_what_a_plan_lacks_is_offered_to_the_builder(world, sign_in):
    page = sign_in(world.stranger).get("/").text
    assert "Your plan: Free/Starter" in page
    assert "Phone support is available on Business and Enterprise plans — Upgrade" in page
    assert "as soon as we can" in page


def test_a_client_sees_the_builder_first_and_never_a_plan(world, session, sign_in):
    builder = session.merge(world.acme)
    builder.contact_name, builder.contact_phone = "Acme client care", "+1 555 0100"
    builder.contact_hours, builder.contact_email = "Mon–Fri 8–17", "care@acme.test"
    builder.plan = "starter"
    session.commit()
    page = sign_in(world.client).get("/").text
    for known in ("Acme client care", "+1 555 0100", "care@acme.test", "Mon–Fri 8–17"):
        assert known in page
    assert "This site does not work" in page
    for hidden in ("Upgrade", "Your plan", "Starter", "Corbel"):
        assert hidden not in page


def test_an_open_emergency_window_names_its_line_to_the_builder_alone(app, world, session, sign_in):
    builder = session.merge(world.acme)
    builder.plan = "agency"
    policy.grant_window(
        session,
        load_pack("studiovault"),
        builder,
        starts_at=NOW - timedelta(hours=1),
        ends_at=NOW + timedelta(hours=5),
        hotline="+1 555 0199",
        by=world.manager,
        at=NOW - timedelta(hours=2),
    )
    session.commit()
    assert "+1 555 0199" in sign_in(world.owner).get("/").text
    assert "+1 555 0199" not in sign_in(world.client).get("/").text
    assert "+1 555 0199" not in sign_in(world.stranger).get("/").text


def test_the_latest_tickets_stand_there_with_their_clocks(world, session, pack, sign_in):
    filed(session, pack, world.owner, NOW - timedelta(minutes=5), subject="Roof is <b>blue</b>")
    late = NOW - timedelta(days=4)
    filed(session, pack, world.pm, late, subject="Long forgotten")
    session.commit()
    page = sign_in(world.owner).get("/").text
    assert "Roof is &lt;b&gt;blue&lt;/b&gt;" in page
    assert "Long forgotten" in page
    assert "over" in page
    assert "Long forgotten" not in sign_in(world.client).get("/").text


@pytest.mark.parametrize("key", ["billing", "legal", "docs", "enterprise", "security", "settings"])
def test_an_intent_opens_its_form(app, world, sign_in, pack, key):
    answer = sign_in(world.owner).get(f"/support?intent={key}&module=invoicing&url=/invoices/7")
    assert answer.location == f"/tickets/new?intent={key}&module=invoicing&url=%2Finvoices%2F7"
    assert app.test_client().get(f"/support?intent={key}").location == f"/contact?intent={key}"
    page = sign_in(world.owner).get(answer.location).text
    assert pack.intents[key].title.to("en") in page
    for field in pack.intents[key].fields:
        assert f'name="answer-{field.key}"' in page


@pytest.mark.parametrize("key", ["", "nonsense", "%00", "../etc"])
def test_an_unknown_intent_leads_home(world, sign_in, key):
    assert sign_in(world.owner).get(f"/support?intent={key}").location == "/"


def test_home_asks_few_questions(world, session, pack, sign_in, runtime):
    for _number in range(7):
        filed(session, pack, world.owner, utcnow())
    session.commit()
    client = sign_in(world.owner)
    client.get("/")
    with counted(runtime.engine) as statements:
        assert client.get("/").status_code == 200
    assert len(statements) <= 10, statements


def test_home_speaks_spanish(app):
    page = app.test_client().get("/", headers={"Accept-Language": "es"}).text
    assert '<html lang="es"' in page
    assert "Facturación" in page
