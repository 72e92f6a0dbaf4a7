"""Plays the stories through the product's own services, with the clock running between acts."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import merge

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import queries as people
from portal.accounts import service as accounts
from portal.accounts.models import SupportAgent
from portal.accounts.oidc.service.connections import Safe
from portal.core.permissions import Actor
from portal.core.routing import suggest
from portal.core.ticket_states import Verb
from portal.foundation.clock import utcnow
from portal.foundation.runtime import Runtime, runtime_of
from portal.foundation.tenancy import PLATFORM, see
from portal.ops.demo import (
    affairs,
    branding,
    desks,
    forum,
    guidance,
    ideas,
    knowledge,
    reading,
    releases,
    roadmap,
    standing,
)
from portal.ops.demo.people import COMPANIES, PASSWORD, PEOPLE, Person
from portal.ops.demo.stories import STORIES, Act, Story
from portal.ops.ticking import tick
from portal.policy import desk_rules
from portal.policy import service as policy
from portal.policy.pack import Pack
from portal.policy.running import running_pack
from portal.tickets import suggestions
from portal.tickets.models import Ticket
from portal.tickets.queries import escalations
from portal.tickets.service import assignment, canned, conversation, handling, passing, states
from portal.tickets.service.conversation import Writing
from portal.tickets.service.filing import NewTicket, file_ticket
from portal.tickets.service.passing import Passing

log = logging.getLogger(__name__)

Tickets = dict[str, int]  # by subject


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody by e-mail address; agents also by its first part."""

    actors: dict[str, Actor]

    def __getitem__(self, name: str) -> Actor:
        return self.actors.get(name) or self.actors[f"{name}@corbel.test"]


def seed(app: Flask) -> None:
    """Once: a system that already has builders is left as it is."""
    runtime, now = runtime_of(app), utcnow()
    with app.app_context():
        with runtime.writers.begin() as session:
            see(session, PLATFORM)
            if people.builder_by_slug(session, COMPANIES[0].slug) is not None:
                return
            cast = _people(session, now - timedelta(days=60))
            _dress(session, runtime, cast, now - timedelta(days=45))
        _set_up_desks(runtime, cast, now - timedelta(days=59))
        _set_up_affairs(runtime, cast["owner@acme.test"], now)
        _grant_window(runtime, cast, now)
        _film(runtime, cast["lead"], now - timedelta(days=59))
        knowledge.stock(runtime, now - timedelta(days=58))
        _explain(runtime, cast["lead"], now - timedelta(days=30))
        _work_on_help(runtime, cast, now)
        _talk(runtime, cast, now)
        _wish(runtime, cast, now)
        _plan(runtime, cast, now)
        _play(runtime, cast, now)
        _report(runtime, cast, now)
        _look_again(runtime, cast, now)
        tick(runtime, now)
    log.info("the demo is seeded")


def _people(session: Session, at: datetime) -> Cast:
    builders = {
        company.slug: accounts.add_builder(
            session,
            company.slug,
            company.name,
            company.plan,
            zone=company.zone,
            contact_name=company.contact_name,
            contact_email=company.contact_email,
            contact_phone=company.contact_phone,
            contact_hours=company.contact_hours,
            created_at=at,
        )
        for company in COMPANIES
    }
    actors = {}
    for person in PEOPLE:
        membership = accounts.add_member(
            session,
            email=person.email,
            name=person.name,
            role=person.role,
            builder=builders.get(person.company),
            password=PASSWORD,
            at=at,
            locale=person.locale,
            zone=person.zone,
            verified_at=at,
        )
        actors[person.email] = accounts.actor(
            membership, _agent(session, person, membership.user_id)
        )
    return Cast(actors)


def _dress(session: Session, runtime: Runtime, cast: Cast, at: datetime) -> None:
    """Each builder's portal looks like theirs."""
    for company in COMPANIES:
        owner = cast[f"owner@{company.slug}.test"]
        branding.dress(session, runtime.store, owner, at)


def _agent(session: Session, person: Person, user_id: object) -> SupportAgent | None:
    if not person.tier:
        return None
    agent = SupportAgent(
        user_id=user_id,
        display_name=person.name,
        tier=person.tier,
        specialties=list(person.specialties),
        languages=list(person.languages),
    )
    session.add(agent)
    session.flush()
    return agent


def _set_up_desks(runtime: Runtime, cast: Cast, at: datetime) -> None:
    for owner, rules in desks.RULES.items():
        with runtime.writers.begin() as session:
            see(session, cast[owner].builder_id or PLATFORM)
            desk_rules.save(session, rules, by=cast[owner], at=at)
            for title, body in desks.CANNED.get(owner, ()):
                canned.add(session, title, body, by=cast[owner], at=at)


def _set_up_affairs(runtime: Runtime, owner: Actor, now: datetime) -> None:
    safe = Safe(runtime.sealing_key, runtime.settings.on_loopback)
    with runtime.writers.begin() as session:
        see(session, owner.builder_id or PLATFORM)
        affairs.furnish(session, owner, safe, now)


def _film(runtime: Runtime, editor: Actor, at: datetime) -> None:
    """Before the articles, one of which shows it."""
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        guidance.film(session, runtime.store, by=editor, at=at)


def _explain(runtime: Runtime, editor: Actor, at: datetime) -> None:
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        guidance.explain(session, by=editor, at=at)


def _work_on_help(runtime: Runtime, cast: Cast, now: datetime) -> None:
    """Before the stories, so that who reads and asks all the same is known to have read."""
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        knowledge.revise(session, cast.actors, now)
        knowledge.leave_over(session, runtime.store, cast["agent2"], now - timedelta(days=3))
        reading.read(session, cast.actors, now)


def _talk(runtime: Runtime, cast: Cast, now: datetime) -> None:
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        forum.talk(session, cast.actors, now)
        standing.stand(session, cast.actors, now)


def _report(runtime: Runtime, cast: Cast, now: datetime) -> None:
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        forum.report(session, cast.actors, now)


def _wish(runtime: Runtime, cast: Cast, now: datetime) -> None:
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        ideas.wish(session, cast.actors, now)
        releases.tell(session, cast.actors, now)


def _look_again(runtime: Runtime, cast: Cast, now: datetime) -> None:
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        releases.look_again(session, cast.actors, now)


def _plan(runtime: Runtime, cast: Cast, now: datetime) -> None:
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        roadmap.plan(session, cast.actors, now)


def _grant_window(runtime: Runtime, cast: Cast, now: datetime) -> None:
    """Where the model knows emergency windows, Cedar has one ahead."""
    pack, lead, owner = running_pack(), cast["lead"], cast["owner@cedar.test"]
    if pack.emergency is None or pack.nearest_plan(owner.plan).key not in pack.emergency.plans:
        return
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        builder = people.builder_by_slug(session, "cedar")
        if builder is None:
            return
        policy.grant_window(
            session,
            pack,
            builder=builder,
            starts_at=now + timedelta(days=2),
            ends_at=now + timedelta(days=4),
            hotline="+1 555 0199",
            by=lead,
            at=now,
        )


def _play(runtime: Runtime, cast: Cast, now: datetime) -> None:
    numbers: Tickets = {}
    for hours, story, act in _script():
        at = now - timedelta(hours=hours)
        tick(runtime, at)
        with runtime.writers.begin() as session:
            see(session, PLATFORM)
            if act is None:
                numbers[story.subject] = _file(session, story, cast[story.who], at).number
            else:
                _act(session, cast, numbers[story.subject], act, at)


def _script() -> Iterator[tuple[float, Story, Act | None]]:
    """Openings and acts of all stories, the oldest first."""
    stories = (*STORIES, *desks.STORIES)
    openings = [(story.hours_ago, story, None) for story in stories]
    acts = [(act.hours_ago, story, act) for story in stories for act in story.acts]
    by_age: Callable[[tuple[float, Story, Act | None]], float] = lambda line: -line[0]  # noqa: E731
    return merge(sorted(openings, key=by_age), sorted(acts, key=by_age), key=by_age)


def _file(session: Session, story: Story, by: Actor, at: datetime) -> Ticket:
    pack = desk_rules.model_for(session, by)
    found = suggest(
        f"{story.subject}\n{story.text}",
        module=story.module,
        intent=story.intent,
        rules=pack.routing,
    )
    new = NewTicket(
        subject=story.subject,
        description=story.text,
        severity=found.severity,
        category=found.category,
        team=found.team,
        source=story.source,
        channel=story.channel,
        module=story.module,
        intent=story.intent,
        context_url=story.page or None,
        context={
            "browser": "Firefox 145",
            "os": "Windows 11",
            "viewport": "1440 × 900",
            "errors": list(story.errors),
        },
    )
    return file_ticket(session, pack, new, by=by, at=at).ticket


def _act(session: Session, cast: Cast, number: int, act: Act, at: datetime) -> None:
    by = cast[act.who]
    ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
    writing = Writing(act.text)
    match act.does:
        case "customer":
            conversation.reply_as_customer(session, ticket, writing, by=by, at=at)
        case "note":
            conversation.note(session, ticket, writing, by=by, at=at)
        case "take":
            assignment.take(session, ticket, by=by, at=at)
        case "close":
            states.close(session, ticket, by=by, at=at)
        case "hand" | "pass_up" | "above" | "above_solves" | "send_back":
            _act_between_desks(session, cast, ticket, act, by, at)
        case "snooze":
            states.snooze(session, ticket, until=at + timedelta(days=2), by=by, at=at)
        case _:
            _reply(session, running_pack(), ticket, writing, act, by, at)


def _act_between_desks(
    session: Session, cast: Cast, ticket: Ticket, act: Act, by: Actor, at: datetime
) -> None:
    match act.does:
        case "hand":
            handling.hand(session, ticket, cast[act.text].user_id, by=by, at=at)
        case "pass_up":
            _pass_up(session, ticket, act, by, at)
        case "send_back":
            passing.send_back(session, _above(session, ticket), act.text, by=by, at=at)
        case _:
            then = replace(act, does="solve" if act.does == "above_solves" else "agent")
            above = _above(session, ticket)
            _reply(session, running_pack(), above, Writing(act.text), then, by, at)


def _pass_up(session: Session, ticket: Ticket, act: Act, by: Actor, at: datetime) -> None:
    """All that was said, with the builder's own note."""
    pack = running_pack()
    found = suggestions.propose(pack, f"{ticket.subject}\n{ticket.description}")
    decided = Passing(
        subject=ticket.subject,
        severity=found.severity,
        category=found.category,
        impact="one",
        note=act.text,
        pieces=passing.pieces_of(session, ticket, at=at),
        tells_progress=True,
    )
    passing.pass_up(session, pack, ticket, decided, by=by, at=at)


def _above(session: Session, ticket: Ticket) -> Ticket:
    return escalations.of_ticket(session, ticket)[0].platform_ticket


THEN = {"agent": Verb.REPLY_BY_AGENT, "ask": Verb.ASK_CUSTOMER, "solve": Verb.RESOLVE}


def _reply(
    session: Session,
    pack: Pack,
    ticket: Ticket,
    writing: Writing,
    act: Act,
    by: Actor,
    at: datetime,
) -> None:
    if ticket.assigned_to is None and not ticket.at_builder:
        assignment.take(session, ticket, by=by, at=at)
    conversation.reply_as_agent(
        session,
        ticket,
        writing,
        by=by,
        at=at,
        undo_seconds=pack.lifecycle.undo_send_seconds,
        then=THEN[act.does],
    )
