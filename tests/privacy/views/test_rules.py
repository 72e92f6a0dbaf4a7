"""The page on which a builder says how long things are kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts import audit
from portal.accounts.models import AuditEntry
from portal.privacy.models import RetentionRule
from tests.fixtures.world import NOW

pytestmark = pytest.mark.usefixtures("noon")
RULES = {"tickets_months": "", "tickets_fate": "anonymise", "files_months": "", "audit_years": ""}


def rules(**changes):
    return {**RULES, "version": "0", **changes}


def test_nothing_is_ever_removed_until_somebody_says_so(world, sign_in):
    said = sign_in(world.owner).get("/company/privacy").text
    assert "Everything is kept for ever." in said
    assert "Nobody has asked" in said


def test_the_review_counts_and_saves_nothing(session, world, sign_in):
    audit.record(session, "brand.saved", by=world.owner, at=NOW - timedelta(days=800))
    audit.record(session, "brand.saved", by=world.stranger, at=NOW - timedelta(days=800))
    session.commit()
    answer = sign_in(world.owner).post(
        "/company/privacy/rules/review", data=rules(audit_years="2", tickets_months="6")
    )
    assert answer.status_code == 200
    assert "Now it would be 1 entry." in answer.text
    assert "Now it would be 0 requests." in answer.text
    assert "can’t be brought back" in answer.text
    session.rollback()
    assert session.scalars(select(RetentionRule)).all() == []


def test_what_was_reviewed_is_saved_with_the_next_night(session, world, sign_in):
    browser = sign_in(world.owner)
    saved = browser.post("/company/privacy/rules", data=rules(tickets_months="24"))
    assert saved.status_code == 303
    said = browser.get("/company/privacy").text
    assert "Next look: Wed 25 Nov, 03:00" in said  # in New York
    assert 'value="24"' in said
    session.rollback()
    rule = session.scalars(select(RetentionRule)).one()
    assert (rule.builder_id, rule.tickets_months) == (world.acme.id, 24)
    assert rule.erase_files is False
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "retention.saved")).one()
    assert entry.facts["tickets_months"] == 24


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "many", "601", "٣", "1e9"])
def test_what_is_no_span_is_refused_and_stays(session, world, sign_in, typed):
    for place in ("/company/privacy/rules/review", "/company/privacy/rules"):
        answer = sign_in(world.owner).post(place, data=rules(tickets_months=typed))
        assert answer.status_code == 422
        assert "Enter a whole number from 1 to 600" in answer.text
        assert f'value="{typed}"' in answer.text


def test_the_second_of_two_is_told_and_loses_nothing(session, world, sign_in):
    browser = sign_in(world.owner)
    browser.post("/company/privacy/rules", data=rules(audit_years="5"))
    late = browser.post("/company/privacy/rules", data=rules(audit_years="1"))
    assert late.status_code == 409
    assert "Somebody else has saved other rules meanwhile" in late.text
    assert 'name="audit_years" value="1"' in late.text
    session.rollback()
    assert session.scalars(select(RetentionRule.audit_years)).one() == 5
    again = browser.post("/company/privacy/rules", data=rules(audit_years="1", version="1"))
    assert again.status_code == 303


@pytest.mark.parametrize("path", ["/company/privacy/rules", "/company/privacy/rules/review"])
def test_who_may_not_is_refused(world, sign_in, path):
    for name, code in (("pm", 403), ("agent", 403), ("manager", 403), ("client", 404)):
        assert sign_in(getattr(world, name)).post(path, data=rules()).status_code == code


def test_each_company_has_its_own(session, world, sign_in):
    sign_in(world.owner).post("/company/privacy/rules", data=rules(audit_years="5"))
    for name in ("stranger", "admin"):
        assert "kept for ever" in sign_in(getattr(world, name)).get("/company/privacy").text
