"""The roadmap within other sites: a bare page for frames of anybody's, the script that sets one,
and how to do so."""

from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from flask import current_app, request
from flask_babel import force_locale
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.foundation.web.headers import let_frame
from portal.foundation.web.limits import limiter
from portal.notifications.addresses import absolute
from portal.roadmap.addresses import EMBED, EMBED_SCRIPT, ROADMAP
from portal.roadmap.queries import items
from portal.roadmap.views.blueprint import (
    asked_language,
    asked_module,
    categories,
    roadmap,
    words,
)
from portal.roadmap.views.programs import READ, answer

ANYBODY: Final = ("*",)
POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'self'; "
    "style-src 'self'; img-src 'self' data:"
)
THEMES: Final = ("light", "dark")
SCRIPT: Final = "js/roadmap/embed.js"


@roadmap.get("/embed", endpoint="embed")
@limiter.limit(READ)
@public("a frame in anybody's page: of what everybody may read")
def embed() -> Response:
    """No cookie is read or set, so that it is the same for everybody."""
    language, module = asked_language(), asked_module()
    with force_locale(language):
        body = page(
            "roadmap/embed.html",
            columns=items.columns(items.listed(db(), module=module)),
            theme=asked_theme(),
            language=language,
            home=absolute(ROADMAP),
            absolute=absolute,
            **words(),
        )
    response = answer(body.get_data(), "text/html", language)
    del response.headers["Access-Control-Allow-Origin"]
    return let_frame(response, ANYBODY, POLICY)  # type: ignore[arg-type]


@roadmap.get("/embed.js", endpoint="embed_script")
@public("a script for other sites: the same for everybody")
def script() -> Response:
    path = Path(str(current_app.static_folder), SCRIPT)
    return answer(path.read_bytes(), "text/javascript")


@roadmap.get("/embedding", endpoint="embedding")
@public("how anybody shows the public roadmap")
def embedding() -> Response:
    module, language = asked_module(), request.args.get("lang", "")
    language = language if language in LOCALES else ""
    given = {"module": module, "lang": language, "theme": asked_theme()}
    chosen = {name: value for name, value in given.items() if value}
    alone = f"{EMBED}?{urlencode(chosen)}" if chosen else EMBED
    return page(
        "roadmap/embedding.html",
        chosen=chosen,
        script=absolute(EMBED_SCRIPT),
        frame=absolute(alone),
        alone=alone,
        modules=categories(),
        languages={"en": "English", "es": "Español"},
        **words(),
    )


def asked_theme() -> str:
    """Otherwise as the reader's system has it."""
    asked = request.args.get("theme", "")
    return asked if asked in THEMES else ""
