"""Every address that there is, filled in."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

ANYBODYS = {"assets.bundle", "static"}


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """With each method."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in ANYBODYS:
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield rule, method


def address(app: Flask, rule: Rule, values: Mapping[str, Any]) -> str:
    with app.test_request_context():
        built = rule.build(values, append_unknown=False)
    assert built is not None, f"premises.arguments() gives nothing that fits {rule}"
    return built[1]
