"""`corbel search …`."""

import json

import click


@click.group()
def search() -> None:
    """The index of the search."""


@search.command()
@click.option("--all", "everything", is_flag=True, help="Read all documents anew as well.")
@click.option("--json", "as_json", is_flag=True, help="Say it in one line of JSON.")
def rebuild(everything: bool, as_json: bool) -> None:
    """Make the index anew from the database, while the old one answers.

    Documents are read anew where another version of Corbel has read them. It may be stopped at any
    time: the next run goes on.
    """
    from portal.config import Settings
    from portal.foundation.progress import Progress
    from portal.foundation.runtime import start
    from portal.search import searching
    from portal.search.service.rebuilding import rebuild_all

    runtime = start(Settings.from_env())
    searching.furnish(runtime)
    index = searching.index_of(runtime)
    done = rebuild_all(runtime.readers, runtime.writers, index, Progress(), everything=everything)
    if as_json:
        click.echo(json.dumps({"documents": done.documents, "analysed": done.analysed}))
    else:
        click.echo(f"the index is new: {done.documents} documents, {done.analysed} read anew")
