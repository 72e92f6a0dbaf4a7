"""[[categories]], [[situations]], [[signals]], [[intents]]: from words to people."""

from collections.abc import Collection, Mapping

from portal.core.routing import (
    CategoryRule,
    IntentRule,
    Phrase,
    Rules,
    SeverityRule,
    SignalRule,
)
from portal.policy.pack import PREFILLS, Category, Field, Intent, Named, Severity
from portal.policy.reading import Table
from portal.policy.text import LANGUAGES

Phrases = dict[str, tuple[Phrase, ...]]


def read_categories(root: Table, teams: Collection[str]) -> tuple[dict[str, Category], Phrases]:
    categories, phrases = {}, {}
    for table in root.keyed("categories"):
        category = Category(
            key=table.own_key(),
            name=table.words("name"),
            teams=table.refs("teams", teams, "team"),
            modules=table.names("modules"),
        )
        if not table.raw.get("teams"):
            table.complain("teams", "missing; a category belongs to at least one team")
        phrases[category.key] = _phrases(table)
        categories[category.key] = category
        table.close()
    return categories, phrases


def read_situations(root: Table) -> tuple[dict[str, Named], Phrases]:
    situations, phrases = {}, {}
    for table in root.keyed("situations"):
        situation = Named(table.own_key(), table.words("name"))
        phrases[situation.key] = _phrases(table)
        situations[situation.key] = situation
        table.close()
    return situations, phrases


def read_signals(
    root: Table, severities: Collection[str], teams: Collection[str]
) -> tuple[dict[str, Named], tuple[SignalRule, ...]]:
    signals, rules = {}, []
    for table in root.keyed("signals"):
        signal = Named(table.own_key(), table.words("name"))
        rules.append(
            SignalRule(
                key=signal.key,
                phrases=_phrases(table),
                floor=table.ref("floor", severities, "severity"),
                team=table.ref("team", teams, "team"),
                escalate=table.truth("escalate"),
            )
        )
        signals[signal.key] = signal
        table.close()
    return signals, tuple(rules)


def read_intents(
    root: Table, categories: Collection[str], severities: Collection[str], teams: Collection[str]
) -> dict[str, Intent]:
    intents = {}
    for table in root.keyed("intents"):
        intent = Intent(
            key=table.own_key(),
            title=table.words("title"),
            guidance=table.words("guidance"),
            never_send=table.words("never_send"),
            category=table.ref("category", categories, "category"),
            severity=table.ref("severity", severities, "severity"),
            team=table.ref("team", teams, "team"),
            fields=tuple(read_field(row) for row in table.keyed("fields")),
        )
        intents[intent.key] = intent
        table.close()
    return intents


def read_field(table: Table) -> Field:
    made = Field(
        key=table.own_key(),
        label=table.words("label"),
        required=table.truth("required", True),
        prefill=table.ref("prefill", PREFILLS, "value to fill in"),
    )
    table.close()
    return made


def routing_rules(
    *,
    severities: Mapping[str, Severity],
    situations: Phrases,
    categories: Mapping[str, Category],
    phrases: Phrases,
    signals: tuple[SignalRule, ...],
    intents: Mapping[str, Intent],
    default_severity: str,
    default_category: str,
) -> Rules:
    return Rules(
        severities=tuple(severities),
        categories=tuple(
            CategoryRule(c.key, c.teams[0] if c.teams else "", frozenset(c.modules), phrases[c.key])
            for c in categories.values()
        ),
        default_category=default_category,
        default_severity=default_severity,
        severity_rules=tuple(
            SeverityRule(situation, severity.key, situations[situation])
            for severity in severities.values()
            for situation in severity.suggested_by
        ),
        signals=signals,
        intents=tuple(IntentRule(i.key, i.category, i.severity, i.team) for i in intents.values()),
    )


def _phrases(table: Table) -> tuple[Phrase, ...]:
    """The phrases of every language together: people write in whichever comes first."""
    by_language = table.table("keywords")
    for language in LANGUAGES:
        if table.has("keywords") and not by_language.raw.get(language):
            by_language.complain(language, "the words in this language are missing")
    found = [by_language.each(language, Phrase.of) for language in by_language.raw]
    return tuple(dict.fromkeys(phrase for phrases in found for phrase in phrases))
