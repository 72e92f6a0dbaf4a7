"""The `corbel` command. Each command loads only what it needs, so that all start at once."""

import gc
import importlib
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

if TYPE_CHECKING:
    from flask import Flask

    from portal.config import Settings

GARBAGE = 10_000  # new objects between two looks: to load the application makes a million that stay
ELSEWHERE = {  # groups that their feature brings
    "community": "portal.community.commands:community",
    "kb": "portal.kb.commands:kb",
    "policy": "portal.policy.commands:policy",
    "search": "portal.search.commands:search",
}
SCOPES = (  # as `core.permissions` has them, which this need not load
    *("tickets:read", "tickets:write", "help:read", "help:write"),
    *("community:read", "community:write"),
)
PLAIN = frozenset(
    {
        # what a person can mend: one line, no traceback
        "portal.config.SettingsError",
        "portal.ops.datadir.DataDirError",
        "portal.ops.dead_letters.NoDeadLetter",
        "portal.ops.up.UpError",
        "portal.ops.valkey.NoValkey",
        "portal.accounts.service.tokens.UnknownAccount",
        "portal.policy.documents.InvalidPack",
        "portal.search.engines.whoosh.Busy",
        "portal.policy.pack.UnknownName",
        "sqlalchemy.exc.OperationalError",
        "alembic.util.exc.CommandError",
    }
)


class Commands(click.Group):
    """Its own commands and those of ELSEWHERE, imported when called."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), *ELSEWHERE])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in ELSEWHERE:
            return super().get_command(context, name)
        module, _, attribute = ELSEWHERE[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


class Moment(click.ParamType[datetime]):
    """An ISO 8601 time with its zone; a time without one could mean anything."""

    name = "ISO-TIME"
    EXAMPLE = "for example 2026-11-24T10:30:00Z or 2026-11-24T11:30:00+01:00"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an ISO 8601 time, {self.EXAMPLE}", param, ctx)
        if at.tzinfo is None:
            self.fail(f"{value!r} has no time zone; add one, {self.EXAMPLE}", param, ctx)
        return at.astimezone(UTC)


def main() -> None:
    gc.set_threshold(GARBAGE)
    try:
        sys.exit(corbel.main(prog_name="corbel", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(130)
    except Exception as error:
        _say_in_short(error)
        sys.exit(1)


def _say_in_short(error: Exception) -> None:
    if not _is_plain(error):
        raise error
    click.echo(f"error: {_in_short(error)}", err=True)


def _is_plain(error: Exception) -> bool:
    """Known by name, for importing these types would load everything."""
    return any(f"{kind.__module__}.{kind.__qualname__}" in PLAIN for kind in type(error).__mro__)


def _in_short(error: Exception) -> str:
    """SQLAlchemy adds the statement and a link; the driver's own words are enough."""
    return str(getattr(error, "orig", None) or error)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def corbel(context: click.Context) -> None:
    """Corbel: customer support for platforms whose customers have customers of their own.

    Settings come from CORBEL_… variables; the README lists them.
    """
    context.obj = _background  # for the commands of features, which know nothing above them


@corbel.command()
@click.option("--demo", is_flag=True, help="Fill an empty system with a demo platform.")
@click.option(
    "--bind", metavar="HOST:PORT", default="127.0.0.1:8000", envvar="CORBEL_BIND", show_default=True
)
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path), help="Data directory.")
def up(demo: bool, bind: str, data: Path | None) -> None:
    """Run everything: web, worker, clock and the embedded Valkey."""
    if demo:
        os.environ["CORBEL_DEMO"] = "yes"
    if data is not None:
        os.environ["CORBEL_DATA"] = str(data)
    from portal.ops.up import run

    sys.exit(run(bind))


@corbel.command(hidden=True)
def prepare() -> None:
    """Migrate, prove that the application starts, compile its templates, seed the demo: the first
    step of `up`."""
    from portal.accounts.service import LOCALES
    from portal.foundation.web import templating

    settings = _upgraded()
    templating.compile_all(_app(), LOCALES)
    if settings.demo:
        background = _background()
        importlib.import_module("portal.ops.demo").seed(background)
        if origins := os.environ.get("CORBEL_HOST_ORIGINS"):
            hosting = importlib.import_module("portal.ops.demo.hosting")
            hosting.let_in(background, tuple(origins.split()))


@corbel.command(hidden=True)
def host() -> None:
    """The demo's host application, with the help widget on its pages: started by `up --demo`
    when somebody first looks at it."""
    from portal.ops.host.server import serve

    serve()


@corbel.command()
@click.option("--bind", metavar="HOST:PORT", envvar="CORBEL_BIND", help="Default 127.0.0.1:8000.")
def web(bind: str | None) -> None:
    """Run the web server."""
    from portal.config import Settings
    from portal.ops.web import run

    settings = Settings.from_env()
    _prove(settings.pack)
    run(settings, bind)


@corbel.command()
@click.option("--queues", metavar="A,B", help="Only these, in this order.")
def worker(queues: str | None) -> None:
    """Run a worker: jobs, mail, pages."""
    from portal.ops.worker import QUEUES, run

    run(_background(), queues.split(",") if queues else QUEUES)


@corbel.command()
def clock() -> None:
    """Run a clock. Any number may run: each step happens once."""
    from portal.config import Settings
    from portal.ops.clock import run

    settings = Settings.from_env()
    _prove(settings.pack)
    run(settings.redis_url, lambda: partial(_tick_alone, _background()))


@corbel.command()
@click.option("--at", type=Moment(), required=True, help="As of this time.")
def tick(at: datetime) -> None:
    """Do once what the clock would do at a time. Repeating it changes nothing."""
    from portal.foundation.runtime import runtime_of
    from portal.ops import ticking

    app = _background()
    with app.app_context():
        done = ticking.tick(runtime_of(app), at, within=timedelta(hours=1))
    click.echo(json.dumps({"at": at.isoformat(), "done": done}))


@corbel.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the tables to what this version needs."""
    _upgraded()
    click.echo("the database is up to date")


@corbel.group()
def token() -> None:
    """Tokens for the API."""


@token.command()
@click.option("--email", required=True, help="Whose token it is.")
@click.option("--name", required=True, help="What it is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What it may do; may be repeated. Everything, if left out.",
)
def create(email: str, name: str, scopes: tuple[str, ...]) -> None:
    """Make a token and print it alone; it is shown this once."""
    from portal.accounts.service import create_token
    from portal.config import Settings
    from portal.core.permissions import Scope
    from portal.foundation.clock import utcnow
    from portal.foundation.runtime import start
    from portal.foundation.tenancy import PLATFORM, see

    with start(Settings.from_env()).writers.begin() as session:
        see(session, PLATFORM)
        may = [Scope(scope) for scope in scopes] or list(Scope)
        click.echo(create_token(session, email, name, at=utcnow(), scopes=may).plain)


@corbel.command()
def doctor() -> None:
    """Look at everything that must work, and say what to do where it doesn't."""
    from portal.ops.doctor import examine

    broken = 0
    for finding in examine(os.environ, _app):
        click.echo(finding.line())
        broken += finding.broken
    sys.exit(1 if broken else 0)


@corbel.command()
@click.argument("key", metavar="[ID]", type=click.UUID, required=False)
@click.option("--list", "listing", is_flag=True, help="Only show what was given up, and why.")
def replay(key: UUID | None, listing: bool) -> None:
    """Try anew what was given up: everything, or one event, mail or page by its id."""
    from portal.config import Settings
    from portal.foundation.clock import utcnow
    from portal.foundation.runtime import start
    from portal.ops import dead_letters

    runtime = start(Settings.from_env())
    if listing:
        for line in dead_letters.lines(runtime.readers):
            click.echo(line)
    elif key is not None:
        dead_letters.replay_one(runtime.writers, key, at=utcnow())
        click.echo("replayed 1")
    else:
        click.echo(f"replayed {dead_letters.replay_all(runtime.writers, at=utcnow())}")


def _app() -> "Flask":
    from portal.app import create_app

    return create_app()


def _background() -> "Flask":
    from portal.background import create_background

    return create_background()


def _prove(pack: str) -> None:
    """End here when the support model is broken. It is read in a child: we stay small."""
    child = os.fork()
    if child:
        if os.waitpid(child, 0)[1]:
            sys.exit(1)
        return
    from portal.policy.loader import load_pack

    try:
        load_pack(pack)
    except Exception as error:
        _say_in_short(error)
        os._exit(1)
    os._exit(0)


def _upgraded() -> "Settings":
    from portal.config import Settings
    from portal.ops import database, datadir

    settings = Settings.from_env()
    datadir.prepare(settings.data)
    database.upgrade(settings.database_url)
    return settings


def _tick_alone(app: "Flask", at: datetime) -> int:
    from portal.foundation.runtime import runtime_of
    from portal.ops.ticking import tick_alone

    with app.app_context():
        return tick_alone(runtime_of(app), at)
