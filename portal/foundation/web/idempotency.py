"""One effect a key: `Idempotency-Key` on what creates something, or the key of a form's press."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response, redirect, request

from portal.foundation import idempotency
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST = 255
PRESS = "press"
LONGEST_PRESS = 100

View = Callable[..., Any]


def once(view: View) -> View:
    """Innermost decorator: inside `requires`, whose commit keeps the answer with the effect."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Response:
        key, owner_id = request.headers.get(HEADER), the_actor().user_id
        if key is None or owner_id is None:
            return make_response(view(*args, **kwargs))
        try:
            earlier = idempotency.claim(db(), owner_id, key, _digest(), at=utcnow())
        except idempotency.KeyReused:
            raise _reused() from None
        if earlier is not None:
            return _replay(earlier)
        response = make_response(view(*args, **kwargs))
        idempotency.keep(
            db(),
            owner_id,
            key,
            status=response.status_code,
            body=response.get_data(as_text=True),
            location=response.headers.get("Location", ""),
        )
        return response

    return wrapped


def once_a_press(view: View) -> View:
    """Innermost decorator of a form's page: a form that is sent twice leads to where it led first,
    also without a script. Its field `press` has a key of its own each time it is shown; what was
    refused can be sent again under it."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Response:
        press, owner_id = request.form.get(PRESS, "")[:LONGEST_PRESS], the_actor().user_id
        if not press or owner_id is None:
            return make_response(view(*args, **kwargs))
        key = f"{PRESS}:{press}"
        try:
            earlier = idempotency.claim(db(), owner_id, key, _place(), at=utcnow())
        except idempotency.KeyReused:
            return make_response(view(*args, **kwargs))
        if earlier is not None:
            return make_response(redirect(earlier.location, 303))
        response = make_response(view(*args, **kwargs))
        if response.status_code == 303:
            where = response.headers["Location"]
            idempotency.keep(db(), owner_id, key, status=303, body="", location=where)
        else:
            idempotency.let_go(db(), owner_id, key)
        return response

    return wrapped


def _place() -> str:
    return hashlib.sha256(request.path.encode()).hexdigest()


def _digest() -> str:
    actor = the_actor()
    parts = (request.method, request.full_path, str(actor.builder_id))
    head = "\n".join(parts).encode()
    return hashlib.sha256(head + b"\n" + request.get_data()).hexdigest()


def _reused() -> Problem:
    detail = _("This key was used for another request. Use a new key for a new request.")
    return Problem(422, detail, errors=[{"field": HEADER, "detail": detail}])


def _replay(row: idempotency.IdempotencyKey) -> Response:
    response = Response(row.body, row.status, content_type="application/json")
    if row.location:
        response.headers["Location"] = row.location
    response.headers[REPLAYED] = "true"
    return response
