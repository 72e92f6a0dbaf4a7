"""A builder's address sends letters once its domain says so."""

import pytest

from portal.branding import queries, senders
from portal.branding.checking import checking_senders
from portal.branding.dns import CHALLENGE, look_at_sender, resolver
from portal.branding.models import MailSender
from portal.core.hostnames import BadHost
from tests.fixtures.world import NOW

ADDRESS = "care@acme.example"
TERM = "include:spf.homes.test"


@pytest.fixture
def claim(session, world):
    def claiming(address=ADDRESS, ours=("homes.test",)):
        return senders.claim(session, world.acme.id, address, ours=ours, by=world.owner, at=NOW)

    return claiming


@pytest.fixture
def look(session, settings, world):
    def looking(sender):
        domain = senders.domain_of(sender.address)
        found = look_at_sender(resolver(settings.dns), domain, sender.token, TERM)
        senders.settle(session, sender, found, by=world.owner, at=NOW)
        return found

    return looking


def prove(names, sender):
    names.says(f"{CHALLENGE}.acme.example", "TXT", f'"{sender.token}"')


@pytest.mark.parametrize(
    ("policies", "allowed"),
    [
        ([], False),
        (['"v=spf1 -all"'], False),
        ([f'"v=spf1 {TERM} -all"'], True),
        ([f'"V=SPF1 mx +{TERM.upper()} ~all"', '"google-site-verification=x"'], True),
        ([f'"v=spf1 {TERM}.evil.example -all"'], False),
        ([f'"v=spf1 -{TERM} -all"'], False),
        ([f'"v=spf1 {TERM} -all"', '"v=spf1 mx -all"'], False),  # two policies are none: RFC 7208
        (['"v=spf1 inc" "lude:spf.homes.test -all"'], True),  # one text in two strings
    ],
)
def test_both_records_are_needed(names, claim, look, policies, allowed):
    sender = claim()
    prove(names, sender)
    names.says("acme.example", "TXT", *policies)
    assert look(sender).allowed is allowed
    assert sender.state == ("verified" if allowed else "failed")


def test_spf_alone_proves_nothing(names, claim, look):
    sender = claim()
    names.says("acme.example", "TXT", f'"v=spf1 {TERM} -all"')
    assert look(sender).proven is False
    assert sender.state == "failed"


def test_another_name_of_the_same_domain_needs_no_new_proof(names, claim, look, session, world):
    sender = claim()
    prove(names, sender)
    names.says("acme.example", "TXT", f'"v=spf1 {TERM} -all"')
    look(sender)
    assert claim("help@acme.example").state == "verified"
    assert queries.portal_by_id(session, world.acme.id).sender == "help@acme.example"
    other = claim("care@other.example")
    assert other.state == "pending"
    assert other.token != sender.token
    assert queries.portal_by_id(session, world.acme.id).sender is None


@pytest.mark.parametrize("address", ["me@homes.test", "me@mail.homes.test", "me@127.0.0.1"])
def test_an_address_that_is_not_theirs_is_refused(claim, address):
    with pytest.raises(BadHost):
        claim(address)


def test_the_clock_looks_at_senders_too(session, runtime, names, claim, settings):
    sender = claim()
    prove(names, sender)
    names.says("acme.example", "TXT", f'"v=spf1 {TERM} -all"')
    session.commit()
    check = checking_senders(settings)
    assert check(runtime.writers, NOW) == 0
    assert check(runtime.writers, sender.next_check_at) == 1
    session.expire_all()
    session.rollback()
    assert session.get(MailSender, sender.id).state == "verified"
