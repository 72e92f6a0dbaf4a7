"""The floor: what a page costs before there is a product in it.

Flask alone renders 25 rows of one query into a page of 10 kB, under the server settings and the
SQLite settings of the product. `python -m tests.bench.floor HOST:PORT DATABASE`.
"""

import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

from flask import Flask

from portal.config import Settings
from portal.foundation.db import PRAGMAS
from portal.ops import web

QUERY = """SELECT number, subject, requester_name, status, created_at
    FROM support_tickets WHERE desk = 'platform' ORDER BY created_at DESC, id DESC LIMIT 25"""
PAGE = """<!doctype html><html lang="en"><head><title>{{ title }}</title></head><body><table>
{% for number, subject, name, status, at in rows %}<tr>
  <td><a href="/tickets/{{ number }}">{{ number }}</a></td><td>{{ subject }}</td>
  <td>{{ name }}</td><td>{{ status }}</td><td>{{ at }}</td></tr>
{% endfor %}</table></body></html>"""
SIZE = 10_000


def make(path: Path) -> Flask:
    app = Flask("floor")
    local = threading.local()
    template = app.jinja_env.from_string(PAGE)  # read once, as a file is

    def connection() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(path, isolation_level=None)
            for pragma in PRAGMAS:
                local.connection.execute(f"PRAGMA {pragma}")
        found: sqlite3.Connection = local.connection
        return found

    @app.get("/")
    def page() -> str:
        rows = connection().execute(QUERY).fetchall()
        return template.render(title="floor", rows=rows).ljust(SIZE)

    return app


class Floor(web.Server):
    def __init__(self, options: dict[str, Any], path: Path) -> None:
        self.path = path
        super().__init__(options)

    def load(self) -> Flask:
        return make(self.path)


def main(bind: str, path: str) -> None:
    options = web.options(Settings.from_env({}), bind) | {"loglevel": "error"}
    Floor(options, Path(path)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
