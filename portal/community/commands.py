"""`corbel community recount`: numbers made anew from what they count."""

from collections.abc import Callable

import click
from flask import Flask

from portal.community.service import points
from portal.foundation.runtime import runtime_of
from portal.foundation.tenancy import PLATFORM, see


@click.group()
def community() -> None:
    """Forum, ideas, and the points of their members."""


@community.command()
@click.pass_obj
def recount(background: Callable[[], Flask]) -> None:
    """Count points anew from the ledger, and say how many members had others."""
    app = background()
    with app.app_context(), runtime_of(app).writers.begin() as session:
        see(session, PLATFORM)
        click.echo(f"points: {points.rebuild(session)} put right")
