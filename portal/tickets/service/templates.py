"""Replies made from a template of the support model: filled, or not sent."""

from collections.abc import Mapping

from portal.core.templates import left_open, missing, placeholders, put_in
from portal.policy.pack import Field, Pack, Template
from portal.tickets.models import Ticket


class HalfFilled(ValueError):
    """What a reply made from a template still lacks: fields of it, and other gaps left standing."""

    def __init__(self, fields: tuple[Field, ...], gaps: tuple[str, ...]) -> None:
        names = [*(field.key for field in fields), *gaps]
        super().__init__(f"still open: {', '.join(names)}")
        self.fields = fields
        self.gaps = gaps


def automatic(
    pack: Pack, ticket: Ticket, *, agent: str, promise: str, status_url: str, language: str
) -> dict[str, str]:
    """The values of `pack.AUTOMATIC` gaps, in the customer's language."""
    severity, plan = pack.severities.get(ticket.severity), pack.nearest_plan(ticket.plan)
    team = pack.teams.get(ticket.team)
    return {
        "customer_name": ticket.requester_name,
        "agent_name": agent,
        "ticket_number": f"#{ticket.number}",
        "subject": ticket.subject,
        "severity_name": severity.name.to(language) if severity else ticket.severity,
        "plan_name": plan.name.to(language),
        "team_name": team.name.to(language) if team else ticket.team,
        "promise": promise,
        "status_url": status_url,
    }


def prefilled(template: Template, known: Mapping[str, str], *, owner: str) -> dict[str, str]:
    """What the program may put into the fields of a template before anybody types."""
    by_role = {"owner": owner, "severity": known["severity_name"], **known}
    return {
        field.key: by_role[field.prefill]
        for field in template.fields
        if field.prefill and by_role.get(field.prefill)
    }


def opening(template: Template, known: Mapping[str, str], *, language: str) -> str:
    """The text to start from: what is known filled in, the gaps of the fields standing."""
    own = {field.key for field in template.fields}
    values = {key: value for key, value in known.items() if key not in own}
    return put_in(template.body.to(language), values)


def compose(
    template: Template,
    text: str,
    values: Mapping[str, str],
    known: Mapping[str, str],
    *,
    language: str,
) -> str:
    """The words to send. Raises HalfFilled unless each required field is filled, its words are
    in the text, and no gap of the template stands."""
    given = {field.key: values.get(field.key, "").strip() for field in template.fields}
    optional = {field.key for field in template.fields if not field.required}
    blank = missing([key for key in given if key not in optional], given)
    filled = {key: value for key, value in given.items() if value or key in optional}
    body = text if text.strip() else template.body.to(language)
    written = put_in(body, {**known, **filled})
    lost = [key for key, value in filled.items() if key not in optional and value not in written]
    _refuse_half(template, {*blank, *lost}, left_open(written, placeholders_of(template)))
    return written.strip()


def placeholders_of(template: Template) -> tuple[str, ...]:
    """Every gap that any language of the template may have left in a text."""
    bodies = [template.body.to(language) for language in template.body.languages]
    return tuple(dict.fromkeys(gap for body in bodies for gap in placeholders(body)))


def _refuse_half(template: Template, wanting: set[str], gaps: tuple[str, ...]) -> None:
    fields = tuple(f for f in template.fields if f.key in wanting or f.key in gaps)
    others = tuple(gap for gap in gaps if gap not in {field.key for field in template.fields})
    if fields or others:
        raise HalfFilled(fields, others)
