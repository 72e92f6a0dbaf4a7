"""From a file to a `Pack`, or to everything that is wrong with it."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from portal.policy.documents import SHIPPED, InvalidPack, canonical, digest, read_document
from portal.policy.pack import Pack, UnknownName
from portal.policy.reading import KEY, Problems, Table
from portal.policy.sections.calendars import read_calendars, read_review, zone_of
from portal.policy.sections.conduct import (
    read_assignment,
    read_emergency,
    read_escalation,
    read_incidents,
    read_lifecycle,
    read_referral,
)
from portal.policy.sections.desk import (
    Known,
    read_channels,
    read_plans,
    read_severities,
    read_teams,
)
from portal.policy.sections.promises import Desk, read_rules
from portal.policy.sections.replies import (
    read_checklist,
    read_stages,
    read_templates,
    read_wording,
)
from portal.policy.sections.routes import (
    read_categories,
    read_intents,
    read_signals,
    read_situations,
    routing_rules,
)

COMMON: Final = "common"


def shipped_packs() -> tuple[str, ...]:
    """The keys of the packs that come along."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml") if path.stem != COMMON))


@cache
def load_pack(key_or_path: str | Path) -> Pack:
    """A shipped pack by its key, or any by the path of its file; read once a process.

    InvalidPack lists every problem of the file; UnknownName names the shipped ones.
    """
    name = str(key_or_path)
    if KEY.fullmatch(name):
        if name not in shipped_packs():
            raise UnknownName("Corbel", "support model", name, shipped_packs())
        return load_file(SHIPPED / f"{name}.toml")
    return load_file(Path(name))


def load_file(path: Path) -> Pack:
    """As it stands now, uncached."""
    return build_pack(read_document(path), path.name)


def pack_from_source(source: str, name: str) -> Pack:
    """A pack as `Pack.source` wrote it down."""
    return build_pack(json.loads(source), name)


def build_pack(document: Mapping[str, Any], file: str) -> Pack:
    """InvalidPack, unless all is well: nothing is ever half-loaded."""
    problems = Problems()
    pack = _build(Table(document, "", problems), canonical(document))
    if problems:
        raise InvalidPack(file, problems.found)
    return pack


def _build(root: Table, source: str) -> Pack:
    head = root.table("pack")
    zone = zone_of(head)
    calendars = read_calendars(root, zone)
    review = read_review(root, zone)
    teams = read_teams(root)
    channels = read_channels(root, calendars)
    situations, situation_phrases = read_situations(root)
    severities = read_severities(root, teams, situations)
    categories, phrases = read_categories(root, teams)
    plans = read_plans(root, Known(channels, severities, categories))
    signals, signal_rules = read_signals(root, severities, teams)
    intents = read_intents(root, categories, severities, teams)
    default_severity = _required_ref(head, "default_severity", severities, "severity")
    hours = _required_ref(head, "hours", calendars, "calendar")
    desk = Desk(severities, plans, channels, calendars, hours, review)
    pack = Pack(
        key=head.own_key(),
        version=_version(head),
        title=head.words("title"),
        summary=head.words("summary"),
        zone=zone,
        hours=hours,
        calendars=calendars,
        plans=plans,
        channels=channels,
        severities=severities,
        default_severity=default_severity,
        rules=read_rules(root, desk),
        escalation=read_escalation(root, teams),
        teams=teams,
        categories=categories,
        situations=situations,
        signals=signals,
        routing=routing_rules(
            severities=severities,
            situations=situation_phrases,
            categories=categories,
            phrases=phrases,
            signals=signal_rules,
            intents=intents,
            default_severity=default_severity,
            default_category=_required_ref(head, "default_category", categories, "category"),
        ),
        templates=read_templates(root),
        intents=intents,
        stages=read_stages(root, categories, plans),
        checklist=read_checklist(root),
        emergency=read_emergency(root, plans, severities),
        incidents=read_incidents(root, severities),
        referral=read_referral(root),
        lifecycle=read_lifecycle(root),
        assignment=read_assignment(root),
        review=review,
        wording=read_wording(root),
        source=source,
        digest=digest(source),
    )
    head.close()
    root.close()
    return pack


def _version(head: Table) -> str:
    version = head.text("version")
    if version and not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}", version):
        head.complain("version", f'"{version}" is not a version; write e.g. "1.2"')
    return version


def _required_ref(table: Table, key: str, among: Mapping[str, object], what: str) -> str:
    if not table.has(key):
        table.complain(key, f"missing; write the key of a {what}")
    return table.ref(key, among, what) or ""
