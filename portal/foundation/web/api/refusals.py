"""What is wrong with a request, in words and with its place."""

from collections.abc import Iterable
from typing import Any, NoReturn

from flask import request
from pydantic import ValidationError

from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.access import SAFE_METHODS
from portal.foundation.web.errors import Problem

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


def wrong(field: str, detail: str) -> Problem:
    """422 for one field of the body."""
    return Problem(422, errors=[_located((field,), detail)])


def refuse(error: ValidationError) -> NoReturn:
    raise Problem(422, errors=[_worded(dict(one)) for one in error.errors(include_url=False)])


def _worded(error: dict[str, Any]) -> dict[str, str]:
    return _located(error["loc"], _sentence(error["type"], error.get("ctx", {}), error["msg"]))


def _located(place: Iterable[int | str], detail: str) -> dict[str, str]:
    steps = [str(step) for step in place]
    found = {"field": ".".join(steps), "detail": detail}
    if request.method not in SAFE_METHODS:
        pointer = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
        found["pointer"] = "#" + pointer
    return found


def _sentence(kind: str, facts: dict[str, Any], otherwise: str) -> str:
    found = _SENTENCES.get(kind)
    return str(found) % facts if found is not None else otherwise
