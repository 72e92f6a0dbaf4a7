"""No address gives anybody what is not theirs, nor lets them change it: every route is tried."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from portal.foundation.db import Base
from portal.foundation.tenancy import PLATFORM, see
from tests.fixtures.premises import SECRET, Premises
from tests.fixtures.world import World
from tests.support.addresses import address, rules

pytestmark = pytest.mark.usefixtures("noon")
CHANGES_BY_ITSELF = {"logins", "idempotency_keys"}  # who was here last, what was answered
AT_PORTALS = {"brand.stylesheet"}  # the platform has no colours of a builder's
BEHIND_A_COOKIE = {"support.restoration"}  # what only the sender's own browser remembers
OF_ANOTHER = ("sso.", "staff_sign_on.")  # tests/accounts/oidc: a connection that is on, and staff's


def belongs_to_somebody(rule: Rule) -> bool:
    if rule.endpoint.startswith("brand."):  # for all who open a portal (tests/branding/views)
        return False
    return bool(rule.arguments) and "token" not in rule.arguments


def everything(engine: Engine) -> dict[str, list[Any]]:
    tables = [table for table in Base.metadata.sorted_tables if table.name not in CHANGES_BY_ITSELF]
    with Session(engine) as session:
        see(session, PLATFORM)
        connection = session.connection()
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in tables
        }


@pytest.mark.parametrize("name", ["stranger", "client"])
def test_what_is_somebody_elses_is_as_if_it_were_not_there(
    app: Flask, runtime, world: World, premises: Premises, visit, name: str
) -> None:
    ask = visit(getattr(world, name))
    before = everything(runtime.engine)
    wrong = []
    for rule, method in rules(app):
        if not belongs_to_somebody(rule):
            continue
        answer = ask(method, address(app, rule, premises.arguments(rule)))
        other = ask(method, address(app, rule, premises.nobodys(rule)))
        if answer.status_code not in {403, 404} or answer.status_code != other.status_code:
            wrong.append(f"{method} {rule}: {answer.status_code}, nobody's {other.status_code}")
        if SECRET in answer.text:
            wrong.append(f"{method} {rule} tells {SECRET}")
    assert not wrong
    assert everything(runtime.engine) == before


@pytest.mark.parametrize("name", ["stranger", "client"])
def test_no_list_or_page_shows_a_line_of_it(
    app: Flask, world: World, premises: Premises, visit, name: str
) -> None:
    ask = visit(getattr(world, name))
    pages = [rule.rule for rule, method in rules(app) if method == "GET" and not rule.arguments]
    assert len(pages) > 15
    assert not [path for path in pages if path != "/live" and SECRET in ask("GET", path).text]


def test_agents_do_not_read_what_was_written_to_others(
    app: Flask, world: World, premises: Premises, visit
) -> None:
    ask = visit(world.second)
    wrong = []
    for rule, method in rules(app):
        if rule.endpoint.startswith(("inbox.", "mailbox.")) and belongs_to_somebody(rule):
            answer = ask(method, address(app, rule, premises.arguments(rule)))
            if answer.status_code not in {403, 404} or SECRET in answer.text:
                wrong.append(f"{method} {rule}: {answer.status_code}")
    assert not wrong


def test_the_premises_are_real(app: Flask, world: World, premises: Premises, visit) -> None:
    """Whoever may sees them, or the tests above would find nothing at doors that lead nowhere."""
    asks = {"support.": visit(world.pm), "tickets_api.": visit(world.pm), "inbox.": visit(world.pm)}
    asks |= {"mailbox.": visit(world.pm), "policy.": visit(world.manager)}
    asks |= {"accounts.": visit(world.owner), "company.": visit(world.owner)}
    asks["widget_keys."] = asks["company."]
    asks |= {"company_sign_on.": visit(world.owner)}
    asks |= {"workspace.": visit(world.agent), "contact.": visit(world.stranger)}
    asks |= {"office.": visit(world.owner), "privacy.": visit(world.owner)}
    asks |= {"own_data.": visit(world.pm)}
    asks |= {"brand.": visit(world.owner), "domains.": visit(world.owner)}
    closed = []
    for rule, method in rules(app):
        hidden = rule.endpoint in BEHIND_A_COOKIE | AT_PORTALS
        if method != "GET" or not rule.arguments or hidden or rule.endpoint.startswith("staff."):
            continue
        if rule.endpoint.startswith(OF_ANOTHER):
            continue
        ask = next(ask for name, ask in asks.items() if rule.endpoint.startswith(name))
        answer = ask(method, address(app, rule, premises.arguments(rule)))
        if answer.status_code != 200:
            closed.append(f"{rule}: {answer.status_code}")
    assert closed == []
    assert all(isinstance(key, UUID) for key in (premises.letter, premises.notification))


def test_a_guests_link_opens_nothing_but_their_own(app: Flask, premises: Premises) -> None:
    client = app.test_client()
    place = f"/requests/{premises.token}"
    assert (
        client.get(f"{place}/attachments/{premises.guests_attachment}", buffered=True).status_code
        == 200
    )
    assert client.get(f"{place}/attachments/{premises.attachment}").status_code == 404
    number, dot, signature = premises.token.partition(".")
    for forged in (number, f"{number}{dot}", f"MTAwMg.{signature}", f"{number}.{signature[::-1]}"):
        assert client.get(f"/requests/{forged}").status_code == 404
