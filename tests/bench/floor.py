"""The floor: what a page costs before there is a product in it.

Flask alone renders 25 rows of one query into a page of 10 kB, or commits one row and leads back to
that page, under the server settings and the SQLite settings of the product.
`python -m tests.bench.floor HOST:PORT DATABASE`.
"""

import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.config import Settings
from portal.foundation.db import PRAGMAS
from portal.ops import web

QUERY = """SELECT number, subject, requester_name, status, created_at
    FROM support_tickets WHERE desk = 'platform' ORDER BY created_at DESC, id DESC LIMIT 25"""
WRITTEN = "floor.db"  # beside the database, on the same disk
TABLE = "CREATE TABLE IF NOT EXISTS written (at TEXT NOT NULL, said TEXT NOT NULL)"
WRITE = "INSERT INTO written VALUES (datetime('now'), 'A row as long as a vote has columns')"
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

    def connection(file: Path) -> sqlite3.Connection:
        if not hasattr(local, file.stem):
            opened = sqlite3.connect(file, isolation_level=None)
            for pragma in PRAGMAS:
                opened.execute(f"PRAGMA {pragma}")
            setattr(local, file.stem, opened)
        found: sqlite3.Connection = getattr(local, file.stem)
        return found

    @app.get("/")
    def page() -> str:
        rows = connection(path).execute(QUERY).fetchall()
        return template.render(title="floor", rows=rows).ljust(SIZE)

    @app.post("/")
    def write() -> Response:
        """A statement by itself is a transaction."""
        connection(path.with_name(WRITTEN)).execute(WRITE)
        return redirect("/", 303)

    connection(path.with_name(WRITTEN)).execute(TABLE)

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
