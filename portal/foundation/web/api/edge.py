"""How requests of programs come in: as JSON objects, with a token, so many a minute."""

import hashlib
from collections.abc import Collection
from functools import partial
from typing import Any

from flask import Flask, current_app, g, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from flask_openapi.openapi import OpenAPI
from werkzeug.exceptions import BadRequest

from portal.foundation.speech import asked_language
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import SAFE_METHODS
from portal.foundation.web.api.description import AMENDMENTS
from portal.foundation.web.api.refusals import refuse
from portal.foundation.web.api.shapes import ProblemDetails, problems
from portal.foundation.web.errors import Problem
from portal.foundation.web.limits import limiter

PREFIX = "/api/"
VERSION = "1.0.0"
MOST_BYTES = 10 * 1024 * 1024  # a request's body
BEARER = "bearer"
INTRODUCTION = """\
Tickets for programs. Send and receive JSON (UTF-8); times are ISO 8601 in UTC.

Unknown fields of a body are ignored, unknown parameters of a list are refused. Refusals are \
problem details (RFC 9457) in the language of `Accept-Language`, else in that of the token's \
owner. What is not yours to see is 404.
"""


def make_app(name: str, **options: Any) -> OpenAPI:
    app = OpenAPI(
        name,
        info={"title": "Corbel", "version": VERSION, "description": INTRODUCTION},
        security_schemes={
            BEARER: {
                "type": "http",
                "scheme": "bearer",
                "description": "A personal token, made under Account, Tokens. "
                "Each operation names the scope that it needs.",
            }
        },
        servers=[{"url": "/"}],
        validation_error_model=ProblemDetails,
        validation_error_callback=refuse,
        doc_ui=False,
        **options,
    )
    app.openapi_version = "3.1.0"
    app.config.update(API_READS="1200 per minute", API_WRITES="600 per minute")
    app.extensions[AMENDMENTS] = []
    return app


def init_app(app: Flask) -> None:
    """Before anything asks the database: a slow body must not hold a transaction open."""
    app.before_request(_receive)


def _receive() -> None:
    if request.path.startswith(PREFIX) and request.method not in SAFE_METHODS:
        request.max_content_length = MOST_BYTES
        if "Authorization" in request.headers:
            request.get_data()


def blueprint(name: str, import_name: str, *, tag: str, url_prefix: str) -> APIBlueprint:
    made = APIBlueprint(
        name,
        import_name,
        url_prefix=url_prefix,
        abp_tags=[Tag(name=tag)],
        abp_security=[{BEARER: []}],
        abp_responses=problems(400, 401, 403, 404, 413, 415, 422, 429, 500, 503),
    )
    made.before_request(_read)
    for methods, setting in (("GET HEAD OPTIONS", "API_READS"), ("POST PUT DELETE", "API_WRITES")):
        limiter.shared_limit(
            partial(_configured, setting),
            scope=setting,
            key_func=_token,
            methods=methods.split(),
        )(made)
    return made


def _configured(setting: str) -> str:
    limit: str = current_app.config[setting]
    return limit


def _token() -> str:
    """The limits' own name for the caller: known before the database is asked."""
    header = request.headers.get("Authorization", "")
    if not header:
        return str(request.remote_addr)
    return hashlib.sha256(header.encode("utf-8", "replace")).hexdigest()


def _read() -> None:
    """Only JSON objects get further: flask-openapi would read anything else as nothing."""
    if twice := [name for name, values in request.args.lists() if len(values) > 1]:
        detail = _("Give this once.")
        raise Problem(422, errors=[{"field": name, "detail": detail} for name in twice])
    if request.method in SAFE_METHODS | {"DELETE"}:  # which say all in their address
        return
    if not request.is_json:
        raise Problem(415)
    try:
        body = request.get_json()
    except (BadRequest, RecursionError):
        raise Problem(400, _("The body is not JSON.")) from None
    if not isinstance(body, dict):
        detail = _("Send a JSON object: {…}.")
        raise Problem(422, errors=[{"pointer": "", "field": "", "detail": detail}])


def locale(known: Collection[str]) -> str | None:
    """What the program asks for, else its person's language."""
    actor = g.get("actor")
    return asked_language(known) or (actor.locale if actor is not None else None)
