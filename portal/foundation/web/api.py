"""The JSON surface: how requests are read, refused and limited, and how they are described.

A blueprint made by `blueprint()` takes JSON objects alone, names what is wrong with them as problem
details (RFC 9457) and is limited by token. flask-openapi parses by the models in a view's signature
and collects the description; the order of decorators is route, `requires`, `once`, function.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from functools import partial
from typing import Annotated, Any, NoReturn

from flask import Blueprint, Flask, Response, current_app, g, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from flask_openapi.openapi import OpenAPI
from flask_openapi.types import ResponseDict
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from werkzeug.exceptions import BadRequest

from portal.foundation.paging import BadCursor, Cursor, read_cursor
from portal.foundation.runtime import current_runtime
from portal.foundation.web import api_page
from portal.foundation.web.access import SAFE_METHODS, public
from portal.foundation.web.errors import Problem
from portal.foundation.web.idempotency import LONGEST as LONGEST_KEY
from portal.foundation.web.limits import limiter
from portal.foundation.web.speech import asked_language

PREFIX = "/api/"
VERSION = "1.0.0"
MOST_BYTES = 10 * 1024 * 1024  # a request's body
BEARER = "bearer"
PROBLEM_TYPE = "application/problem+json"
AMENDMENTS = "corbel.api.amendments"
"""Of app.extensions: what features add to the description that is known only when running."""

Document = dict[str, Any]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""Any text but NUL, which PostgreSQL can't keep."""
Words = Annotated[str, StringConstraints(pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
"""As Line, and not blank."""


class Shape(BaseModel):
    """Base of what is read and said. Unknown fields are ignored: what isn't named can't be set."""

    model_config = ConfigDict(extra="ignore")


class Wrong(Shape):
    """One thing that is wrong."""

    detail: str = Field(description="What is wrong, in words.")
    field: str = Field("", description="The field, parameter or header.")
    pointer: str = Field("", description="Where in the body, as a JSON Pointer.")


class ProblemDetails(Shape):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(examples=[422])
    detail: str = Field(description="For people, in their language.")
    request_id: str = Field("", description="Name it when you ask us about this.")
    errors: list[Wrong] = Field([], description="With 422: everything that is wrong.")
    allowed: list[str] = Field([], description="With 409 and 403: the states that are possible.")


class PageQuery(Shape):
    """Which part of a list. A misspelt filter must not look like one that found everything."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(25, ge=1, le=100, description="Most items of the answer.")
    cursor: str = Field(
        "", max_length=400, description="`next_cursor` of the page before; none: from the start."
    )

    def place(self) -> Cursor | None:
        try:
            return read_cursor(self.cursor)
        except BadCursor:
            detail = _("This cursor is not one that we gave out. Start from the first page.")
            raise Problem(422, errors=[{"field": "cursor", "detail": detail}]) from None


class OnceHeader(Shape):
    """For what may be sent again."""

    key: str | None = Field(
        None,
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST_KEY,
        pattern=r"^[!-~]+$",
        description=(
            "Any name of yours for this request. The same request under the same key has one "
            "effect and one answer for at least 24 hours; another request under it is refused."
        ),
    )


def make_app(name: str, **options: Any) -> OpenAPI:
    app = OpenAPI(
        name,
        info={"title": "Corbel", "version": VERSION, "description": INTRODUCTION},
        security_schemes={
            BEARER: {
                "type": "http",
                "scheme": "bearer",
                "description": "A personal token: corbel token create --email E --name N",
            }
        },
        servers=[{"url": "/"}],
        validation_error_model=ProblemDetails,
        validation_error_callback=_refuse,
        doc_ui=False,
        **options,
    )
    app.openapi_version = "3.1.0"
    app.config.update(API_READS="1200 per minute", API_WRITES="600 per minute")
    app.extensions[AMENDMENTS] = []
    return app


INTRODUCTION = """\
Tickets for programs. Send and receive JSON (UTF-8); times are ISO 8601 in UTC.

Unknown fields of a body are ignored, unknown parameters of a list are refused. Refusals are \
problem details (RFC 9457) in the language of `Accept-Language`, else in that of the token's \
owner. What is not yours to see is 404.
"""


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
    for methods, setting in (("GET HEAD OPTIONS", "API_READS"), ("POST PUT", "API_WRITES")):
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


def problems(*statuses: int) -> ResponseDict:
    """Documented refusals."""
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {status: {"description": REFUSALS[status], "content": content} for status in statuses}


def answers(status: int, shape: type[Shape], *refusals: int) -> ResponseDict:
    """The documented answer of an endpoint, and what it refuses beside what all do."""
    return {status: shape, **problems(*refusals)}


REFUSALS = {
    400: "The body is not JSON.",
    401: "No token, or one that is unknown or revoked.",
    403: "Your role or plan does not allow this.",
    404: "There is no such thing, or it is not yours to see.",
    409: "The present state does not allow this.",
    413: "The body is larger than 10 MB.",
    415: "The body is not said to be application/json.",
    422: "Something is missing or wrong; `errors` names it.",
    429: "Too many requests; `Retry-After` says when to go on.",
    500: "Something broke on our side.",
    503: "Busy for a moment; nothing was done, try again.",
}


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
    if request.method in SAFE_METHODS:
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


def _refuse(error: ValidationError) -> NoReturn:
    raise Problem(422, errors=[_worded(dict(one)) for one in error.errors(include_url=False)])


def wrong(field: str, detail: str) -> Problem:
    """422 for one field of the body."""
    return Problem(422, errors=[_located((field,), detail)])


def _worded(error: dict[str, Any]) -> dict[str, str]:
    return _located(error["loc"], _sentence(error["type"], error.get("ctx", {}), error["msg"]))


def _located(place: Iterable[int | str], detail: str) -> dict[str, str]:
    steps = [str(step) for step in place]
    found = {"field": ".".join(steps), "detail": detail}
    if request.method not in SAFE_METHODS:
        pointer = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
        found["pointer"] = "#" + pointer
    return found


_SENTENCES = {
    "missing": _l("This is missing."),
    "string_too_long": _l("At most %(max_length)s characters."),
    "string_too_short": _l("This is empty or too short."),
    "string_pattern_mismatch": _l("This is empty, or has characters that can't stand here."),
    "string_type": _l("This must be text."),
    "string_unicode": _l("This must be text."),
    "too_long": _l("At most %(max_length)s entries."),
    "bool_type": _l("This must be true or false."),
    "int_type": _l("This must be a whole number."),
    "int_parsing": _l("This must be a whole number."),
    "int_parsing_size": _l("This must be a whole number."),
    "greater_than_equal": _l("At least %(ge)s."),
    "less_than_equal": _l("At most %(le)s."),
    "list_type": _l("This must be a list."),
    "dict_type": _l("This must be an object."),
    "model_type": _l("This must be an object."),
    "extra_forbidden": _l("There is no such parameter."),
    "literal_error": _l("This must be one of: %(expected)s."),
    "value_error": _l("%(error)s"),
}


def _sentence(kind: str, facts: dict[str, Any], otherwise: str) -> str:
    found = _SENTENCES.get(kind)
    return str(found) % facts if found is not None else otherwise


def answer(shape: Shape, status: int = 200, location: str = "") -> Response:
    response = Response(shape.model_dump_json(), status, content_type="application/json")
    if location:
        response.headers["Location"] = location
    return response


def locale(known: Collection[str]) -> str | None:
    """What the program asks for, else its person's language."""
    actor = g.get("actor")
    return asked_language(known) or (actor.locale if actor is not None else None)


def document() -> Document:
    """The description (OpenAPI 3.1) of the running program."""
    app = current_app
    assert isinstance(app, OpenAPI)  # noqa: S101
    if not app.spec_json:
        app.generate_spec_json()  # type: ignore[no-untyped-call]
        for amendment in app.extensions[AMENDMENTS]:
            amendment(app.spec_json)
    found: Document = app.spec_json
    return found


views = Blueprint("api", __name__)


@views.get("/api/v1/openapi.json")
@public("how to speak to us is no secret")
def openapi() -> Response:
    return Response(json.dumps(document()), content_type="application/json")


@views.get("/api/docs")
@public("how to speak to us is no secret")
def docs() -> str:
    base_url = current_runtime().settings.base_url
    operations = list(api_page.operations(document(), base_url))
    return render_template(
        "api/docs.html",
        introduction=INTRODUCTION,
        base_url=base_url,
        operations=operations,
        shapes=api_page.shapes(document(), operations),
    )
