"""The way back for somebody without an account: a signed link to one ticket.

The link is a key: it is sent to the address that the guest gave, and shown nowhere else.
"""

from itsdangerous import BadData, URLSafeSerializer

from portal.config import secret_key
from portal.foundation.runtime import current_runtime
from portal.tickets.models import Ticket


def token_for(ticket: Ticket) -> str:
    return _signer().dumps(ticket.number)


def ticket_number_of(token: str) -> int | None:
    """None for anything that we didn't sign."""
    try:
        number = _signer().loads(token)
    except BadData:
        return None
    return number if isinstance(number, int) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(secret_key(current_runtime().settings), salt="guest's ticket")
