"""What may stand in an address."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

from portal.foundation.numbers import HIGHEST


class Number(IntegerConverter):
    """`<int:number>`: one that a column takes, so that a larger one is a page that is not there."""

    def __init__(self, map: Any, **options: Any) -> None:
        super().__init__(map, **({"max": HIGHEST} | options))


def init_app(app: Flask) -> None:
    """Before the first address is made."""
    app.url_map.converters["int"] = Number
