"""The composer of the ticket screen: what stands in it, and what would be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from portal.core.entitlements import Window
from portal.core.targets import Kind
from portal.core.templates import preview
from portal.core.ticket_states import Verb
from portal.policy.pack import Field, Template
from portal.policy.wording import Voice
from portal.tickets import addresses
from portal.tickets.desk import Desk
from portal.tickets.models import Attachment, Message
from portal.tickets.promising import as_promised
from portal.tickets.service import templates
from portal.writing.models import Draft

DRAFTED = ("body", "template", "next_update")
NEXT_UPDATE = "next_update"
USUAL_UPDATE = timedelta(days=1)


@dataclass(frozen=True)
class Composer:
    """`values` are the fields of the template by key. `errors`: (id of the field, what is wrong).
    `meanwhile`: what others wrote since the page was loaded."""

    kind: str = "reply"
    body: str = ""
    template: Template | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    next_update: str = ""
    then: str = Verb.REPLY_BY_AGENT
    saved_at: datetime | None = None
    errors: Sequence[tuple[str, str]] = ()
    meanwhile: Sequence[Message] = ()
    files: Sequence[Attachment] = ()

    @property
    def key(self) -> str:
        return self.template.key if self.template else ""

    @property
    def typed(self) -> list[Field]:
        """The fields to type; a next update is chosen in its own place."""
        fields = self.template.fields if self.template else ()
        return [one for one in fields if one.prefill != NEXT_UPDATE]

    @property
    def asks_next_update(self) -> bool:
        fields = self.template.fields if self.template else ()
        return any(one.prefill == NEXT_UPDATE and one.required for one in fields)

    def error_of(self, name: str) -> str:
        return next((message for id, message in self.errors if id == name), "")


@dataclass(frozen=True, slots=True)
class Filler:
    """What the program knows of a ticket, in the language and zone of its customer."""

    desk: Desk

    @property
    def language(self) -> str:
        return self.desk.ticket.locale

    @property
    def voice(self) -> Voice:
        return Voice(self.desk.pack, self.language, self.desk.ticket.zone)

    @property
    def known(self) -> dict[str, str]:
        desk = self.desk
        return templates.automatic(
            desk.pack,
            desk.ticket,
            agent=desk.reader.name,
            promise=self._promise(desk.window),
            status_url=addresses.absolute(addresses.for_customer(desk.ticket.number)),
            language=self.language,
        )

    def _promise(self, window: Window | None) -> str:
        return as_promised(self.voice, self.desk.ticket, self.desk.clocks, window=window)

    def begin(self, template: Template) -> Composer:
        """The composer as a template fills it."""
        ticket, known = self.desk.ticket, self.known
        owner = ticket.agent.display_name if ticket.agent else self.desk.reader.name
        return Composer(
            body=templates.opening(template, known, language=self.language),
            template=template,
            values=templates.prefilled(template, known, owner=owner),
        )

    def switch(self, before: Composer, template: Template | None) -> Composer:
        """Another template in place of the one before; words of one's own are kept."""
        own = before.body.strip()
        if before.template and own == self.begin(before.template).body.strip():
            own = ""
        if template is None:
            return replace(before, body=own, template=None, values={})
        fresh = self.begin(template)
        body = f"{fresh.body}\n\n{own}" if own else fresh.body
        values = {**fresh.values, **{k: v for k, v in before.values.items() if v}}
        return replace(before, body=body, template=template, values=values)

    def values(
        self, template: Template, typed: Mapping[str, str], next_update: datetime | None
    ) -> dict[str, str]:
        """What was typed, and the promised update as the customer reads it."""
        said = self.voice.when(next_update) if next_update else ""
        return {
            one.key: said if one.prefill == NEXT_UPDATE else typed.get(one.key, "")
            for one in template.fields
        }

    def words(self, composer: Composer, next_update: datetime | None) -> str:
        """Raises HalfFilled."""
        if composer.template is None:
            return composer.body
        values = self.values(composer.template, composer.values, next_update)
        return templates.compose(
            composer.template, composer.body, values, self.known, language=self.language
        )

    def so_far(self, composer: Composer, next_update: datetime | None) -> str:
        """As `words`, with the gaps that are open still standing."""
        if composer.template is None:
            return composer.body
        values = self.values(composer.template, composer.values, next_update)
        return preview(composer.body, {**self.known, **values})


def usual_update(desk: Desk) -> datetime:
    """When the next update is due by the pack, or a day from now: a proposal, no more."""
    target = desk.rule.update
    if target is None or target.kind is not Kind.SPAN or target.span is None:
        return desk.now + USUAL_UPDATE
    return desk.now + min(target.span, USUAL_UPDATE)


def from_draft(desk: Desk) -> Composer:
    for kind in ("reply", "note"):
        if draft := desk.draft(kind):
            return _drafted(desk, kind, draft)
    return Composer()


def _drafted(desk: Desk, kind: str, draft: Draft) -> Composer:
    fields = draft.fields
    return Composer(
        kind=kind,
        body=fields.get("body", ""),
        template=desk.pack.templates.get(fields.get("template", "")),
        values={k.removeprefix("field."): v for k, v in fields.items() if k.startswith("field.")},
        next_update=fields.get("next_update", ""),
        saved_at=draft.updated_at,
    )
