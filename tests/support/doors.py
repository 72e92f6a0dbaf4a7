"""Every door that there is, tried with somebody's keys: the same within the process and at a
running system."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from flask import Flask
from requests import Response as SocketResponse
from werkzeug.routing import Rule

from portal.core.permissions import GRANTS, PORTAL, STAFF, Role
from portal.foundation.web.site import PLACES, Kind, kinds_of
from tests.fixtures.premises import SECRET, Premises
from tests.support.addresses import address, rules

BODY = {"status": "closed", "body": "I was here", "severity": "P1", "helpful": True}
API = "/api/"
PANEL = "/widget/"
EVERYBODYS = {  # a script; first steps, put away for oneself; who takes part in the community
    *("widget.part", "widget.dismiss", "community.member"),
}
COMMUNITY = ("forum.", "forum_api.")  # what anybody may read; who may change it: tests/forum
STREAM = "live.live"
ENDS_IT_ALL = {  # whoever asks for these is signed out and can ask for nothing more
    "accounts.sign_out",
    "accounts.revoke_others",
    "accounts.enter",
}


class Answer(Protocol):
    """Werkzeug's or that of a socket."""

    @property
    def status_code(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


Ask = Callable[[str, str], Answer]
"""With a method and a path."""
Door = tuple[Rule, str]
Keys = Callable[[Rule], Mapping[str, Any]]


def of_somebody(app: Flask) -> Iterator[Door]:
    """What leads to something that is one's own, with each method."""
    return (door for door in rules(app) if belongs_to_somebody(door[0]))


def belongs_to_somebody(rule: Rule) -> bool:
    if rule.endpoint.startswith("brand."):  # for all who open a portal (tests/branding/views)
        return False
    if rule.endpoint in EVERYBODYS or rule.endpoint.startswith(COMMUNITY):
        return False
    return bool(rule.arguments - {"language"}) and "token" not in rule.arguments


def of_tickets(app: Flask) -> Iterator[Door]:
    return (door for door in of_somebody(app) if door[0].arguments & {"number", "id"})


def pages(app: Flask) -> Iterator[Door]:
    """Lists, forms and all that needs no key; the stream never ends."""
    for rule, method in rules(app):
        if method == "GET" and not rule.arguments and rule.endpoint != STREAM:
            yield rule, method


def is_public(app: Flask, rule: Rule) -> bool:
    return hasattr(app.view_functions[rule.endpoint], "public_because")


def tells(answer: Answer) -> bool:
    """In a page or in a picture's bytes."""
    said = answer.content if isinstance(answer, SocketResponse) else answer.get_data()
    return SECRET.encode() in said or SECRET in str(answer.headers)


def trespasses(app: Flask, premises: Premises, ask: Ask, doors: Iterable[Door]) -> Iterator[str]:
    """Doors at which what is somebody else's is not as if it were not there."""
    for rule, method in doors:
        theirs = ask(method, address(app, rule, premises.arguments(rule)))
        nobodys = ask(method, address(app, rule, premises.nobodys(rule)))
        if theirs.status_code not in {403, 404} or theirs.status_code != nobodys.status_code:
            yield f"{method} {rule}: {theirs.status_code}, nobody's {nobodys.status_code}"
        if tells(theirs):
            yield f"{method} {rule} tells {SECRET}"


def telling(app: Flask, ask: Ask) -> Iterator[str]:
    """Pages without a key that show a line of what is somebody else's."""
    for rule, method in pages(app):
        if tells(ask(method, rule.rule)):
            yield f"{method} {rule} tells {SECRET}"


def against_the_table(
    app: Flask, role: Role, ask: Ask, doors: Iterable[Door], keys: Keys
) -> Iterator[str]:
    """Doors that let in whom the one table of rights does not, or the other way round."""
    for rule, method in doors:
        if rule.endpoint in ENDS_IT_ALL:
            continue
        answer = ask(method, address(app, rule, keys(rule)))
        if what := _wrongly(app, rule, role, answer):
            yield f"{method} {rule}: {answer.status_code} {what}"


def _wrongly(app: Flask, rule: Rule, role: Role, answer: Answer) -> str:
    """What is wrong with the answer to somebody of the role, if anything."""
    status = answer.status_code
    if status >= 500 and rule.endpoint != STREAM:  # which there is none of without Redis
        return "broke"
    if rule.rule.startswith(PANEL) and role in STAFF:  # who has a desk, and no panel
        return "" if is_public(app, rule) or status == 401 else "lets in who has no panel"
    here = (
        Kind.PORTAL if role in PORTAL and not rule.rule.startswith((API, PANEL)) else Kind.PLATFORM
    )
    if here not in _kinds_of(app, rule) and rule.endpoint.partition(".")[0] != "ops":
        return "" if status == 404 else "should not be there"
    if is_public(app, rule):
        return ""
    if "/sign-in" in answer.headers.get("Location", "").partition("?")[0]:
        return "asks whoever is signed in to sign in"
    permission = app.view_functions[rule.endpoint].permission  # type: ignore[attr-defined]
    granted = permission in GRANTS[role]
    if granted and status in {401, 403}:
        return f"refuses {permission}, which the table grants"
    if not granted and status != 403:
        return f"lets in, though the table does not grant {permission}"
    return ""


def _kinds_of(app: Flask, rule: Rule) -> frozenset[Kind]:
    return kinds_of(app.extensions[PLACES], rule.endpoint)


def open_to_nobody(app: Flask, premises: Premises, ask: Ask) -> Iterator[str]:
    """Doors at which who is not signed in is not asked to, or hears of somebody's."""
    for rule, method in rules(app):
        if "token" in rule.arguments:
            continue
        answer = ask(method, address(app, rule, premises.arguments(rule)))
        to_the_door = "/sign-in" in answer.headers.get("Location", "")
        asked = answer.status_code == 401 or (answer.status_code == 302 and to_the_door)
        if not asked and not is_public(app, rule):
            yield f"{method} {rule}: {answer.status_code}"
        if tells(answer):
            yield f"{method} {rule} tells {SECRET}"
