"""Every address names its permission or the reason why anyone may come."""

import pytest
from flask import Flask

from portal.core.permissions import GRANTS, REACH, Permission, Role

UNMARKED = {"static"}


def views(app: Flask) -> dict[str, object]:
    return {name: view for name, view in app.view_functions.items() if name not in UNMARKED}


def test_every_route_names_a_permission_or_why_it_is_public(app: Flask) -> None:
    bare = [
        name
        for name, view in views(app).items()
        if not hasattr(view, "permission") and not hasattr(view, "public_because")
    ]
    assert not bare, f"mark them with @requires(Permission.…) or @public('why'): {bare}"


def test_a_public_route_has_a_reason_that_says_something(app: Flask) -> None:
    short = [
        name
        for name, view in views(app).items()
        if hasattr(view, "public_because") and len(view.public_because.split()) < 3
    ]
    assert not short, f"say why anyone may come here: {short}"


def test_every_operation_of_the_api_names_its_scope(app: Flask) -> None:
    bare = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        and hasattr(view := app.view_functions[rule.endpoint], "permission")
        and getattr(view, "scope", None) is None
    ]
    assert not bare, f"say what a token must have: @requires(…, scope=Scope.…): {bare}"


def test_get_routes_never_change_anything_by_name(app: Flask) -> None:
    """Verbs are nouns in addresses, and what they do is a POST."""
    verbs = {"close", "delete", "resolve", "assign", "create", "update", "send", "reopen"}
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if verbs & set(rule.rule.strip("/").split("/"))
    ]
    assert not wrong, f"name the noun (closure, assignment, reply): {wrong}"


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_grants_and_its_reach(role: Role) -> None:
    assert role in GRANTS
    assert role in REACH


def test_every_permission_is_used_and_granted(app: Flask) -> None:
    granted = set().union(*(GRANTS[role] for role in Role if role is not Role.SYSTEM))
    assert granted == set(Permission)


def test_a_view_without_a_mark_is_refused_at_run_time(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 500
    assert b"secret" not in answer.data


def test_signed_out_is_asked_to_sign_in_everywhere(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "GET" not in (rule.methods or ()) or not hasattr(view, "permission"):
            continue
        values = {name: _example(rule, name) for name in rule.arguments}
        with app.test_request_context():
            path = rule.build(values, append_unknown=False)
        answer = client.get(path[1] if path else rule.rule)
        assert answer.status_code in {302, 401}, f"{rule.rule} answered {answer.status_code}"


def _example(rule: object, name: str) -> object:
    converter = rule._converters[name]  # type: ignore[attr-defined]
    kind = type(converter).__name__
    return {
        "Number": 1,
        "UUIDConverter": "00000000-0000-7000-8000-000000000000",
    }.get(kind, "x")
