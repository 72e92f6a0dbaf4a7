"""Every route, role and company against a running system: real processes, cookies and tokens. What
one company has bears a word that nobody else may ever read."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.core.permissions import GRANTS, Scope
from portal.foundation.web.site import portal_path
from tests.fixtures.live import Live
from tests.fixtures.premises import Premises
from tests.journeys.sockets.callers import Caller, Nobody, Somebody
from tests.support.addresses import address, rules
from tests.support.doors import (
    COMMUNITY,
    STREAM,
    Door,
    against_the_table,
    is_public,
    of_somebody,
    open_to_nobody,
    telling,
    tells,
    trespasses,
)

pytestmark = [pytest.mark.once, pytest.mark.timeout(600)]  # tests/conventions asks both databases
CALLERS = 4  # at a time
OTHERS = "birch"


def test_no_door_of_a_running_system_opens_to_whom_it_should_not(
    app: Flask, premises: Premises, people: list[Somebody], system: Live
) -> None:
    def called(somebody: Somebody) -> list[str]:
        with Caller(system.url, somebody) as caller:
            found = as_a_stranger if somebody.company == OTHERS else at_home
            return [f"{somebody}: {what}" for what in found(app, premises, somebody, caller)]

    with ThreadPoolExecutor(CALLERS) as pool:
        wrong = [what for found in pool.map(called, people) for what in found]
    with Nobody(system.url) as visitor:
        wrong += [f"nobody: {what}" for what in open_to_nobody(app, premises, visitor.ask)]
    assert not wrong


def as_a_stranger(
    app: Flask, premises: Premises, somebody: Somebody, caller: Caller
) -> Iterator[str]:
    yield from trespasses(app, premises, caller.ask, of_somebody(app))
    yield from telling(app, caller.ask)
    yield from at_the_others_portal(app, premises, caller)


def at_the_others_portal(app: Flask, premises: Premises, caller: Caller) -> Iterator[str]:
    """Whoever is somebody at their own site is nobody there, with all of their cookies."""
    portal = caller.platform + portal_path("acme").rstrip("/")
    for name, value in caller.browser.cookies.items():
        caller.browser.cookies.set(name, value, path=portal_path("acme"))
    for rule, method in read(rules(app)):
        answer = caller.ask_at(portal, method, address(app, rule, premises.arguments(rule)))
        came_in = answer.status_code == 200 and not is_public(app, rule)
        if "token" not in rule.arguments and (came_in or tells(answer)):
            yield f"{method} {rule} at the portal of another builder: {answer.status_code}"


def at_home(app: Flask, premises: Premises, somebody: Somebody, caller: Caller) -> Iterator[str]:
    role, doors = somebody.actor.role, list(rules(app))
    yield from against_the_table(app, role, caller.ask, read(doors), partial(others, premises))
    yield from against_the_table(app, role, caller.ask, written(doors), premises.nobodys)
    yield from by_scope(app, premises, somebody, caller)
    if somebody.actor.is_portal_user:  # what another client asked is none of their business either
        yield from trespasses(app, premises, caller.ask, of_somebody(app))
        yield from telling(app, caller.ask)


def by_scope(app: Flask, premises: Premises, somebody: Somebody, caller: Caller) -> Iterator[str]:
    """A token opens what its one scope names and its owner may do, and nothing else."""
    for scope in Scope:
        for rule, method in rules(app):
            wanted = getattr(app.view_functions[rule.endpoint], "scope", None)
            if wanted is None:
                continue
            place = address(app, rule, premises.nobodys(rule))
            status = caller.ask_with(somebody.tokens[scope], method, place).status_code
            granted = app.view_functions[rule.endpoint].permission in GRANTS[somebody.actor.role]
            if (status == 403) is (granted and wanted is scope):
                yield f"{method} {rule} with a token for {scope}: {status}"


def others(premises: Premises, rule: Rule) -> Mapping[str, Any]:
    """What is there; in the forum, whose every author has forms of their own, what is not."""
    forum = rule.endpoint.startswith(COMMUNITY)
    return premises.nobodys(rule) if forum else premises.arguments(rule)


def read(doors: Iterable[Door]) -> Iterator[Door]:
    return (door for door in doors if door[1] == "GET" and door[0].endpoint != STREAM)


def written(doors: Iterable[Door]) -> Iterator[Door]:
    return (door for door in doors if door[1] != "GET")
