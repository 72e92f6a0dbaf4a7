"""The description for programs, and the same as a page for people."""

import json

from flask import Blueprint, Response, render_template

from portal.foundation.runtime import current_runtime
from portal.foundation.web.access import public
from portal.foundation.web.api import operations as arranged
from portal.foundation.web.api.description import document
from portal.foundation.web.api.edge import INTRODUCTION

views = Blueprint("api", __name__)


@views.get("/api/v1/openapi.json")
@public("how to speak to us is no secret")
def openapi() -> Response:
    return Response(json.dumps(document()), content_type="application/json")


@views.get("/api/docs")
@public("how to speak to us is no secret")
def docs() -> str:
    base_url = current_runtime().settings.base_url
    operations = list(arranged.operations(document(), base_url))
    return render_template(
        "api/docs.html",
        introduction=INTRODUCTION,
        base_url=base_url,
        operations=operations,
        shapes=arranged.shapes(document(), operations),
    )
