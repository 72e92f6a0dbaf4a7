"""What every endpoint reads and says."""

from functools import cache
from typing import Annotated, Any

from flask import Response
from flask_openapi.types import ResponseDict
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from portal.foundation.paging import BadCursor, Cursor, read_cursor
from portal.foundation.speech import gettext as _
from portal.foundation.web.errors import Problem
from portal.foundation.web.idempotency import LONGEST as LONGEST_KEY

PROBLEM_TYPE = "application/problem+json"
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""Any text but NUL, which PostgreSQL can't keep."""
Words = Annotated[str, StringConstraints(pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
"""As Line, and not blank."""


class Shape(BaseModel):
    """Base of what is read and said. Unknown fields are ignored: what isn't named can't be set."""

    model_config = ConfigDict(extra="ignore")

    @classmethod
    def model_json_schema(cls, *how: Any, **also: Any) -> dict[str, Any]:
        """flask-openapi asks for it at each request that has parameters, and only reads it then;
        when it describes the shape it asks in its own way."""
        return super().model_json_schema(*how, **also) if how or also else _schema(cls)


@cache
def _schema(shape: type[Shape]) -> dict[str, Any]:
    return super(Shape, shape).model_json_schema()


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


def answer(shape: Shape, status: int = 200, location: str = "") -> Response:
    response = Response(shape.model_dump_json(), status, content_type="application/json")
    if location:
        response.headers["Location"] = location
    return response


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


def problems(*statuses: int) -> ResponseDict:
    """Documented refusals."""
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {status: {"description": REFUSALS[status], "content": content} for status in statuses}


def answers(status: int, shape: type[Shape], *refusals: int) -> ResponseDict:
    """The documented answer of an endpoint, and what it refuses beside what all do."""
    return {status: shape, **problems(*refusals)}
