"""Pages as they leave the house: PagerDuty's events, one incident a page."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from portal.config import Settings
from portal.foundation.deliveries import Channel, Delivery, Outcome, Settled, Status
from portal.foundation.english import in_english
from portal.foundation.pagerduty import Accepted, PagerDuty, RetryLater
from portal.foundation.pagerduty import Outcome as Answer
from portal.tickets import addresses
from portal.tickets.service import paging

NOT_SET_UP = in_english("No paging service is set up: set CORBEL_PAGERDUTY_KEY.")
ACKNOWLEDGE, RESOLVE = "acknowledge", "resolve"


def channel(settings: Settings) -> Channel:
    """Without a paging service every page fails at once, so that the second way starts."""
    if settings.paging is None:
        return Channel(_nowhere, _settled_after(timedelta()))
    service = PagerDuty(settings.paging.endpoint, settings.paging.routing_key)
    confirm = timedelta(minutes=settings.paging.confirm_minutes)
    source = urlsplit(settings.base_url).netloc
    return Channel(lambda page: _outcome(_send(service, page, source)), _settled_after(confirm))


def _nowhere(page: Delivery) -> Outcome:
    return Outcome(Status.DEAD, NOT_SET_UP)


def _settled_after(confirm: timedelta) -> Settled:
    def settled(session: Session, delivery: Delivery, at: datetime) -> None:
        if delivery.about_id is not None:  # what follows a page is told to nobody
            paging.settled(session, delivery, at, confirm)

    return settled


def _send(service: PagerDuty, page: Delivery, source: str) -> Answer:
    facts = page.payload
    match facts.get("action"):
        case "acknowledge":
            return service.acknowledge(facts["dedup_key"])
        case "resolve":
            return service.resolve(facts["dedup_key"])
    return service.trigger(
        page.dedup_key,
        summary=f"#{facts['ticket']} {facts['severity']}: {facts['subject']}",
        severity="critical",
        source=source,
        details={"ticket": facts["ticket"], "severity": facts["severity"], "due": facts["due"]},
        link=addresses.absolute(addresses.for_staff(facts["ticket"])),
    )


def _outcome(answer: Answer) -> Outcome:
    match answer:
        case Accepted():
            return Outcome(Status.SENT)
        case RetryLater():
            return Outcome(Status.QUEUED, _words(answer.reason, answer.detail), answer.after)
    return Outcome(Status.DEAD, _words(f"{answer.reason} ({answer.status})", answer.detail))


def _words(reason: str, detail: str) -> str:
    return f"{reason}: {detail}".rstrip(": ")
