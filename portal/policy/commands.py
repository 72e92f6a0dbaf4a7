"""`corbel policy check` and `corbel policy explain`: no database, no Redis, no network."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from portal.core.calendar import CalendarError, in_utc, zone_named
from portal.policy.documents import InvalidPack
from portal.policy.explain import Explanation, explain, iso
from portal.policy.loader import load_file, load_pack
from portal.policy.pack import Pack, UnknownName
from portal.policy.text import LANGUAGES
from portal.policy.wording import Voice

EXAMPLE = "2026-11-24T10:30:00-05:00 or 2026-11-24T15:30:00Z"


@click.group()
def policy() -> None:
    """Support models: check one, or ask what it would do."""


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Read the support model in FILE and list everything that is wrong with it."""
    try:
        pack = load_file(file)
    except InvalidPack as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"OK: {file.name} is {pack.key}, version {pack.version}"
        f" (severities: {len(pack.severities)}, plans: {len(pack.plans)},"
        f" channels: {len(pack.channels)}, templates: {len(pack.templates)})"
    )


def _aware(context: click.Context, option: click.Parameter, text: str) -> datetime:
    try:
        return in_utc(datetime.fromisoformat(text))
    except CalendarError as error:
        raise click.BadParameter(f"{text} has no time zone; write e.g. {EXAMPLE}") from error
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a time; write e.g. {EXAMPLE}") from error


def _zone(context: click.Context, option: click.Parameter, name: str | None) -> str | None:
    try:
        return zone_named(name).key if name else None
    except CalendarError as error:
        raise click.BadParameter(str(error)) from error


@policy.command("explain")
@click.option("--pack", "pack_name", required=True, help="A support model's key or file.")
@click.option("--plan", default="", help="The customer's plan.")
@click.option("--severity", required=True)
@click.option("--channel", required=True)
@click.option("--at", required=True, callback=_aware, help=f"When the ticket comes: {EXAMPLE}.")
@click.option("--lang", "language", default="en", type=click.Choice(LANGUAGES), show_default=True)
@click.option("--zone", callback=_zone, help="The customer's time zone; else the model's.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def explain_command(
    pack_name: str,
    plan: str,
    severity: str,
    channel: str,
    at: datetime,
    language: str,
    zone: str | None,
    as_json: bool,
) -> None:
    """Say by when a ticket would be answered, why, and what happens if it is not."""
    try:
        answer = explain(
            _loaded(pack_name),
            severity=severity,
            plan=plan,
            channel=channel,
            at=at,
            language=language,
            zone_of_reader=zone,
        )
    except (UnknownName, CalendarError) as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(answer.to_json(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_timeline(answer, zone)))


def _loaded(name: str) -> Pack:
    try:
        return load_pack(name)
    except InvalidPack as error:
        raise click.ClickException(str(error)) from error


def _timeline(answer: Explanation, zone: str | None) -> list[str]:
    pack, language = answer.pack, answer.language
    place = ZoneInfo(zone or pack.zone)
    voice = Voice(pack, language, place.key)
    lines = [
        f"{pack.title.to(language)} ({pack.key} {pack.version})",
        f"{answer.severity.key} {answer.severity.name.to(language)} · "
        f"{answer.plan.name.to(language)} · {voice.channel(answer.channel.key)} · "
        f"{voice.when(answer.at)}",
        "",
        answer.promise,
        f"{answer.target} · {answer.hours_text} · respond_by {iso(answer.due.respond_by) or '–'}",
    ]
    if answer.rule.note:
        lines.append(answer.rule.note.to(language))
    lines += [f"! {warning}" for warning in answer.warnings]
    steps = sorted([*answer.steps, *answer.resolution_steps], key=lambda step: step.at)
    if steps:
        lines.append("")
    width = max((len(voice.when(step.at)) for step in steps), default=0)
    lines += [f"{voice.when(step.at):<{width}}  {step.do:<8}  {step.why}" for step in steps]
    return lines
