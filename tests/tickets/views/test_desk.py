"""The page of a ticket as agents see it, and who may see it."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from portal.core.permissions import SYSTEM
from portal.foundation import deliveries
from portal.foundation.deliveries import Status
from portal.tickets.models import Page, Ticket
from portal.tickets.service import assignment, conversation, states, triage
from portal.tickets.service.sweeping import sweep
from portal.tickets.suggestions import propose, to_facts
from tests.fixtures.world import NOW, closed_to
from tests.support.statements import counted
from tests.tickets.making import filed, words

pytestmark = pytest.mark.usefixtures("noon")
HTMX = {"HX-Request": "true"}
EARLIER = NOW - timedelta(hours=1)
NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # before NOW, outside office hours


@pytest.fixture
def ticket(session, pack, world) -> Ticket:
    made = filed(session, pack, world.owner, EARLIER)
    session.commit()
    return made


def answered(session, ticket, by, text="We are **on** it.", at=NOW - timedelta(minutes=30), **more):
    done = conversation.reply_as_agent(
        session, ticket, words(text), by=by, at=at, undo_seconds=15, **more
    )
    session.commit()
    return done.message


@pytest.mark.parametrize("who", ["agent", "second", "manager", "admin"])
def test_staff_see_any_ticket(world, ticket, sign_in, who):
    answer = sign_in(getattr(world, who)).get(f"/desk/{ticket.number}")
    assert answer.status_code == 200
    assert "Scheduling is down" in answer.text


VERBS = [
    ("GET", ""),
    ("GET", "/handover"),
    ("GET", "/resolution"),
    ("GET", "/closure"),
    ("GET", "/snooze"),
    ("GET", f"/messages/{uuid4()}/edition"),
    ("GET", f"/messages/{uuid4()}/versions"),
    ("POST", "/reply"),
    ("POST", "/note"),
    ("POST", "/draft"),
    ("POST", "/templates"),
    ("POST", "/preview"),
    ("POST", "/assignment"),
    ("POST", "/release"),
    ("POST", "/handover"),
    ("POST", "/severity"),
    ("POST", "/category"),
    ("POST", "/team"),
    ("POST", "/checks/context"),
    ("POST", "/checks/context/removal"),
    ("POST", "/waiting"),
    ("POST", "/resolution"),
    ("POST", "/closure"),
    ("POST", "/reopening"),
    ("POST", "/snooze"),
    ("POST", "/waking"),
    ("POST", f"/pages/{uuid4()}/acknowledgement"),
    ("POST", f"/messages/{uuid4()}/withdrawal"),
    ("POST", f"/messages/{uuid4()}/edition"),
]


@pytest.mark.parametrize("who", ["owner", "client"])
def test_customers_get_none_of_it(world, ticket, sign_in, who):
    actor = getattr(world, who)
    client = sign_in(actor)
    for method, path in VERBS:
        answer = client.open(f"/desk/{ticket.number}{path}", method=method)
        assert answer.status_code == closed_to(actor), f"{method} {path}"


def test_a_ticket_that_is_none_is_not_found(world, ticket, sign_in):
    client = sign_in(world.agent)
    for method, path in VERBS:
        answer = client.open(f"/desk/999{path}", method=method, data={"body": "x", "reason": ""})
        assert answer.status_code in {404, 422}, f"{method} {path}"
    assert client.get("/desk/999").status_code == 404


def test_ten_queries_at_most(runtime, session, pack, world, ticket, sign_in):
    for n in range(4):
        filed(session, pack, world.pm, EARLIER, subject=f"Another {n}")
        answered(session, ticket, world.agent, at=EARLIER + timedelta(minutes=n + 1))
    conversation.note(session, ticket, words("For us"), by=world.agent, at=NOW)
    triage.tick(session, pack, ticket, "context", by=world.agent, at=NOW)
    session.commit()
    client = sign_in(world.agent)
    client.get(f"/desk/{ticket.number}")
    with counted(runtime.engine) as seen:
        client.get(f"/desk/{ticket.number}")
    assert len(seen) <= 10, "\n".join(seen)


def test_the_customer_and_what_they_pay_for(session, pack, world, sign_in):
    ticket = filed(
        session,
        pack,
        world.owner,
        NOW,
        context_url="https://app.test/projects/12",
        context={"browser": "Firefox 145", "viewport": "1440 × 900", "errors": [{"message": "E1"}]},
    )
    world.acme.success_flag_at = NOW
    session.merge(world.acme)
    session.commit()
    html = sign_in(world.agent).get(f"/desk/{ticket.number}").text
    for shown in (
        "owner@acme.test",
        "Acme Homes",
        "Business",
        "America/New_York",
        "10:00",  # the customer's own time
        "https://app.test/projects/12",
        "Firefox 145",
        "<code>E1</code>",
        "Customer success",
    ):
        assert shown in html, shown


def test_clocks_with_what_happens_next(world, ticket, sign_in):
    html = sign_in(world.agent).get(f"/desk/{ticket.number}").text
    assert "First answer" in html
    assert "3 h left" in html  # P2 on Business: four working hours, one has passed
    assert "within 4 working hours" in html
    assert "it goes to Tier 2" in html
    assert "Tue 24 Nov, 13:00" in html


def test_a_guest_without_builder_or_plan_is_shown_too(session, pack, sign_in, world):
    from portal.core.permissions import Actor, Role

    guest = Actor(role=Role.GUEST)
    made = filed(
        session, pack, guest, NOW, guest_name="Gus", guest_email="gus@x.test", source="contact"
    )
    session.commit()
    html = sign_in(world.agent).get(f"/desk/{made.number}").text
    assert "Gus" in html
    assert "gus@x.test" in html


def test_notes_are_unmistakable_and_what_people_type_is_harmless(session, world, ticket, sign_in):
    conversation.note(session, ticket, words("<script>x</script> _for us_"), by=world.agent, at=NOW)
    session.commit()
    html = sign_in(world.second).get(f"/desk/{ticket.number}").text
    assert "message--note" in html
    assert "Internal note. The customer does not see this." in html
    assert "<em>for us</em>" in html
    assert "<script>x" not in html


def test_a_quoted_letter_is_folded(session, world, ticket, sign_in):
    text = "Still broken.\n\nOn Mon, 23 Nov 2026, Support wrote:\n> Try again\n> please"
    conversation.reply_as_customer(session, ticket, words(text), by=world.owner, at=NOW)
    session.commit()
    html = sign_in(world.agent).get(f"/desk/{ticket.number}").text
    folded = html.partition("message__quoted")[2]
    assert "Try again" in folded
    assert "Still broken" not in folded.partition("</details>")[0]


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (Status.QUEUED, 'data-delivery="sending"'),
        (Status.SENT, "Sent by e-mail"),
        (Status.KEPT, "In the local mailbox"),
        (Status.DEAD, "The e-mail could not be delivered: 550 no such user"),
    ],
)
def test_what_became_of_a_letter(session, world, ticket, sign_in, status, shown):
    message = answered(session, ticket, world.agent)
    letter = deliveries.queue(
        session, "mail", at=NOW, dedup_key="one", payload={}, about_id=message.id
    )
    letter.status = status
    letter.error = "550 no such user" if status == Status.DEAD else ""
    session.commit()
    assert shown in sign_in(world.agent).get(f"/desk/{ticket.number}").text


def test_the_suggestion_its_reasons_and_the_way_back(session, pack, world, sign_in):
    suggestion = propose(pack, "The schedule is down for everyone", module="scheduling")
    ticket = filed(session, pack, world.owner, NOW, severity="P3", suggestion=to_facts(suggestion))
    session.commit()
    html = sign_in(world.agent).get(f"/desk/{ticket.number}").text
    side = html.partition('id="side-triage"')[2].partition("</section>")[0]
    assert "because" in side
    assert f'value="{suggestion.severity}"><button class="link-button"' in side
    assert 'id="back-category"' not in side  # it still is what was suggested


def test_the_assignment_is_explained(session, world, ticket, sign_in):
    roster = assignment.Roster.of(session)
    assignment.assign_best(session, ticket, roster, at=NOW)
    session.commit()
    html = sign_in(world.agent).get(f"/desk/{ticket.number}").text
    side = html.partition('id="side-assignment"')[2].partition("</section>")[0]
    assert "is of the right tier" in side
    assert "passed over: Agent2" in side


def test_only_what_the_state_allows_is_offered(session, world, ticket, sign_in):
    client, path = sign_in(world.agent), f"/desk/{ticket.number}"
    open_page = client.get(path).text
    assert f'href="{path}/resolution"' in open_page
    assert f'action="{path}/reopening"' not in open_page
    states.close(session, ticket, by=world.agent, at=NOW)
    session.commit()
    closed_page = client.get(path).text
    assert f'href="{path}/resolution"' not in closed_page
    assert f'action="{path}/reopening"' in closed_page
    assert 'value="reply"' not in closed_page
    assert "takes no replies" in closed_page


def test_the_timeline_tells_everything(session, pack, world, ticket, sign_in):
    triage.classify(
        session, pack, ticket, by=world.agent, at=NOW, severity="P1", reason="Whole office"
    )
    assignment.take(session, ticket, by=world.agent, at=NOW)
    session.commit()
    html = sign_in(world.manager).get(f"/desk/{ticket.number}").text
    timeline = html.partition('id="side-timeline"')[2]
    for told in ("Reported in the app.", "Severity: P2 → P1", "Whole office", "Assigned to Agent1"):
        assert told in timeline, told


def test_a_page_waits_for_somebody_to_be_on_it(session, pack, world, sign_in):
    ticket = filed(session, pack, world.owner, NIGHT, severity="P1")
    session.commit()
    client, path = sign_in(world.agent), f"/desk/{ticket.number}"
    html = client.get(path).text
    assert "has not confirmed the page" in html
    action = re.search(rf'action="({path}/pages/[^"]+/acknowledgement)"', html)[1]
    assert client.post(action).status_code == 303
    html = client.get(path).text
    assert "Agent1 is on it" in html
    assert "has not confirmed the page" not in html
    second = sign_in(world.second)
    second.post(action)
    assert "Agent1 is on it" in second.get(path).text  # the first name stays


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("queued", "Being paged"),
        ("accepted", "Paged, not confirmed"),
        ("failed", "The page could not be sent"),
    ],
)
def test_states_of_a_page(session, pack, world, sign_in, state, shown):
    ticket = filed(session, pack, world.owner, NIGHT, severity="P1")
    session.flush()
    page = session.query(Page).filter_by(ticket_id=ticket.id).one()
    page.state, page.error = state, "429"
    page.fallback_at = NOW if state == "failed" else None
    session.commit()
    html = sign_in(world.agent).get(f"/desk/{ticket.number}").text
    assert shown in html
    assert ("Second way taken" in html) is (state == "failed")


def test_a_breach_is_told_where_people_talk(runtime, session, pack, world, sign_in):
    ticket = filed(session, pack, world.owner, NOW - timedelta(hours=2), severity="P1")
    session.commit()
    sweep(runtime.writers, NOW)
    html = sign_in(world.agent).get(f"/desk/{ticket.number}").text
    assert "1 h over" in html
    talk = html.partition('id="desk-talk"')[2].partition('id="desk-leaving"')[0]
    assert "it goes to Tier 2" in talk


def test_neighbours_and_look_alikes(session, pack, world, ticket, sign_in):
    own = filed(session, pack, world.pm, NOW, category="billing", subject="Their other one")
    alike = filed(session, pack, world.stranger, NOW, subject="The same elsewhere")
    session.commit()
    html = sign_in(world.agent).get(f"/desk/{ticket.number}").text
    others = html.partition('id="side-others"')[2].partition("</section>")[0]
    similar = html.partition('id="side-alike"')[2].partition("</section>")[0]
    assert own.subject in others
    assert alike.subject not in others
    assert alike.subject in similar
    assert own.subject not in similar


def test_live_updates_leave_the_composer_alone(world, ticket, sign_in):
    html = sign_in(world.agent).get(f"/desk/{ticket.number}", headers=HTMX).text
    for part in ("desk-head", "desk-leaving", "desk-talk", "desk-side"):
        assert f'id="{part}" hx-swap-oob="morph"' in html or f'id="{part}"' in html
    assert "<!doctype" not in html
    assert "composer-body" not in html


def test_each_part_is_shown_once(world, ticket, sign_in):
    html = sign_in(world.agent).get(f"/desk/{ticket.number}").text
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), sorted({one for one in ids if ids.count(one) > 1})


def test_an_emergency_window_is_in_view(session, world, ticket, sign_in):
    from portal.policy.models import EmergencyWindow

    session.add(
        EmergencyWindow(
            builder_id=world.acme.id,
            starts_at=NOW - timedelta(hours=3),
            ends_at=NOW + timedelta(hours=3),
            hotline="+1 555 0199",
            created_at=NOW,
        )
    )
    session.commit()
    assert "+1 555 0199" in sign_in(world.agent).get(f"/desk/{ticket.number}").text


def test_mates_can_be_mentioned(world, sign_in):
    html = sign_in(world.agent).get("/desk/mates").text
    assert '<option value="@lead">Lead</option>' in html
    assert "owner" not in html


def test_the_page_speaks_spanish(session, world, ticket, sign_in):
    states.wait_on_customer(session, ticket, by=SYSTEM, at=NOW)
    session.commit()
    client = sign_in(world.agent)
    client.post("/locale", data={"locale": "es"})
    html = client.get(f"/desk/{ticket.number}").text
    assert '<html lang="es"' in html
    assert "en un plazo de 4 horas laborables" in html
