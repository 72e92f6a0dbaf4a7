"""The signed link of a guest."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.policy.pack import Pack
from portal.tickets.guests import ticket_number_of, token_for
from tests.fixtures.world import NOW, World
from tests.tickets.making import filed


def test_link_leads_back_to_its_ticket(session: Session, world: World, pack: Pack) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    assert ticket_number_of(token_for(ticket)) == ticket.number


def test_altered_links_lead_nowhere(session: Session, world: World, pack: Pack) -> None:
    token = token_for(filed(session, pack, world.owner, NOW))
    payload, _, signature = token.partition(".")
    other = token_for(filed(session, pack, world.owner, NOW)).partition(".")[0]
    for bad in (f"{other}.{signature}", payload, f"{payload}.", token[:-1], token.upper()):
        assert ticket_number_of(bad) is None


@pytest.mark.parametrize("bad", ["", ".", "x" * 5000, "é.ü", "MQ", "bnVsbA.x", "\x00"])
def test_nonsense_leads_nowhere(app: Flask, bad: str) -> None:
    assert ticket_number_of(bad) is None
