"""What follows from what happened on a ticket: somebody gets it, people are told, pages refresh.

Each handler has its effect once an event (foundation/outbox). The last one of an event also tells
open pages, after the commit, so that they fetch what is new.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Builder, SupportAgent
from portal.accounts.service.team import LEFT
from portal.core.escalation import builder_flag, reopen_escalates
from portal.core.permissions import BUILDER_STAFF, STAFF, SYSTEM, Actor, Role
from portal.core.ticket_states import State
from portal.forum.addresses import thread_path
from portal.foundation import deliveries
from portal.foundation.afterwards import after_commit
from portal.foundation.deliveries import Delivery, Status
from portal.foundation.outbox import Event, Handler
from portal.foundation.realtime import publish
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.tenancy import PLATFORM, see
from portal.notifications import queries as inboxes
from portal.notifications.service import notify
from portal.policy import desk_rules
from portal.policy import service as policy
from portal.policy.desk_model import PLATFORM_ISSUE
from portal.policy.running import running_pack
from portal.policy.wording import Voice
from portal.tickets import addresses, pager, telling
from portal.tickets.models import ClockRow, Consent, Message, Page, Ticket, TicketEvent
from portal.tickets.promising import as_promised
from portal.tickets.queries import audience, clockwork, entries, escalations, publications
from portal.tickets.service import (
    assignment,
    handling,
    history,
    passing,
    progress,
    publishing,
)
from portal.tickets.service import (
    escalation as tiers,
)
from portal.tickets.service.paging import KIND as PAGE
from portal.tickets.telling import Case

TOPICS = "topics"  # what open pages are told of after the commit

# Somebody gets it


def place(session: Session, happened: Event) -> None:
    """The best agent gets a new ticket; what can't wait goes a tier up at once. Where the first
    responder owns, nobody is chosen."""
    case = Case.of(session, happened)
    ticket = case.ticket
    if not ticket.active or ticket.assigned_to is not None or ticket.at_builder:
        return
    if ticket.suggestion.get("escalate"):
        tiers.step_up(session, ticket, tiers.AT_ONCE, at=happened.at)
    if ticket.assigned_to is None and not case.pack.assignment.first_responder_owns:
        roster = assignment.Roster.of(session)
        assignment.assign_best(session, ticket, roster, at=happened.at)


def own(session: Session, happened: Event) -> None:
    """Where the first responder owns, the first answer takes the ticket."""
    case = Case.of(session, happened)
    owns = case.pack.assignment.first_responder_owns
    if not owns or case.ticket.assigned_to is not None or _message(case).withdrawn_at is not None:
        return
    if case.ticket.at_builder:
        handling.take_up(session, case.ticket, case.by_id, at=happened.at)
        return
    agent = session.scalar(select(SupportAgent).where(SupportAgent.user_id == case.by_id))
    if agent is not None:
        by = Actor(Role.AGENT, agent.user_id, agent_id=agent.id, name=agent.display_name)
        assignment.take(session, case.ticket, by=by, at=happened.at)


def step_up_if_it_keeps_coming_back(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    limit = case.pack.escalation.flags.reopenings
    at_platform = not case.ticket.at_builder
    if at_platform and case.ticket.active and reopen_escalates(case.ticket.reopened_count, limit):
        tiers.step_up(session, case.ticket, tiers.REOPENED, at=happened.at)


def flag_builder(session: Session, happened: Event) -> None:
    """So many tickets in so few days: customer success should look. Once in that time."""
    case = Case.of(session, happened)
    flags, builder_id = case.pack.escalation.flags, case.ticket.builder_id
    if builder_id is None or case.ticket.at_builder:
        return
    since = happened.at - timedelta(days=flags.days)
    times = clockwork.recent_times(session, builder_id, since)
    if not builder_flag(times, happened.at, flags.tickets, flags.days):
        return
    if _raise_flag(session, builder_id, happened.at, since):
        count = sum(made <= happened.at for made in times)
        facts: dict[str, Any] = {"count": count, "days": flags.days}
        history.tell(session, case.ticket, "success_flagged", by=SYSTEM, at=happened.at, **facts)


def _raise_flag(session: Session, builder_id: UUID, at: datetime, since: datetime) -> bool:
    earlier = or_(Builder.success_flag_at.is_(None), Builder.success_flag_at <= since)
    raised = session.execute(
        update(Builder).where(Builder.id == builder_id, earlier).values(success_flag_at=at)
    )
    count: int = raised.rowcount  # type: ignore[attr-defined]
    return count == 1


# From a builder's desk up to ours, and back down


def pass_on_by_itself(session: Session, happened: Event) -> None:
    """A platform issue, where the builder wants such to go up without being asked."""
    ticket = Case.of(session, happened).ticket
    if not ticket.at_builder or ticket.intent != PLATFORM_ISSUE or ticket.builder_id is None:
        return
    _zone, rules = desk_rules.zone_and_rules(session, ticket.builder_id)
    if rules.passes_directly:
        passing.pass_by_itself(
            session,
            running_pack(),
            ticket,
            tells_progress=rules.tells_progress,
            at=happened.at,
        )


def tell_below(session: Session, happened: Event) -> None:
    """What became of a ticket that was passed up: its builder's desk hears, and, where the builder
    wants so, in the desk's own words whoever asked there."""
    above = Case.of(session, happened)
    escalation = escalations.behind(session, above.ticket)
    if escalation is None or happened.payload["by_role"] in BUILDER_STAFF:
        return
    what, number = happened.kind.removeprefix("ticket."), above.ticket.number
    below = above.about(escalation.ticket)
    progress.follow(session, escalation, what, at=happened.at)
    facts: dict[str, Any] = {"what": what, "number": number}
    history.tell(session, below.ticket, "news_from_above", by=SYSTEM, at=happened.at, **facts)
    people = set(audience.keepers(session, below.ticket)) - {above.ticket.requester_id}
    telling.staff(below, people, "news_from_above", above=number)
    answered_for_good = what == "agent_replied" and not above.ticket.active
    if escalation.tells_progress and not answered_for_good:  # the end says more
        progress.tell(session, below.ticket, what, at=happened.at)


def tell_sent_back(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    people = {*audience.keepers(session, case.ticket), *audience.managers(session, case.ticket)}
    telling.staff(case, people, "sent_back")


def let_go(session: Session, happened: Event) -> None:
    """What somebody had who works here no more is nobody's again, at whichever desk it was."""
    gone, active = happened.payload, select(Ticket).where(Ticket.active)
    if gone["agent_id"]:
        held = active.where(Ticket.assigned_to == UUID(gone["agent_id"]))
        for ticket in session.scalars(held).all():
            assignment.release(session, ticket, by=SYSTEM, at=happened.at)
    if happened.builder_id is not None:
        own = Ticket.builder_id == happened.builder_id
        held = active.where(own, Ticket.handler_id == UUID(gone["user_id"]))
        for ticket in session.scalars(held).all():
            handling.hand(session, ticket, None, by=SYSTEM, at=happened.at)


# The customer is told


def acknowledge(session: Session, happened: Event) -> None:
    """We have it, and by when we answer."""
    case = Case.of(session, happened)
    ticket = case.ticket
    clocks = entries.clocks_of(session, [ticket.id])[ticket.id]
    window = policy.window_of(session, ticket.builder_id, ticket.created_at)
    telling.customer(
        case,
        "opened",
        begins_thread=True,
        values=lambda reader: {
            "promise": as_promised(
                Voice(case.pack, reader.locale, reader.zone), ticket, clocks, window=window
            )
        },
    )


def send_answer(session: Session, happened: Event) -> None:
    """An answer leaves, unless it was taken back before."""
    case = Case.of(session, happened)
    message = _message(case)
    if message.withdrawn_at is not None:
        return
    values = {
        "body": message.body,
        "files": message.attachments,
        "solved": case.ticket.state is State.RESOLVED,
        "waits": case.ticket.state is State.WAITING_ON_CUSTOMER,
    }
    telling.customer(
        case, "answered", written=message.id, values=lambda _: values, by=message.sender_name
    )


def tell_resolved(session: Session, happened: Event) -> None:
    """Solved with an answer: the answer's own letter says so."""
    case = Case.of(session, happened)
    if case.ticket.state is State.RESOLVED and "message_id" not in happened.payload:
        _tell_customer_of_state(case, "resolved", happened.payload.get("outcome", ""))


def tell_closed(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    if case.ticket.state is State.CLOSED:
        _tell_customer_of_state(case, "closed")


def tell_reopened(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    if case.ticket.active:
        _tell_customer_of_state(case, "reopened")
    telling.staff(case, audience.keepers(session, case.ticket), "came_back")


def tell_publication_asked(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    asked = publications.current(session, case.ticket)
    if asked is not None and asked.state == Consent.ASKED:
        path = addresses.of_publication(case.ticket.number)
        _tell_of_publication(case, case.ticket.requester_id, "publication_asked", path)


def tell_publication_answered(session: Session, happened: Event) -> None:
    """To whoever of us asked."""
    case = Case.of(session, happened)
    latest = publications.latest(session, case.ticket)
    if latest is not None:
        path = addresses.of_publishing(case.ticket.number)
        _tell_of_publication(case, latest.asked_by, happened.kind.partition(".")[2], path)


def unpublish(session: Session, happened: Event) -> None:
    """The forum is the platform's, so that it isn't done where a customer takes consent back."""
    case = Case.of(session, happened)
    latest = publications.latest(session, case.ticket)
    if latest is not None and latest.state == Consent.WITHDRAWN:
        with force_locale(latest.language):
            because = str(_("Whoever asked wants it to be private."))
        publishing.remove(session, latest, because, at=happened.at)


def tell_published(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    published = publications.current(session, case.ticket)
    post = publications.thread_of(session, published.post_id) if published else None
    if post is not None:
        path = thread_path(post.number, post.title)
        _tell_of_publication(case, case.ticket.requester_id, "published", path)


def _tell_of_publication(case: Case, whom: UUID | None, kind: str, path: str) -> None:
    notify(
        case.session,
        {whom} - {case.by_id},
        kind,
        facts=case.facts(),
        url=path,
        at=case.happened.at,
        event_id=case.happened.id,
    )


def _tell_customer_of_state(case: Case, kind: str, words: str = "") -> None:
    """Unless it was their own doing: by staff, or by the clock."""
    doing = Role(case.happened.payload["by_role"])
    if doing is Role.SYSTEM or doing in (BUILDER_STAFF if case.ticket.at_builder else STAFF):
        telling.customer(case, kind, values=lambda _: {"words": words})


# Staff are told


def tell_of_new(session: Session, happened: Event) -> None:
    """A new ticket that nobody got: its team, or the managers."""
    case = Case.of(session, happened)
    free = case.ticket.assigned_to is None and case.ticket.handler_id is None
    if case.ticket.active and free:
        telling.staff(case, audience.keepers(session, case.ticket), "new_in_team")


def tell_assigned(session: Session, happened: Event) -> None:
    """Whoever got it; an escalation says so by itself."""
    case = Case.of(session, happened)
    agent = session.get(SupportAgent, UUID(happened.payload["agent_id"]))
    if agent is not None and not _escalated_at(case, happened.at):
        telling.staff(case, [agent.user_id], "assigned")


def tell_handed(session: Session, happened: Event) -> None:
    """At a builder's desk."""
    case = Case.of(session, happened)
    if happened.payload["handler_id"]:
        telling.staff(case, [UUID(happened.payload["handler_id"])], "assigned")


def _escalated_at(case: Case, at: datetime) -> bool:
    same = select(TicketEvent.id).where(
        TicketEvent.ticket_id == case.ticket.id,
        TicketEvent.kind == "escalated",
        TicketEvent.at == at,
    )
    return case.session.scalar(same.limit(1)) is not None


def tell_customer_replied(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    people = audience.keepers(session, case.ticket)
    telling.staff(case, people, "customer_replied", by=_message(case).sender_name)


def tell_mentioned(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    people = audience.mentioned(session, case.ticket, happened.payload.get("mentions", ()))
    telling.staff(case, people, "mentioned", by=_message(case).sender_name)


def tell_woken(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    telling.staff(case, audience.keepers(session, case.ticket), "woken")


def tell_warned(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    people = audience.keepers(session, case.ticket)
    telling.staff(case, people, "warned", due=telling.moment(_due(case)))


def tell_breached(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    people = {*audience.keepers(session, case.ticket), *audience.managers(session, case.ticket)}
    telling.staff(case, people, "breached", due=telling.moment(_due(case)))


def _due(case: Case) -> datetime | None:
    """When the promise that the event is about breaks."""
    row = case.session.scalar(
        select(ClockRow).where(
            ClockRow.ticket_id == case.ticket.id,
            ClockRow.clock == case.happened.payload["clock"],
            ClockRow.round == case.happened.payload["round"],
        )
    )
    return (row.outer_at or row.due_at) if row is not None else None


def tell_escalated(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    tier = happened.payload["tier"]
    owner = audience.assignee(session, case.ticket)
    telling.staff(case, owner, "escalated", tier=tier)
    others = set(audience.managers(session, case.ticket)) - set(owner)
    telling.staff(case, others, "escalation", tier=tier)


def tell_managers(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    telling.staff(case, audience.managers(session, case.ticket), "managers_told")


def tell_flagged(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    facts = {name: happened.payload[name] for name in ("count", "days")}
    builder = case.ticket.builder.name if case.ticket.builder else ""
    telling.staff(
        case, audience.managers(session, case.ticket), "builder_flagged", builder=builder, **facts
    )


# The person on duty


def tell_paged(session: Session, happened: Event) -> None:
    """Who may be on duty sees it in the application as well."""
    case = Case.of(session, happened)
    if not happened.payload.get("again"):
        tier = case.pack.escalation_rules(case.ticket.severity).tiers
        telling.staff(case, audience.on_duty(session, tier), "paged")


def go_the_second_way(session: Session, happened: Event) -> None:
    """Nobody has confirmed: the managers, and the address that is kept for this."""
    case = Case.of(session, happened)
    telling.staff(case, audience.managers(session, case.ticket), "page_fallback")
    paging = current_runtime().settings.paging
    if paging is not None and paging.fallback_email:
        telling.address(case, paging.fallback_email, "page_fallback")


def alarm(session: Session, happened: Event) -> None:
    """Paging itself is broken: everybody who can do something about it."""
    case = Case.of(session, happened)
    people = audience.managers_and_admins(session)
    telling.staff(case, people, "page_failed", error=happened.payload.get("error", ""))


def acknowledge_page(session: Session, happened: Event) -> None:
    """Somebody is on it: a page that still waits stays in, one that left is told so."""
    _follow_page(session, happened, happened.payload["dedup_key"], pager.ACKNOWLEDGE)


def resolve_page(session: Session, happened: Event) -> None:
    """The ticket is solved, so the incident is over."""
    ticket_id = UUID(happened.payload["ticket_id"])
    for page in session.scalars(select(Page).where(Page.ticket_id == ticket_id)):
        _follow_page(session, happened, page.dedup_key, pager.RESOLVE)


def _follow_page(session: Session, happened: Event, dedup_key: str, action: str) -> None:
    page = session.scalar(select(Delivery).where(Delivery.dedup_key == dedup_key))
    if page is None:
        return
    if page.status == Status.QUEUED and page.attempts == 0:
        page.status = Status.CANCELLED.value
    elif page.status in {Status.QUEUED, Status.SENT}:
        deliveries.queue(
            session,
            PAGE,
            at=happened.at,
            dedup_key=f"{dedup_key}:{action}:{happened.id.hex}",
            builder_id=page.builder_id,
            payload={"action": action, "dedup_key": dedup_key},
        )


# Letters that came back


def letter_settled(session: Session, delivery: Delivery, at: datetime) -> None:
    """The state stands on the message; an answer that can't be delivered is told to its writer."""
    if delivery.about_id is None:
        return
    see(session, PLATFORM)
    message = session.get(Message, delivery.about_id)
    ticket = session.get(Ticket, message.ticket_id) if message is not None else None
    if message is None or ticket is None:
        return
    _ring(session, {f"ticket:{ticket.id}"})
    if delivery.status == Status.DEAD:
        facts: dict[str, Any] = {"message_id": str(message.id), "error": delivery.error}
        history.announce(session, ticket, "undelivered", by=SYSTEM, at=at, **facts)


def tell_undelivered(session: Session, happened: Event) -> None:
    case = Case.of(session, happened)
    writer = _message(case).sender_id
    people = [writer] if writer is not None else []
    telling.staff(case, people, "undelivered", error=happened.payload["error"])


def _message(case: Case) -> Message:
    return case.session.get_one(Message, UUID(case.happened.payload["message_id"]))


# Open pages


def refresh(session: Session, happened: Event) -> None:
    """Nobody is told; pages that show the ticket fetch it again."""


def _ringing(handler: Handler) -> Handler:
    @wraps(handler)
    def ringing(session: Session, happened: Event) -> None:
        handler(session, happened)
        _ring(session, _topics(session, happened))

    return ringing


def _topics(session: Session, happened: Event) -> set[str]:
    ticket = session.get_one(Ticket, UUID(happened.payload["ticket_id"]))
    people = {ticket.requester_id, *inboxes.told_of(session, happened.id)} - {None}
    topics = {f"ticket:{ticket.id}", *(f"user:{person}" for person in people)}
    if ticket.at_builder:
        return topics | {f"desk:{ticket.builder_id}"}
    return topics | {"queue"} | ({f"builder:{ticket.builder_id}"} if ticket.builder_id else set())


def _ring(session: Session, topics: set[str]) -> None:
    doorbell = current_runtime().doorbell
    all_topics: set[str] = session.info.setdefault(TOPICS, set())
    all_topics |= topics
    after_commit(session, TOPICS, lambda: publish(doorbell, session.info.pop(TOPICS)))


HANDLERS: Mapping[str, tuple[Handler, ...]] = {
    "opened": (place, pass_on_by_itself, flag_builder, acknowledge, tell_of_new),
    "agent_replied": (own, tell_below, send_answer),
    "customer_replied": (tell_customer_replied,),
    "noted": (tell_mentioned,),
    "article_begun": (refresh,),
    "wished": (refresh,),
    "publication_asked": (tell_publication_asked,),
    "publication_granted": (tell_publication_answered,),
    "publication_refused": (tell_publication_answered,),
    "publication_withdrawn": (refresh,),
    "published": (tell_published,),
    "consent_taken_back": (unpublish, tell_publication_answered),
    "reply_withdrawn": (refresh,),
    "message_edited": (refresh,),
    "assigned": (tell_assigned,),
    "released": (refresh,),
    "triaged": (refresh,),
    "severity_changed": (refresh,),
    "checked": (refresh,),
    "unchecked": (refresh,),
    "waiting": (tell_below,),
    "resolved": (resolve_page, tell_below, tell_resolved),
    "closed": (tell_below, tell_closed),
    "reopened": (step_up_if_it_keeps_coming_back, tell_below, tell_reopened),
    "handed": (tell_handed,),
    "passed_up": (refresh,),
    "news_from_above": (refresh,),
    "recalled": (refresh,),
    "sent_back": (tell_sent_back,),
    "progress_told": (send_answer,),
    "snoozed": (refresh,),
    "woken": (tell_woken,),
    "warned": (tell_warned,),
    "breached": (tell_breached,),
    "escalated": (tell_escalated,),
    "managers_told": (tell_managers,),
    "success_flagged": (tell_flagged,),
    "paged": (tell_paged,),
    "page_accepted": (refresh,),
    "page_acknowledged": (acknowledge_page,),
    "page_fallback": (go_the_second_way,),
    "page_failed": (alarm,),
    "undelivered": (tell_undelivered,),
}

SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {
    LEFT: (let_go,),
    **{
        f"ticket.{kind}": (*handlers[:-1], _ringing(handlers[-1]))
        for kind, handlers in HANDLERS.items()
    },
}
