"""What is written into letters leads to the pages."""

from uuid import uuid4

from flask import Flask, url_for
from sqlalchemy.orm import Session

from portal.policy.pack import Pack
from portal.tickets import addresses
from portal.tickets.guests import token_for
from tests.fixtures.world import NOW, World
from tests.tickets.making import filed


def test_written_out_as_the_pages_say_them(
    app: Flask, session: Session, world: World, pack: Pack
) -> None:
    ticket, file = filed(session, pack, world.owner, NOW), uuid4()
    with app.test_request_context():
        number = ticket.number
        assert addresses.for_staff(number) == url_for("workspace.ticket", number=number)
        assert addresses.for_customer(number) == url_for("support.ticket", number=number)
        shown = url_for("support.attachment", number=number, attachment_id=file)
        assert addresses.of_file(number, str(file)) == shown
        theirs = url_for("contact.request", token=token_for(ticket))
        assert addresses.for_guest(ticket) == theirs
