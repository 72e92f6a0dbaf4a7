"""No address gives anybody what is not theirs, nor lets them change it: every route is tried."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.core.permissions import BUILDER_STAFF, PORTAL, Role
from portal.foundation.db import Base
from portal.foundation.tenancy import PLATFORM, see
from tests.conventions.conftest import Visit
from tests.fixtures.premises import Premises
from tests.fixtures.world import Person, World
from tests.support.addresses import address, rules
from tests.support.doors import (
    belongs_to_somebody,
    of_somebody,
    of_tickets,
    telling,
    tells,
    trespasses,
)

pytestmark = pytest.mark.usefixtures("noon")
CHANGES_BY_ITSELF = {"logins", "idempotency_keys"}  # who was here last, what was answered
AT_PORTALS = {"brand.stylesheet"}  # the platform has no colours of a builder's
# of what everybody may read
FOR_ROBOTS = {"reading.category_feed", "reading.sitemap_part", "sitemaps.part"}
# what only the sender's own browser remembers: tests/widget/test_contact
BEHIND_A_COOKIE = {"support.restoration", "widget.submission"}
FOR_STAFF = {"support.suggested_article"}  # the article that stands there
# what is staff's; a script; a film for who has a pass
NOT_IN_PANELS = {
    *("widget.article", "widget.words_of", "widget.file", "widget.film"),
    *("widget.part", "widget.watched"),
}
# to where a reply stands now; to the editor of what is not published; nowhere, while it is not
LEADS_ON = {"forum.reply", "releases.withdrawal", "releases_api.get_release"}
# where everybody reads what is public, and nobody the rest: tests/roadmap
OF_EVERYBODY = {"roadmap.by_number", "roadmap.item", "roadmap.share_item"}
OF_ANOTHER = ("sso.", "staff_sign_on.")  # tests/accounts/oidc: a connection that is on, and staff's

OTHERS = [(role, "birch") for role in sorted(BUILDER_STAFF | PORTAL)]
OTHERS += [(role, "acme") for role in sorted(PORTAL)]  # what another client asked


def everything(engine: Engine) -> dict[str, list[Any]]:
    tables = [table for table in Base.metadata.sorted_tables if table.name not in CHANGES_BY_ITSELF]
    with Session(engine) as session:
        see(session, PLATFORM)
        connection = session.connection()
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in tables
        }


@pytest.mark.parametrize(("role", "company"), OTHERS)
def test_what_is_somebody_elses_is_as_if_it_were_not_there(
    app: Flask,
    runtime,
    world: World,
    premises: Premises,
    visit: Visit,
    person: Person,
    role: Role,
    company: str,
) -> None:
    """By no route, with no method, on no page; and nothing is changed by asking."""
    ask = visit(person(role, getattr(world, company)))
    before = everything(runtime.engine)
    assert not [*trespasses(app, premises, ask, of_somebody(app)), *telling(app, ask)]
    assert everything(runtime.engine) == before


def test_field_people_find_no_ticket_that_nobody_gave_them(
    app: Flask, world: World, premises: Premises, visit: Visit, person: Person
) -> None:
    ask = visit(person(Role.FIELD, world.acme))
    assert not list(trespasses(app, premises, ask, of_tickets(app)))
    assert not [path for path in ("/", "/tickets", "/company/desk") if tells(ask("GET", path))]


def test_agents_do_not_read_what_was_written_to_others(
    app: Flask, world: World, premises: Premises, visit: Visit
) -> None:
    ask = visit(world.second)
    wrong = []
    for rule, method in rules(app):
        if rule.endpoint.startswith(("inbox.", "mailbox.")) and belongs_to_somebody(rule):
            answer = ask(method, address(app, rule, premises.arguments(rule)))
            if answer.status_code not in {403, 404} or tells(answer):
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
    asks |= {"reading.": visit(world.agent), "videos.": visit(world.manager)}
    asks |= dict.fromkeys(("articles.", "gaps.", "guidance.", "synonyms."), visit(world.manager))
    asks |= {"widget.": visit(world.pm)}
    asks |= {"kb_api.": visit(world.agent), "forum_api.": visit(world.pm)}
    asks |= {"forum.": visit(world.agent), "pictures.": visit(world.pm)}
    asks["community."] = visit(world.manager)
    asks |= dict.fromkeys(("ideas.", "releases.", "backlog."), visit(world.manager))
    asks["releases_api."] = visit(world.pm)
    asks["roadmap."] = visit(world.admin)
    asks |= {"brand.": visit(world.owner), "domains.": visit(world.owner)}
    closed = []
    for rule, method in rules(app):
        hidden = rule.endpoint in (
            BEHIND_A_COOKIE | AT_PORTALS | FOR_ROBOTS | FOR_STAFF | NOT_IN_PANELS | LEADS_ON
        ) or (rule.endpoint in OF_EVERYBODY)
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
