"""What happened on a ticket, in words: facts are stored, sentences are made when somebody looks.

One place for agents and customers; what a reader may not know of, the query has left out.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from babel.lists import format_list
from flask_babel import get_locale

from portal.core.escalation import Do, Step, Why
from portal.core.permissions import SYSTEM
from portal.core.routing import Reason
from portal.core.ticket_states import State
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.speech import ngettext
from portal.policy.pack import Rule
from portal.policy.wording import Voice, locale_of
from portal.tickets.models import Ticket
from portal.tickets.queries.conversation import EventEntry
from portal.tickets.queries.entries import StepEntry
from portal.tickets.recommending import ClosedLinks
from portal.tickets.suggestions import from_facts

STATES: Final = {
    State.OPEN: _l("Open"),
    State.IN_PROGRESS: _l("In progress"),
    State.WAITING_ON_CUSTOMER: _l("Waiting on customer"),
    State.SNOOZED: _l("Snoozed"),
    State.RESOLVED: _l("Resolved"),
    State.CLOSED: _l("Closed"),
    State.MERGED: _l("Merged"),
}
SOURCES: Final = {
    "in_app": _l("in the app"),
    "email": _l("by e-mail"),
    "chat": _l("in the chat"),
    "phone": _l("by phone"),
    "api": _l("through the API"),
    "whatsapp": _l("by WhatsApp"),
    "sms": _l("by SMS"),
    "contact": _l("through the contact form"),
    "escalation": _l("from their own desk, on behalf of somebody"),
}
SECRETS: Final = {
    "password": _l("a password"),
    "api_token": _l("an access token"),
    "private_key": _l("a private key"),
    "card_number": _l("a card number"),
    "card_code": _l("a card's security code"),
    "jwt": _l("a sign-in token"),
    "session_cookie": _l("a session cookie"),
}
MERITS: Final = {
    "team": _l("is in the team"),
    "speciality": _l("knows the subject"),
    "language": _l("speaks %(language)s"),
    "tier": _l("is of the right tier"),
    "load": _l("has the least on the table"),
    "longest_since": _l("has waited longest for a ticket"),
    "order": _l("comes first in the list"),
    "took": _l("took it"),
    "handed_over": _l("it was handed over"),
}
OBSTACLES: Final = {
    "away": _l("is away"),
    "full": _l("has as many tickets as allowed"),
    "tier": _l("is of another tier"),
    "team": _l("is not in the team"),
    "speciality": _l("does not know the subject as well"),
    "language": _l("does not speak %(language)s"),
    "load": _l("has more on the table"),
    "longest_since": _l("had a ticket more recently"),
    "order": _l("comes later in the list"),
}
REASONS: Final = {  # for a tier up that no clock asked for
    "escalate.at_once": _l("Escalated at once: what the customer wrote can't wait"),
    "escalate.reopened": _l("Escalated: the customer keeps opening it again"),
}
NEWS: Final = {  # what became of a ticket that was passed up
    "agent_replied": _l("The platform answered on #%(number)s"),
    "started": _l("The platform is at it: #%(number)s"),
    "waiting": _l("The platform asks you something on #%(number)s"),
    "resolved": _l("The platform has solved #%(number)s"),
    "closed": _l("#%(number)s was closed"),
    "reopened": _l("#%(number)s is open again"),
}
PASSED: Final = {  # what became of an escalation
    "open": _l("With the platform"),
    "settled": _l("Settled by the platform"),
    "recalled": _l("Called back"),
    "refused": _l("Sent back by the platform"),
}
ABOUT: Final = {"severity": _l("Severity"), "category": _l("Category"), "team": _l("Team")}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline. `tone`: "", done or burn; `icon` is one of static/icons.svg."""

    at: datetime
    kind: str
    who: str
    text: str
    why: str
    icon: str
    tone: str


class Teller:
    """Words one ticket's facts in the language of the voice."""

    def __init__(self, voice: Voice, ticket: Ticket) -> None:
        self.voice = voice
        self.ticket = ticket

    def timeline(self, events: Iterable[EventEntry]) -> list[Line]:
        return [self.line(event) for event in events]

    def line(self, event: EventEntry) -> Line:
        icon, tone, say = _KINDS.get(event.kind, _UNKNOWN)
        text = say(self, event)
        return Line(event.at, event.kind, self._who(event), text, self._why(event), icon, tone)

    def _who(self, event: EventEntry) -> str:
        """A builder's desk speaks in the builder's name, also where nobody did it."""
        builder = self.ticket.builder if self.ticket.at_builder else None
        return builder.name if builder and event.by_name == SYSTEM.name else event.by_name

    def _why(self, event: EventEntry) -> str:
        if event.kind == "assigned":
            return self.assignment(event.facts.get("why") or {})
        return str(event.facts.get("reason") or event.facts.get("outcome") or "")

    def step(self, ahead: StepEntry) -> str:
        """What the clock will do, and why."""
        return self.told(ahead.do, ahead.at, ahead.why, ahead.tier)

    def fired(self, do: Do, event: EventEntry) -> str:
        return self.told(do, event.at, event.facts.get("why") or {}, event.facts.get("tier"))

    def told(self, do: str, at: datetime, why: Mapping[str, Any], tier: int | None) -> str:
        facts = {"clock": "first_response", **why}
        key = facts.pop("key", "breach.unmet")
        if key in REASONS:
            return str(REASONS[key])
        step = Step(at, Do(do), Why(key, facts), tier or None)
        return self.voice.step(step, self.ticket.severity, self.rule)

    @cached_property
    def rule(self) -> Rule:
        """What the ticket was promised."""
        pack, ticket = self.voice.pack, self.ticket
        plan = pack.nearest_plan(ticket.plan).key
        return pack.rule_for(ticket.severity, plan, ticket.channel)

    def assignment(self, why: Mapping[str, Any]) -> str:
        """ "is in the team and has the least on the table; passed over: Jo (is away)"."""
        gaps = {"language": self.language}
        merits = [str(MERITS[key]) % gaps for key in why.get("merits", ()) if key in MERITS]
        parts = [self.voice.listed(merits)] if merits else []
        if why.get("reason"):
            parts.append(str(why["reason"]))
        if passed := [self._passed(one) for one in why.get("passed_over", ())]:
            parts.append(str(_("passed over: %(names)s", names=", ".join(passed))))
        return "; ".join(parts)

    def _passed(self, one: Mapping[str, str]) -> str:
        because = OBSTACLES.get(one["because"], "")
        return f"{one['name']} ({str(because) % {'language': self.language}})"

    @cached_property
    def language(self) -> str:
        """The customer's, as the reader calls it."""
        spoken = locale_of(self.ticket.locale).get_language_name(self.voice.language)
        return str(spoken or self.ticket.locale)

    def name(self, what: str, key: str) -> str:
        """Of a severity, category or team; a key that the pack has no longer stands for itself."""
        pack = self.voice.pack
        among: Mapping[str, Any] = {"category": pack.categories, "team": pack.teams}.get(what, {})
        return among[key].name.to(self.voice.language) if key in among else key

    def reasons(self) -> list[tuple[str, str, str]]:
        """What was suggested at the start, and why: (severity|category|team, key, because)."""
        suggestion = from_facts(self.ticket.suggestion)
        return [
            (reason.about, reason.value, self._because(reason))
            for reason in (suggestion.reasons if suggestion else ())
            if reason.about in ABOUT
        ]

    def _because(self, reason: Reason) -> str:
        try:
            return self.voice.reason(reason)
        except KeyError:  # said under another state of the pack
            return self.voice.say("because_default")


def secrets_removed(kinds: Collection[str]) -> str:
    """ "We removed a password." or nothing."""
    if not kinds:
        return ""
    names = [str(SECRETS.get(kind, kind)) for kind in dict.fromkeys(kinds)]
    return str(
        ngettext(
            "We removed %(what)s before storing it.",
            "We removed %(what)s before storing them.",
            len(names),
            what=format_list(names, locale=get_locale()),
        )
    )


def closed_links(closed: ClosedLinks) -> str:
    """What stands beside an answer that can't be sent."""
    names = ", ".join(f"“{title}”" for title in closed.titles)
    return str(_("Whoever asked can't open %(names)s. Take the link out.", names=names))


# What each kind of event says. All take (teller, event); most need but one of them.


def _opened(_teller: Teller, event: EventEntry) -> str:
    source = SOURCES.get(event.facts.get("source", ""), "")
    sentences = [str(_("Reported %(how)s.", how=source))]
    if event.facts.get("follows"):
        sentences.append(str(_("It follows #%(number)s.", number=event.facts["follows"])))
    if removed := secrets_removed(event.facts.get("masked") or ()):
        sentences.append(removed)
    return " ".join(sentences)


def _assigned(_teller: Teller, event: EventEntry) -> str:
    agent, former = event.facts.get("agent", ""), event.facts.get("from_agent", "")
    if former and former != agent:
        return str(_("Passed from %(former)s to %(agent)s", former=former, agent=agent))
    return str(_("Assigned to %(agent)s", agent=agent))


def _released(_teller: Teller, event: EventEntry) -> str:
    return str(_("Given back by %(agent)s: nobody has it now", agent=event.facts.get("agent")))


def _handed(_teller: Teller, event: EventEntry) -> str:
    if event.facts.get("to"):
        return str(_("Given to %(name)s", name=event.facts["to"]))
    return str(_("Given back: nobody has it now"))


def _numbered(words: Any) -> "Say":
    """About the other ticket of an escalation."""

    def say(_teller: Teller, event: EventEntry) -> str:
        return str(words) % {"number": event.facts.get("number", "")}

    return say


def _article_begun(_teller: Teller, event: EventEntry) -> str:
    return str(_("Began an article from this: “%(title)s”", title=event.facts.get("title", "")))


def _wished(_teller: Teller, event: EventEntry) -> str:
    said = _("It is an idea now: #%(number)s “%(title)s”")
    return said % {"number": event.facts.get("idea", ""), "title": event.facts.get("title", "")}


def _published(_teller: Teller, event: EventEntry) -> str:
    return str(_("Published in the forum: “%(title)s”", title=event.facts.get("title", "")))


def _news(_teller: Teller, event: EventEntry) -> str:
    words = NEWS.get(event.facts.get("what", ""), _l("#%(number)s has changed"))
    return str(words) % {"number": event.facts.get("number", "")}


def _changed(teller: Teller, event: EventEntry) -> str:
    before, after = event.facts.get("before", {}), event.facts.get("after", {})
    changes = [
        _(
            "%(what)s: %(former)s → %(now)s",
            what=ABOUT[what],
            former=teller.name(what, before.get(what, "")),
            now=teller.name(what, value),
        )
        for what, value in after.items()
        if what in ABOUT
    ]
    return "; ".join(changes)


def _item(teller: Teller, event: EventEntry) -> str:
    item = event.facts.get("item", "")
    found = next((check for check in teller.voice.pack.checklist if check.key == item), None)
    return found.text.to(teller.voice.language) if found else str(item)


def _checked(teller: Teller, event: EventEntry) -> str:
    return str(_("Ticked: %(item)s", item=_item(teller, event)))


def _unchecked(teller: Teller, event: EventEntry) -> str:
    return str(_("Unticked: %(item)s", item=_item(teller, event)))


def _moment(teller: Teller, event: EventEntry) -> str:
    until = event.facts.get("until")
    return teller.voice.when(datetime.fromisoformat(until)) if until else ""


def _promised(teller: Teller, event: EventEntry) -> str:
    return str(_("Promised the next update by %(when)s", when=_moment(teller, event)))


def _snoozed(teller: Teller, event: EventEntry) -> str:
    return str(_("Snoozed until %(when)s", when=_moment(teller, event)))


def _closed(_teller: Teller, event: EventEntry) -> str:
    if event.by_id is None:
        return str(_("Closed: solved, and no word from the customer since"))
    return str(_("Closed"))


def _reopened(_teller: Teller, event: EventEntry) -> str:
    times = event.facts.get("times") or 1
    if times == 1:
        return str(_("Opened again"))
    return str(_("Opened again, %(times)s times by now", times=times))


def _followed_up(_teller: Teller, event: EventEntry) -> str:
    return str(_("Goes on in #%(number)s", number=event.facts.get("number", "")))


def _warned(teller: Teller, event: EventEntry) -> str:
    return teller.fired(Do.WARN, event)


def _breached(teller: Teller, event: EventEntry) -> str:
    return teller.fired(Do.BREACH, event)


def _escalated(teller: Teller, event: EventEntry) -> str:
    return teller.fired(Do.ESCALATE, event)


def _managers_told(teller: Teller, event: EventEntry) -> str:
    return teller.fired(Do.NOTIFY, event)


def _paged(teller: Teller, event: EventEntry) -> str:
    text = teller.fired(Do.PAGE, event)
    if event.facts.get("again"):
        again = _("a page stands already")  # outside the f-string, where translators' tools look
        return f"{text} ({again})"
    return text


def _unknown(_teller: Teller, event: EventEntry) -> str:
    return event.kind.replace("_", " ")


def _plain(words: Any) -> "Say":
    def say(_teller: Teller, _event: EventEntry) -> str:
        return str(words)

    return say


Say = Callable[[Teller, EventEntry], str]
_UNKNOWN: Final[tuple[str, str, Say]] = ("history", "", _unknown)
_KINDS: Final[Mapping[str, tuple[str, str, Say]]] = {
    "opened": ("ticket", "", _opened),
    "customer_replied": ("reply", "", _plain(_l("The customer wrote"))),
    "agent_replied": ("reply", "done", _plain(_l("Answered"))),
    "reply_withdrawn": ("undo", "", _plain(_l("Took a reply back before it left"))),
    "message_edited": ("edit", "", _plain(_l("Edited a message"))),
    "noted": ("note", "", _plain(_l("Wrote an internal note"))),
    "article_begun": ("book", "", _article_begun),
    "wished": ("bulb", "", _wished),
    "publication_asked": ("eye", "", _plain(_l("Asked whether others may read this in the forum"))),
    "publication_granted": ("check", "", _plain(_l("Others may read it in the forum"))),
    "publication_refused": ("refused", "", _plain(_l("It stays private"))),
    "publication_withdrawn": ("undo", "", _plain(_l("It is not going to be published"))),
    "published": ("chat", "done", _published),
    "consent_taken_back": ("undo", "", _plain(_l("Consent was taken back: nobody reads it now"))),
    "update_promised": ("calendar", "", _promised),
    "started": ("progress", "", _plain(_l("Somebody is at it"))),
    "waiting": ("waiting", "", _plain(_l("Waits on the customer; our clocks are on hold"))),
    "resolved": ("done", "done", _plain(_l("Solved"))),
    "closed": ("closed", "", _closed),
    "reopened": ("undo", "", _reopened),
    "followed_up": ("link", "", _followed_up),
    "snoozed": ("snoozed", "", _snoozed),
    "woken": ("clock", "", _plain(_l("Back from being snoozed"))),
    "assigned": ("user", "", _assigned),
    "released": ("user", "", _released),
    "handed": ("user", "", _handed),
    "passed_up": ("escalate", "", _numbered(_l("Passed up to the platform as #%(number)s"))),
    "news_from_above": ("escalate", "", _news),
    "recalled": ("undo", "", _numbered(_l("Called #%(number)s back from the platform"))),
    "sent_back": ("undo", "burn", _numbered(_l("The platform sent #%(number)s back"))),
    "progress_told": ("reply", "", _plain(_l("Told how far it is, by itself"))),
    "severity_changed": ("tag", "", _changed),
    "triaged": ("tag", "", _changed),
    "checked": ("check", "", _checked),
    "unchecked": ("undo", "", _unchecked),
    "warned": ("clock", "burn", _warned),
    "breached": ("burn", "burn", _breached),
    "escalated": ("escalate", "burn", _escalated),
    "managers_told": ("bell", "burn", _managers_told),
    "paged": ("page", "burn", _paged),
    "page_accepted": ("page", "", _plain(_l("The pager took the page; nobody has confirmed yet"))),
    "page_acknowledged": ("done", "done", _plain(_l("Confirmed the page and is on it"))),
    "page_failed": ("alert", "burn", _plain(_l("The page could not be sent"))),
    "page_fallback": ("mail", "burn", _plain(_l("No confirmation: the second way was taken"))),
    "success_flagged": ("flag", "", _plain(_l("Customer success will have a look"))),
    "secret_put_back": ("eye", "", _plain(_l("Put back words that were taken for a secret"))),
}
