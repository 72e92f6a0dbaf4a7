"""Telling people of a ticket: the customer who asked, or staff, in the inbox and by letter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, joinedload

from portal.core.escalation import Do
from portal.foundation.outbox import Event
from portal.foundation.speech import gettext as _
from portal.notifications.kinds import KINDS
from portal.notifications.letters import Reader, Thread
from portal.notifications.service import About, News, Values, notify, write_to
from portal.policy import service as policy
from portal.policy.pack import Pack
from portal.policy.wording import Voice
from portal.tickets import addresses
from portal.tickets.models import Ticket
from portal.tickets.wording import Teller

BY_THE_CLOCK = {
    "ticket.warned": Do.WARN,
    "ticket.breached": Do.BREACH,
    "ticket.escalated": Do.ESCALATE,
    "ticket.managers_told": Do.NOTIFY,
    "ticket.paged": Do.PAGE,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One event with the ticket that it is about."""

    session: Session
    happened: Event
    ticket: Ticket
    pack: Pack

    @classmethod
    def of(cls, session: Session, happened: Event) -> "Case":
        people = (joinedload(Ticket.builder), joinedload(Ticket.agent))
        ticket = session.get_one(Ticket, UUID(happened.payload["ticket_id"]), options=people)
        return cls(session, happened, ticket, policy.pack_of(session, ticket.policy_version_id))

    def about(self, ticket: Ticket) -> "Case":
        """What the same event means for another ticket."""
        return replace(
            self, ticket=ticket, pack=policy.pack_of(self.session, ticket.policy_version_id)
        )

    @property
    def by_id(self) -> UUID | None:
        by = self.happened.payload.get("by_id")
        return UUID(by) if by else None

    def facts(self, **more: Any) -> dict[str, Any]:
        return {"number": self.ticket.number, "subject": self.ticket.subject, **more}

    def thread(self) -> Thread:
        return Thread(self.ticket.number, self.ticket.id, self.ticket.subject)


def staff(
    case: Case,
    people: Iterable[UUID],
    kind: str,
    *,
    values: Mapping[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Whoever did it isn't told of their own doing."""
    notify(
        case.session,
        set(people) - {case.by_id},
        kind,
        facts=case.facts(**facts),
        url=addresses.for_desk(case.ticket),
        at=case.happened.at,
        event_id=case.happened.id,
        about=_about_for_staff(case, kind, values or {}),
    )


def address(case: Case, address: str, kind: str, **facts: Any) -> None:
    """A letter to an address of the house that is nobody's account."""
    news = News(
        KINDS[kind],
        case.facts(**facts),
        addresses.for_staff(case.ticket.number),
        case.happened.at,
        case.happened.id,
        _about_for_staff(case, kind, {}),
    )
    write_to(case.session, Reader(address, zone=case.pack.zone, has_account=False), news)


def _about_for_staff(case: Case, kind: str, values: Mapping[str, Any]) -> About:
    return About(
        thread=case.thread(),
        builder_id=case.ticket.builder_id,
        private=case.ticket.at_builder,
        headline=KINDS[kind].headline,
        values=lambda reader: {
            "details": details(case, reader),
            "why": why(case, reader),
            **values,
        },
    )


def customer(
    case: Case,
    kind: str,
    *,
    values: Values = lambda _: {},
    written: UUID | None = None,
    begins_thread: bool = False,
    **facts: Any,
) -> None:
    """Whoever asked: by account, or the guest's address. `written` is the message that a person
    wrote, if the letter carries one."""
    ticket, happened = case.ticket, case.happened
    about = About(
        thread=case.thread(),
        builder_id=ticket.builder_id,
        portal=ticket.builder_id if ticket.at_builder else None,
        private=ticket.at_builder,
        about_id=written,
        values=values,
        begins_thread=begins_thread,
        key=("message", written) if written else None,
        automatic=None if written else "auto-generated",
    )
    if ticket.requester_id is not None:
        notify(
            case.session,
            [ticket.requester_id],
            kind,
            facts=case.facts(**facts),
            url=addresses.for_customer(ticket.number),
            at=happened.at,
            event_id=happened.id,
            about=about,
        )
    elif ticket.requester_email:
        _guest(case, kind, about, facts)


def _guest(case: Case, kind: str, about: About, facts: Mapping[str, Any]) -> None:
    """Anybody can type anybody's address: what the typist wrote reaches it only with an answer."""
    ticket, happened = case.ticket, case.happened
    reader = Reader(
        ticket.requester_email, locale=ticket.locale, zone=ticket.zone, has_account=False
    )
    if about.automatic is not None:
        thread = Thread(ticket.number, ticket.id, "")
        about = replace(about, thread=thread, headline=KINDS[kind].label)
    news = News(
        KINDS[kind],
        case.facts(**facts),
        addresses.for_guest(ticket),
        happened.at,
        happened.id,
        about,
    )
    write_to(case.session, reader, news, once=_once_a_day(case, kind))


def _once_a_day(case: Case, kind: str) -> str:
    """Acknowledgements are answers by a robot: one an address and day, however many were filed."""
    if kind != "opened":
        return ""
    mark = sha256(case.ticket.requester_email.strip().lower().encode()).hexdigest()[:40]
    return f"acknowledged:{mark}:{case.happened.at.date()}"


def details(case: Case, reader: Reader) -> list[tuple[str, str]]:
    """What staff want to know before they open the ticket."""
    ticket, pack = case.ticket, case.pack
    severity = pack.severity(ticket.severity)
    due = ticket.sla_response_by
    lines = [
        (_("Severity"), f"{severity.badge.to(reader.locale)}: {severity.name.to(reader.locale)}"),
        (_("Customer"), _customer_of(ticket)),
        (_("Tier"), "" if ticket.at_builder else str(ticket.escalation_tier)),
        (_("First answer due"), reader.when(due) if due else ""),
    ]
    return [(label, value) for label, value in lines if value]


def _customer_of(ticket: Ticket) -> str:
    """To the platform a company, to a company a person."""
    if ticket.at_builder or ticket.builder is None:
        return ticket.requester_name
    return ticket.builder.name


def why(case: Case, reader: Reader) -> str:
    """Why the clock did something, in the reader's words; nothing for what people do."""
    payload, do = case.happened.payload, BY_THE_CLOCK.get(case.happened.kind)
    if do is None:
        return ""
    teller = Teller(Voice(case.pack, reader.locale, reader.zone), case.ticket)
    return teller.told(do, case.happened.at, payload.get("why") or {}, payload.get("tier"))


def moment(at: datetime | None) -> str | None:
    """An instant as a fact."""
    return at.isoformat() if at is not None else None
