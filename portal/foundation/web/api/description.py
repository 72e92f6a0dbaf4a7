"""The description of the JSON surface (OpenAPI 3.1), of the program as it runs."""

import re
from typing import Any

from flask import current_app
from flask_openapi.openapi import OpenAPI

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
Document = dict[str, Any]
AMENDMENTS = "corbel.api.amendments"
"""Of app.extensions: what features add to the description that is known only when running."""


def document() -> Document:
    app = current_app
    assert isinstance(app, OpenAPI)  # noqa: S101
    if not app.spec_json:
        app.generate_spec_json()  # type: ignore[no-untyped-call]
        _name_scopes(app, app.spec_json)
        for amendment in app.extensions[AMENDMENTS]:
            amendment(app.spec_json)
    found: Document = app.spec_json
    return found


def _name_scopes(app: OpenAPI, described: Document) -> None:
    """What a token must have been given stands with each operation."""
    for rule in app.url_map.iter_rules():
        scope = getattr(app.view_functions[rule.endpoint], "scope", None)
        operations = described["paths"].get(ARGUMENT.sub(r"{\1}", rule.rule), {})
        for method in rule.methods or ():
            if scope and (operation := operations.get(method.lower())):
                words = operation.get("description", "")
                operation["description"] = f"{words} Needs the scope `{scope}`.".strip()
