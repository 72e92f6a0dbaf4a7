"""Letters as their readers get them."""

import re
from datetime import datetime

from sqlalchemy import select

from portal.foundation import outbox
from portal.foundation.deliveries import Delivery
from portal.foundation.mail import Letter
from portal.foundation.runtime import Runtime
from portal.notifications.mailing import SECRET, letter_of

LINK = re.compile(r"https?://\S+")


def letters_to(runtime: Runtime, address: str, at: datetime) -> list[Letter]:
    """All that were written by `at`, with their secrets; the oldest first."""
    outbox.drain(runtime.writers, runtime.subscribers, at=at)
    with runtime.readers() as session:
        rows = session.scalars(
            select(Delivery).where(Delivery.recipient == address).order_by(Delivery.id)
        ).all()
    return [letter_of(row.payload, row.payload.get(SECRET) or "") for row in rows]


def link_in(letter: Letter) -> str:
    """The address that its button leads to."""
    found = LINK.search(letter.text)
    assert found is not None, letter.text
    assert found[0] in (letter.html or "")
    return found[0]


def path_in(letter: Letter) -> str:
    """The same, within its host."""
    return re.sub(r"^https?://[^/]+", "", link_in(letter))
