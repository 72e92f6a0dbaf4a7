"""The one table of roles and grants (core/permissions), against every route that there is: each
role of a builder, of another builder, of the platform, and nobody at all."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.accounts import service as accounts
from portal.accounts.models import Builder, SupportAgent
from portal.core.permissions import BUILDER_STAFF, GRANTS, PORTAL, STAFF, Actor, Role
from portal.foundation.web.site import PLACES, Kind
from tests.conventions.conftest import Visit
from tests.conventions.test_isolation import belongs_to_somebody, everything
from tests.fixtures.premises import SECRET, Premises
from tests.fixtures.world import NOW, World
from tests.support.addresses import address, rules

pytestmark = [pytest.mark.usefixtures("noon"), pytest.mark.timeout(300)]
PEOPLE = sorted(BUILDER_STAFF | PORTAL | STAFF)
ENDS_IT_ALL = {  # whoever asks for these is signed out and can ask for nothing more
    "accounts.sign_out",
    "accounts.revoke_others",
    "accounts.enter",
}
Person = Callable[[Role, Builder], Actor]


@pytest.fixture
def person(session) -> Person:
    """Somebody of the role, whom the world does not know yet."""

    def made(role: Role, builder: Builder) -> Actor:
        staff = role in STAFF
        email = f"another-{role}@{'corbel' if staff else builder.slug}.test"
        membership = accounts.add_member(
            session,
            email=email,
            name="Another One",
            role=role,
            builder=None if staff else builder,
            password="",
            at=NOW,
        )
        agent = None
        if role is Role.AGENT:
            agent = SupportAgent(user_id=membership.user_id, display_name="Another One", tier=1)
            session.add(agent)
        session.commit()
        return accounts.actor(membership, agent)

    return made


def kinds_of(app: Flask, rule: Rule) -> frozenset[Kind]:
    name = rule.endpoint.rpartition(".")[0]
    places: dict[str, frozenset[Kind]] = app.extensions[PLACES]
    return places.get(name, frozenset({Kind.PLATFORM}))


def wrongly(app: Flask, rule: Rule, role: Role, answer: TestResponse) -> str:
    """What is wrong with the answer to somebody of the role, if anything."""
    view, status = app.view_functions[rule.endpoint], answer.status_code
    if status >= 500 and rule.endpoint != "live.live":  # which has no Redis here
        return "broke"
    here = Kind.PORTAL if role in PORTAL and not rule.rule.startswith("/api/") else Kind.PLATFORM
    if here not in kinds_of(app, rule) and rule.endpoint.partition(".")[0] != "ops":
        return "" if status == 404 else "should not be there"
    if hasattr(view, "public_because"):
        return ""
    if "/sign-in" in answer.headers.get("Location", "").partition("?")[0]:
        return "asks whoever is signed in to sign in"
    granted = view.permission in GRANTS[role]
    if granted and status in {401, 403}:
        return f"refuses {view.permission}, which the table grants"
    if not granted and status != 403:
        return f"lets in, though the table does not grant {view.permission}"
    return ""


@pytest.mark.parametrize("role", PEOPLE)
def test_every_route_lets_in_whom_the_table_says(
    app: Flask, world: World, premises: Premises, visit: Visit, person: Person, role: Role
) -> None:
    ask, wrong = visit(person(role, world.acme)), []
    for rule, method in rules(app):
        if rule.endpoint in ENDS_IT_ALL:
            continue
        answer = ask(method, address(app, rule, premises.nobodys(rule)))
        if what := wrongly(app, rule, role, answer):
            wrong.append(f"{method} {rule}: {answer.status_code} {what}")
    assert not wrong


@pytest.mark.parametrize("role", sorted(BUILDER_STAFF | PORTAL))
def test_what_is_another_builders_is_nobodys(
    app: Flask,
    runtime,
    world: World,
    premises: Premises,
    visit: Visit,
    person: Person,
    role: Role,
) -> None:
    """By no route, with no method; and nothing is changed by asking."""
    ask = visit(person(role, world.birch))
    before, wrong = everything(runtime.engine), []
    for rule, method in rules(app):
        if not belongs_to_somebody(rule):
            continue
        theirs = ask(method, address(app, rule, premises.arguments(rule)))
        nobodys = ask(method, address(app, rule, premises.nobodys(rule)))
        if theirs.status_code not in {403, 404} or theirs.status_code != nobodys.status_code:
            wrong.append(f"{method} {rule}: {theirs.status_code}, nobody's {nobodys.status_code}")
        if SECRET in theirs.text:
            wrong.append(f"{method} {rule} tells {SECRET}")
    assert not wrong
    assert everything(runtime.engine) == before


@pytest.mark.parametrize("role", sorted(PORTAL | {Role.FIELD}))
def test_what_a_colleague_asked_is_not_theirs(
    app: Flask, world: World, premises: Premises, visit: Visit, person: Person, role: Role
) -> None:
    """Another client of the same builder, and whom nobody has given the ticket to."""
    ask, wrong = visit(person(role, world.acme)), []
    for rule, method in rules(app):
        if belongs_to_somebody(rule) and rule.endpoint.startswith(("support.", "tickets_api.")):
            answer = ask(method, address(app, rule, premises.arguments(rule)))
            if answer.status_code != 404 or SECRET in answer.text:
                wrong.append(f"{method} {rule}: {answer.status_code}")
    assert not wrong


def test_who_is_nobody_is_asked_to_sign_in(app: Flask, world: World, premises: Premises) -> None:
    visitor, wrong = app.test_client(), []
    for rule, method in rules(app):
        if hasattr(app.view_functions[rule.endpoint], "public_because"):
            continue
        answer = visitor.open(address(app, rule, premises.arguments(rule)), method=method)
        to_the_door = "/sign-in" in answer.headers.get("Location", "")
        if not (answer.status_code == 401 or (answer.status_code == 302 and to_the_door)):
            wrong.append(f"{method} {rule}: {answer.status_code}")
        if SECRET in answer.text:
            wrong.append(f"{method} {rule} tells {SECRET}")
    assert not wrong
