"""`corbel search …`."""

import json
import sys

import click


@click.group()
def search() -> None:
    """The index of the search."""


@search.command()
@click.option("--json", "as_json", is_flag=True, help="Say it in one line of JSON.")
def rebuild(as_json: bool) -> None:
    """Make the index anew from the database, while the old one answers."""
    from portal.config import Settings
    from portal.foundation.runtime import start
    from portal.search import searching
    from portal.search.service.rebuilding import rebuild_all

    runtime = start(Settings.from_env())
    searching.furnish(runtime)
    bar = _Bar(sys.stderr.isatty() and not as_json)
    done = rebuild_all(runtime.writers, searching.index_of(runtime), bar.tell)
    bar.end()
    if as_json:
        click.echo(json.dumps({"documents": done.documents, "analysed": done.analysed}))
    else:
        click.echo(f"the index is new: {done.documents} documents, {done.analysed} read anew")


class _Bar:
    """One line that is written over, where somebody looks at it."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown

    def tell(self, done: int, everything: int) -> None:
        if self._shown:
            click.echo(f"\r{done} of {everything}", nl=False, err=True)

    def end(self) -> None:
        if self._shown:
            click.echo(err=True)
