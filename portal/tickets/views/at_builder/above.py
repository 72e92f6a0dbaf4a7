"""What a builder's team sees of a ticket that was passed up to the platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.tickets.models import Escalation
from portal.tickets.standing import Standing
from portal.tickets.views.listing import with_standing
from portal.tickets.wording import PASSED


@dataclass(frozen=True, slots=True)
class Above:
    """One escalation. `standing`: whose turn it is at the platform, and by when."""

    escalation: Escalation
    number: int
    state: Any
    standing: Standing | None

    @property
    def is_open(self) -> bool:
        return self.escalation.state == "open"


def above_of(found: Sequence[Escalation], now: datetime) -> list[Above]:
    """The latest first."""
    rows = with_standing([one.platform_ticket for one in found], now)
    return [
        Above(
            one,
            one.platform_ticket.number,
            PASSED[one.state],
            row.standing if one.state == "open" else None,
        )
        for one, row in zip(found, rows, strict=True)
    ]
