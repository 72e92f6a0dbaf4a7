"""Files on their way to a browser, never whole in memory."""

from collections.abc import Mapping
from typing import BinaryIO

from flask import request
from werkzeug.wrappers import Response
from werkzeug.wsgi import wrap_file


def streamed(opened: BinaryIO, headers: Mapping[str, str]) -> Response:
    response = Response(
        wrap_file(request.environ, opened), headers=dict(headers), direct_passthrough=True
    )
    response.content_length = opened.seek(0, 2)
    opened.seek(0)
    return response
