"""The clock's looks into the DNS: one name a turn, outside of any transaction."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from portal.branding import hosts, queries, senders
from portal.branding.dns import look_at_host, look_at_sender, resolver
from portal.branding.models import Domain, MailSender
from portal.config import Settings
from portal.core.permissions import SYSTEM
from portal.foundation.runtime import Ticker
from portal.foundation.tenancy import PLATFORM, see

CLAIMED = timedelta(minutes=10)  # so long another clock leaves a name alone


def checking_hosts(settings: Settings) -> Ticker:
    def check(sessions: sessionmaker[Session], at: datetime) -> int:
        with sessions.begin() as session:
            see(session, PLATFORM)
            due = queries.due_domain(session, at)
            if due is None:
                return 0
            due.next_check_at = at + CLAIMED
            key, host, token = due.id, due.host, due.token
        finding = look_at_host(resolver(settings.dns), host, token, settings.portal_target)
        with sessions.begin() as session:
            see(session, PLATFORM)
            domain = session.get(Domain, key)  # it may be gone by now
            if domain is not None:
                hosts.settle(session, domain, finding, by=SYSTEM, at=at)
        return 1

    return check


def checking_senders(settings: Settings) -> Ticker:
    def check(sessions: sessionmaker[Session], at: datetime) -> int:
        with sessions.begin() as session:
            see(session, PLATFORM)
            due = queries.due_sender(session, at)
            if due is None:
                return 0
            due.next_check_at = at + CLAIMED
            key, domain, token = due.id, senders.domain_of(due.address), due.token
        finding = look_at_sender(resolver(settings.dns), domain, token, settings.mail_allowing)
        with sessions.begin() as session:
            see(session, PLATFORM)
            sender = session.get(MailSender, key)
            if sender is not None:
                senders.settle(session, sender, finding, by=SYSTEM, at=at)
        return 1

    return check
