"""A host is had by who shows it in the DNS, as long as they do."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import AuditEntry
from portal.branding import dns, hosts, queries
from portal.branding.checking import checking_hosts
from portal.branding.dns import CHALLENGE, look_at_host, resolver
from portal.branding.hosts import Known, NotReady, Taken, TooMany
from portal.branding.models import Domain
from portal.core.hostnames import BadHost
from portal.foundation.outbox import OutboxEvent
from tests.fixtures.world import NOW

HOST = "support.acme.example"
DAY = timedelta(days=1)


@pytest.fixture
def claim(session, world):
    def claiming(who=None, host=HOST, at=NOW):
        who = who or world.owner
        return hosts.claim(session, who.builder_id, host, ours=("corbel.test",), by=who, at=at)

    return claiming


@pytest.fixture
def look(session, names, settings):
    def looking(domain, at=NOW, by=None):
        found = look_at_host(
            resolver(settings.dns), domain.host, domain.token, settings.portal_target
        )
        hosts.settle(session, domain, found, by=by, at=at)
        return found

    return looking


def show(names, domain):
    names.says(f"{CHALLENGE}.{domain.host}", "TXT", f'"{domain.token}"')


def test_the_record_makes_it_theirs(session, names, claim, look, world):
    domain = claim()
    assert look(domain, by=world.owner).proven is False
    assert domain.state == "failed"
    show(names, domain)
    names.says(HOST, "CNAME", "portals.test.")
    names.says("portals.test", "A", "192.0.2.7")
    found = look(domain, by=world.owner)
    assert (found.proven, found.points, found.leads) == (True, True, ["portals.test"])
    assert (domain.state, domain.failures) == ("verified", 0)
    assert domain.next_check_at == NOW + 7 * DAY
    acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["domain.claimed", "domain.verified"]


def test_where_it_leads_is_told_apart_from_whose_it_is(names, claim, look, world):
    domain = claim()
    show(names, domain)
    names.says(HOST, "A", "198.51.100.9")
    names.says("portals.test", "A", "192.0.2.7")
    found = look(domain, by=world.owner)
    assert (found.proven, found.points, found.leads) == (True, False, ["198.51.100.9"])
    assert domain.state == "verified"
    assert not hosts.is_ready(domain)
    names.says(HOST, "A", "192.0.2.7")
    assert look(domain, by=world.owner).points is True


def test_what_stands_there_instead_is_shown(names, claim, look, world):
    domain = claim()
    names.says(f"{CHALLENGE}.{HOST}", "TXT", '"corbel-of-somebody-else"')
    assert look(domain, by=world.owner).seen == ["corbel-of-somebody-else"]


def test_a_claim_keeps_nobody_else_out_but_the_record_does(names, claim, look, world):
    mine, theirs = claim(), claim(world.stranger)
    show(names, theirs)
    look(theirs, by=world.stranger)
    assert theirs.state == "verified"
    look(mine, by=world.owner)
    assert mine.state == "failed"
    names.says(f"{CHALLENGE}.{HOST}", "TXT", f'"{theirs.token}"', f'"{mine.token}"')
    look(mine, by=world.owner)
    assert mine.state == "failed"
    assert mine.found["seen"] == ["taken"]


def test_the_database_itself_keeps_one_host_one_builders(session, claim, world, monkeypatch):
    """Two looks at once: neither sees the other's yet."""
    mine, theirs = claim(), claim(world.stranger)
    theirs.state = "verified"
    session.flush()
    monkeypatch.setattr(queries, "owner_of_host", lambda session, host: None)
    hosts.settle(session, mine, dns.Finding(proven=True), by=world.owner, at=NOW)
    assert mine.state == "failed"
    assert mine.found["seen"] == ["taken"]


def test_refusals(session, claim, names, look, world):
    domain = claim()
    with pytest.raises(Known):
        claim(host=" SUPPORT.acme.example. ")
    with pytest.raises(BadHost):
        claim(host="acme.corbel.test")
    show(names, domain)
    look(domain, by=world.owner)
    with pytest.raises(Taken):
        claim(world.stranger)
    for number in range(hosts.MOST - 1):
        claim(host=f"h{number}.acme.example")
    with pytest.raises(TooMany):
        claim(host="one-more.acme.example")


def test_it_lapses_after_three_failures_and_the_admins_are_told(session, names, claim, look, world):
    domain = claim()
    show(names, domain)
    look(domain, by=world.owner)
    domain.is_primary = True
    names.zone.clear()
    for day, state in ((7, "verified"), (8, "verified"), (10, "lapsed")):
        look(domain, at=NOW + day * DAY, by=world.owner)
        assert domain.state == state
    assert not domain.is_primary
    assert domain.next_check_at is None
    [event] = session.scalars(select(OutboxEvent)).all()
    assert (event.kind, event.payload["host"]) == (hosts.LAPSED, HOST)
    show(names, domain)
    look(domain, at=NOW + 11 * DAY, by=world.owner)
    assert domain.state == "verified"


@pytest.mark.parametrize("fault", ["silent", "broken"])
def test_a_dns_that_does_not_answer_proves_nothing(names, claim, look, world, fault, monkeypatch):
    monkeypatch.setattr(dns, "PATIENCE", 0.2)
    domain = claim()
    show(names, domain)
    look(domain, by=world.owner)
    setattr(names, fault, True)
    for hour in range(5):
        assert look(domain, at=NOW + timedelta(hours=hour), by=world.owner).unreachable
    assert (domain.state, domain.failures) == ("verified", 0)
    assert domain.next_check_at == NOW + timedelta(hours=5)


def test_the_clock_looks_by_itself_and_ever_more_rarely(session, runtime, names, claim, settings):
    domain = claim()
    session.commit()
    check = checking_hosts(settings)
    at, gaps = NOW, []
    for _ in range(9):
        assert check(runtime.writers, at) == (0 if at == NOW else 1)
        session.expire_all()
        session.rollback()
        found = session.get(Domain, domain.id)
        gaps.append(found.next_check_at - at)
        at = found.next_check_at
    assert gaps == sorted(gaps)
    assert gaps[-1] == DAY
    show(names, domain)
    check(runtime.writers, at)
    session.expire_all()
    session.rollback()
    assert session.get(Domain, domain.id).state == "verified"
    assert check(runtime.writers, at + 6 * DAY) == 0
    assert check(runtime.writers, at + 7 * DAY) == 1


def test_after_two_weeks_nobody_looks_any_more(session, claim, look, world):
    domain = claim()
    look(domain, at=NOW + 15 * DAY, by=world.owner)
    assert domain.next_check_at is None


def test_only_what_leads_here_can_be_chosen(session, names, claim, look, world):
    domain = claim()
    whose = world.acme.id
    with pytest.raises(NotReady):
        hosts.choose_primary(session, whose, HOST, by=world.owner, at=NOW)
    with pytest.raises(NotReady):
        hosts.choose_primary(session, whose, "evil.example", by=world.owner, at=NOW)
    show(names, domain)
    names.says(HOST, "CNAME", "portals.test.")
    look(domain, by=world.owner)
    hosts.choose_primary(session, whose, HOST, by=world.owner, at=NOW)
    assert queries.portal_by_id(session, whose).host == HOST
    hosts.choose_primary(session, whose, "", by=world.owner, at=NOW)
    assert queries.portal_by_id(session, whose).host is None
