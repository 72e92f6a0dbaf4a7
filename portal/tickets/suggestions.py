"""What a customer's words suggest, kept on the ticket so that anybody can see why."""

from collections.abc import Mapping
from typing import Any

from portal.core.escalation import Paging
from portal.core.routing import Reason, Suggestion, suggest
from portal.policy.pack import Pack


def propose(pack: Pack, text: str, *, module: str = "", intent: str = "") -> Suggestion:
    """Category, severity and team from the words, the module and the intent."""
    return suggest(text, module=module or None, intent=intent or None, rules=pack.routing)


def team_for(pack: Pack, suggestion: Suggestion, category: str) -> str:
    """Who gets it once a person has settled the category: a warning sign or an intent outranks
    the category's own team."""
    if category == suggestion.category or reason_for(suggestion, "team").because != "category":
        return suggestion.team
    return pack.categories[category].teams[0]


def reason_for(suggestion: Suggestion, about: str) -> Reason:
    """Why this `category`, `severity` or `team`."""
    return next(reason for reason in suggestion.reasons if reason.about == about)


def to_facts(suggestion: Suggestion) -> dict[str, Any]:
    """For `Ticket.suggestion`."""
    return {
        "category": suggestion.category,
        "severity": suggestion.severity,
        "team": suggestion.team,
        "signals": list(suggestion.signals),
        "escalate": suggestion.escalate,
        "reasons": [
            {
                "about": reason.about,
                "value": reason.value,
                "because": reason.because,
                "rule": reason.rule,
                "words": list(reason.words),
            }
            for reason in suggestion.reasons
        ],
    }


def from_facts(facts: Mapping[str, Any]) -> Suggestion | None:
    """What `to_facts` wrote; None where nothing was suggested."""
    if not facts:
        return None
    reasons = tuple(
        Reason(r["about"], r["value"], r["because"], r["rule"], tuple(r["words"]))
        for r in facts["reasons"]
    )
    return Suggestion(
        category=facts["category"],
        severity=facts["severity"],
        team=facts["team"],
        signals=tuple(facts["signals"]),
        escalate=facts["escalate"],
        reasons=reasons,
    )


def for_stranger(pack: Pack, severity: str) -> str:
    """The gravest severity from `severity` down that pages nobody: anybody can type into a public
    form, and the desk raises what deserves it."""
    gravest = pack.severity(severity).rank
    milder = sorted(
        (level for level in pack.severities.values() if level.rank >= gravest),
        key=lambda level: level.rank,
    )
    quiet = (level.key for level in milder if level.page is Paging.NEVER)
    return next(quiet, milder[-1].key)
