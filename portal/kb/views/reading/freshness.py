"""Robots and readers who come back: nothing is sent twice to who is not signed in."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import after_this_request, current_app, request, session
from werkzeug.http import is_resource_modified
from werkzeug.wrappers import Response

from portal.foundation.web.assets import bundle_url

DIGITS = 32


def if_changed(facts: Iterable[object], at: datetime) -> Response | None:
    """304 where the browser has the page as these facts make it; a page with a session in it is
    its reader's alone, and is always made anew."""
    if session:
        return None
    tag = _tag(facts)
    headers = {"Cache-Control": "private, no-cache"}
    if not is_resource_modified(request.environ, etag=tag, last_modified=at):
        answer = Response(status=304, headers=headers)
        answer.set_etag(tag, weak=True)
        return answer
    after_this_request(lambda answer: _mark(answer, tag, at, headers))
    return None


def _tag(facts: Iterable[object]) -> str:
    made_with = (request.path, request.script_root, bundle_url("css"), bundle_url("js"), _words())
    return hashlib.sha256(repr((*made_with, *facts)).encode()).hexdigest()[:DIGITS]


def _words() -> str:
    return _digest_of(Path(current_app.root_path, str(current_app.template_folder)))


@cache
def _digest_of(templates: Path) -> str:
    """Another edition of the program says it in other words."""
    digest = hashlib.sha256()
    for path in sorted(templates.rglob("*.html")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _mark(answer: Response, tag: str, at: datetime, headers: dict[str, str]) -> Response:
    if answer.status_code == 200:
        answer.set_etag(tag, weak=True)
        answer.last_modified = at
        answer.headers.update(headers)
    return answer
