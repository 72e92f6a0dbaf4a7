"""The description of the JSON surface (OpenAPI 3.1), of the program as it runs."""

from typing import Any

from flask import current_app
from flask_openapi.openapi import OpenAPI

Document = dict[str, Any]
AMENDMENTS = "corbel.api.amendments"
"""Of app.extensions: what features add to the description that is known only when running."""


def document() -> Document:
    app = current_app
    assert isinstance(app, OpenAPI)  # noqa: S101
    if not app.spec_json:
        app.generate_spec_json()  # type: ignore[no-untyped-call]
        for amendment in app.extensions[AMENDMENTS]:
            amendment(app.spec_json)
    found: Document = app.spec_json
    return found
