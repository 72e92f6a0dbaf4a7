"""`corbel kb import` and `corbel kb export`: help centres from files and back."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask

from portal.accounts.service import LOCALES
from portal.core.audience import Audience
from portal.core.permissions import Role
from portal.foundation.clock import utcnow
from portal.foundation.progress import Progress
from portal.foundation.runtime import Runtime, runtime_of
from portal.kb.exporting import export
from portal.kb.exporting.writing import NotEmpty
from portal.kb.importing import running
from portal.kb.importing.report import Report
from portal.kb.importing.storing import Choices
from portal.kb.importing.tree import NoPages

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def kb() -> None:
    """The help centre: articles from files, and back into files."""


@kb.command("import")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--language", type=click.Choice(sorted(LOCALES)), required=True)
@click.option(
    "--audience",
    type=click.Choice([one.value for one in Audience]),
    default=None,
    help="Who may read it; public, unless the files or an earlier import say other.",
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="For whom it is written; may be repeated.",
)
@click.option("--module", default=None, help="The part of the platform that it is about.")
@click.option(
    "--name",
    default="docs",
    show_default=True,
    help="Tells trees apart that are imported side by side.",
)
@click.option("--prune", is_flag=True, help="Take away what is no longer in the tree.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--json", "as_json", is_flag=True, help="A report for programs, on stdout.")
@click.pass_obj
def import_(
    background: Callable[[], Flask],
    folder: Path,
    language: str,
    audience: str | None,
    roles: tuple[str, ...],
    module: str | None,
    name: str,
    prune: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read a documentation tree (Docusaurus, Starlight, MkDocs or plain Markdown) into articles.

    Running it again changes what changed. A translation joins the articles of the same paths.
    """
    who = Audience(audience) if audience else None
    choices = Choices(language, who, roles or None, module)
    job = running.Job(folder, choices, name, prune)
    runtime = runtime_of(background())
    try:
        report = _report(job, runtime, dry_run=dry_run)
    except NoPages as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(report.lines()))
        click.echo("\n".join(_examples(report)), nl=bool(report.problems))
    sys.exit(1 if report.did_nothing else 0)


def _report(job: running.Job, runtime: Runtime, *, dry_run: bool) -> Report:
    progress = Progress()
    if dry_run:
        return running.rehearse(job, runtime.readers, at=utcnow(), progress=progress)
    return running.run(
        job, runtime.writers, runtime.readers, runtime.store, at=utcnow(), progress=progress
    )


def _examples(report: Report) -> list[str]:
    """The first of each kind, so that a person knows where to look."""
    first: dict[str, str] = {}
    for one in report.problems:
        first.setdefault(one.what, f"  {one.what}: {one.file}:{one.line} {one.detail}".rstrip())
    return list(first.values())


@kb.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(sorted(LOCALES)), help="Only this one.")
@click.pass_obj
def export_(background: Callable[[], Flask], folder: Path, language: str | None) -> None:
    """Write what is published as Markdown with its pictures; `import` reads it back."""
    runtime = runtime_of(background())
    languages = [language] if language else sorted(LOCALES)
    try:
        done = export(folder, runtime.readers, runtime.store, languages=languages)
    except NotEmpty as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{done.articles} articles, {done.files} files")
    for name in done.lost:
        click.echo(f"  {name}: its bytes are gone", err=True)
