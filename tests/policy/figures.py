"""A pack's figures as the tables of the tests write them."""

from datetime import datetime

from portal.policy.explain import explain
from portal.policy.loader import load_pack

CHANNELS = (
    "in_app",
    "email",
    "chat",
    "phone",
    "whatsapp",
    "sms",
    "contact",
    "github",
    "discord",
    "slack",
)


def figure(pack: str, severity: str, plan: str, channel: str = "email") -> tuple[str, str | None]:
    """The target as written, and the hours in which it counts (None: elapsed time)."""
    rule = load_pack(pack).rule_for(severity, plan, channel)
    return str(rule.respond), rule.hours


def respond_by(
    pack: str, severity: str, at: str, *, plan: str = "any", channel: str = "email"
) -> str | None:
    return answer(pack, severity, at, plan=plan, channel=channel)["respond_by"]


def answer(
    pack: str,
    severity: str,
    at: str,
    *,
    plan: str = "any",
    channel: str = "email",
    language: str = "en",
) -> dict:
    return explain(
        load_pack(pack),
        severity=severity,
        plan=plan,
        channel=channel,
        at=datetime.fromisoformat(at),
        language=language,
    ).to_json()
