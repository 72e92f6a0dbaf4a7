"""What clients ask their builder is between the two of them."""

import pytest

from portal.core.permissions import Actor, Desk, Role
from portal.foundation.tenancy import see
from portal.tickets.queries import reach
from portal.tickets.service import handling
from tests.fixtures.world import NOW
from tests.tickets.at_builder.conftest import look_again
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")


def test_a_clients_ticket_stands_at_the_builders_desk(world, session, asked):
    assert asked.desk == Desk.BUILDER
    assert asked.plan == ""
    seen = {
        name: reach.ticket_by_number(session, getattr(world, name), asked.number) is not None
        for name in ("owner", "pm", "client", "stranger", "agent", "manager", "admin")
    }
    assert {name for name, sees in seen.items() if sees} == {"owner", "pm", "client"}


def test_a_portal_user_never_reaches_a_ticket_of_the_platforms(world, session, pack):
    """Not even one that bears their own name, as before desks were told apart."""
    ticket = filed(session, pack, world.owner, NOW)
    ticket.requester_id = world.client.user_id
    session.commit()
    assert reach.ticket_by_number(session, world.client, ticket.number) is None


def test_field_people_see_what_they_were_given(world, session, asked, runtime):
    field = Actor(Role.FIELD, world.pm.user_id, world.acme.id)
    assert reach.ticket_by_number(session, field, asked.number) is None
    with runtime.writers() as writer:
        see(writer, world.acme.id)
        ticket = reach.ticket_by_number(writer, world.owner, asked.number)
        handling.hand(writer, ticket, world.pm.user_id, by=world.owner, at=NOW)
        writer.commit()
    look_again(session)
    assert reach.ticket_by_number(session, field, asked.number) is not None


def test_the_agents_queue_holds_none_of_it(world, asked, sign_in):
    assert asked.subject not in sign_in(world.agent).get("/queue?view=all").text
    assert sign_in(world.agent).get(f"/desk/{asked.number}").status_code == 404
