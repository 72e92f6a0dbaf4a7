"""The pages of the audit log."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts import audit
from portal.accounts.models import AuditEntry
from tests.fixtures.world import NOW

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def written(session, world):
    for by, about in ((world.owner, "acme.example"), (world.stranger, "CANARY.example")):
        audit.record(session, "domain.verified", by=by, at=NOW - timedelta(hours=1), about=about)
    audit.record(session, "some.day", by=world.owner, at=NOW, about="=1+1", role="pm")
    session.commit()
    return world


def exported(browser, **asked):
    return browser.post("/company/audit/export", data=asked, buffered=True)


def test_a_builders_admin_sees_their_own_worded(written, sign_in):
    said = sign_in(written.owner).get("/company/audit").text
    assert "Verified a domain" in said
    assert "acme.example" in said
    assert "Tue 24 Nov, 09:00" in said  # in New York
    assert "some.day" in said
    assert "role: pm" in said
    assert "CANARY" not in said


def test_the_platforms_admin_sees_all_with_whose_it_is(written, sign_in):
    browser = sign_in(written.admin)
    said = browser.get("/audit").text
    assert "CANARY.example" in said
    assert "acme.example" in said
    assert "Birch Build" in said
    narrowed = browser.get("/audit", query_string={"builder": str(written.acme.id)}).text
    assert "CANARY" not in narrowed
    assert "acme.example" in narrowed


@pytest.mark.parametrize("name", ["pm", "agent", "manager"])
def test_who_may_not_is_refused(written, sign_in, name):
    browser = sign_in(getattr(written, name))
    for path in ("/audit", "/company/audit"):
        assert browser.get(path).status_code == 403
        assert browser.post(f"{path}/export").status_code == 403


def test_each_log_is_at_its_own_address(written, sign_in):
    for name, path in (("owner", "/audit"), ("admin", "/company/audit")):
        browser = sign_in(getattr(written, name))
        assert browser.get(path).status_code == 404
        assert browser.post(f"{path}/export").status_code == 404


def test_a_portal_has_no_such_page(written, sign_in):
    client = sign_in(written.client)
    assert client.get("/company/audit").status_code == 404
    assert client.get("/audit").status_code == 404


def test_a_builder_of_another_is_not_to_be_chosen(written, sign_in):
    answer = sign_in(written.owner).get(
        "/company/audit", query_string={"builder": str(written.birch.id)}
    )
    assert answer.status_code == 422
    assert "CANARY" not in answer.text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"since": "yesterday"}, "Not a valid date value"),
        ({"since": "0001-01-01"}, "Enter a date, such as 2026-11-24"),
        ({"since": "2026-11-24", "until": "2026-11-23"}, "It ends before it starts"),
        ({"act": "no.such"}, "Not a valid choice"),
    ],
)
def test_a_filter_that_can_not_be_says_why(written, sign_in, asked, told):
    answer = sign_in(written.owner).get("/company/audit", query_string=asked)
    assert answer.status_code == 422
    assert told in answer.text


def test_days_are_the_readers(session, written, sign_in):
    late = NOW.replace(hour=4)  # 23:00 of the day before in New York
    audit.record(session, "brand.saved", by=written.owner, at=late, about="late")
    session.commit()
    browser = sign_in(written.owner)
    day = {"since": "2026-11-23", "until": "2026-11-23"}
    said = browser.get("/company/audit", query_string=day).text
    assert "late" in said
    assert "acme.example" not in said


def test_nothing_found_says_what_to_do(written, sign_in):
    browser = sign_in(written.owner)
    assert "Nothing fits" in browser.get("/company/audit?about=unheard").text


def test_a_broken_cursor_is_refused(written, sign_in):
    assert sign_in(written.owner).get("/company/audit?cursor=x").status_code == 400


def test_the_export_is_the_filtered_log_in_ones_own_zone(written, sign_in):
    answer = exported(sign_in(written.owner), act="domain.verified")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    head, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    assert head[0] == "When"
    assert [row[6] for row in rows] == ["acme.example"]
    assert rows[0][0] == "2026-11-24T09:00:00-05:00"


def test_nothing_in_the_export_is_a_formula(written, sign_in):
    text = exported(sign_in(written.owner)).text
    assert "'=1+1" in text
    assert "CANARY" not in text
    assert ",=1+1" not in text


def test_that_somebody_took_it_is_written_down(session, written, sign_in):
    exported(sign_in(written.owner), about="acme")
    session.rollback()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "audit.exported")).one()
    assert entry.by_id == written.owner.user_id
    assert entry.builder_id == written.acme.id
    assert entry.facts == {"only_about": "acme"}
