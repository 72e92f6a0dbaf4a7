"""Shapes of what editors send."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional

from portal.accounts.roles import ROLES as NAMES
from portal.core.audience import Audience
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form
from portal.kb.models import Topic
from portal.kb.service.categories import Shelf
from portal.kb.service.drafting import BODY_LONGEST, Seen, Text
from portal.kb.service.placing import ROLES, Place
from portal.kb.service.reviewing import NOTE_LONGEST

AUDIENCES: Final = {
    Audience.PUBLIC: _l("Everybody"),
    Audience.CUSTOMERS: _l("Customers who are signed in"),
    Audience.STAFF: _l("Our own people"),
}
VERSION_LONGEST: Final = 20


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split())


def _key(text: Any) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


class TextForm(Form):
    """An article's words in one language; `base` is what they were when the page was opened."""

    title = StringField(_l("Title"))
    slug = StringField(_l("Address"))
    summary = TextAreaField(_l("Summary"))
    body = TextAreaField(_l("Text"))
    labels = StringField(_l("Labels"))
    note = StringField(
        _l("What changed"),
        [Length(max=NOTE_LONGEST, message=_l("Keep it under 500 characters."))],
        [_tidy],
    )
    base = HiddenField()
    lock = IntegerField(validators=[Optional()], default=0)
    number = IntegerField(validators=[Optional()], default=0)

    @property
    def text(self) -> Text:
        return Text(
            slug=self.slug.data or "",
            title=self.title.data or "",
            summary=self.summary.data or "",
            body=self.body.data or "",
            labels=split_labels(self.labels.data or ""),
        )

    @property
    def seen(self) -> Seen:
        return Seen(self.lock.data or 0, self.number.data or 0)

    @property
    def base_text(self) -> Text | None:
        return read_base(self.base.data or "")


def split_labels(text: str) -> tuple[str, ...]:
    return tuple(_tidy(label) for label in text.split(",") if label.strip())


def text_form(text: Text, seen: Seen, note: str = "") -> TextForm:
    return TextForm(
        formdata=None,
        title=text.title,
        slug=text.slug,
        summary=text.summary,
        body=text.body,
        labels=", ".join(text.labels),
        note=note,
        base=base_of(text),
        lock=seen.lock,
        number=seen.number,
    )


def base_of(text: Text) -> str:
    """One line, so that no browser changes its ends."""
    return json.dumps([text.slug, text.title, text.summary, text.body, list(text.labels)])


def read_base(kept: str) -> Text | None:
    try:
        slug, title, summary, body, labels = json.loads(kept)
        known = all(isinstance(one, str) for one in (slug, title, summary, body, *labels))
    except (ValueError, TypeError):
        return None
    lines = str(body).replace("\r\n", "\n")
    return Text(slug, title, summary, lines, tuple(labels)) if known else None


class NewForm(Form):
    """Use `new_form`."""

    title = StringField(
        _l("Title"), [Length(max=300, message=_l("Keep it under 300 characters."))], [_tidy]
    )
    language = SelectField(_l("Language"))
    category = SelectField(_l("Category"), coerce=_key)
    module = SelectField(_l("Module"))
    audience = RadioField(
        _l("Who may read it"), choices=lambda: list(AUDIENCES.items()), default=Audience.PUBLIC
    )
    body = TextAreaField(validators=[Length(max=BODY_LONGEST)])


class PlaceForm(Form):
    """Use `place_form`."""

    category = SelectField(_l("Category"), coerce=_key)
    module = SelectField(_l("Module"))
    audience = RadioField(_l("Who may read it"), choices=lambda: list(AUDIENCES.items()))
    roles = SelectMultipleField(
        _l("Written for"),
        choices=lambda: [(role.value, NAMES[role]) for role in ROLES],
    )
    version = StringField(
        _l("Version of the platform"),
        [Length(max=VERSION_LONGEST, message=_l("Keep it under 20 characters."))],
        [_tidy],
    )
    review_by = DateField(_l("Look at it again"), [Optional()])
    video = SelectField(_l("Video"), coerce=_key)
    owner = SelectField(_l("Looks after it"), coerce=_key)
    seen = IntegerField(validators=[NumberRange(min=1)])

    def place(self, zone: str) -> Place:
        return Place(
            category_id=self.category.data,
            module_tag=self.module.data or "",
            role_tags=tuple(self.roles.data or ()),
            audience=Audience(self.audience.data),
            platform_version=self.version.data or "",
            review_by=morning(self.review_by.data, zone),
            video_id=self.video.data,
            owner_id=self.owner.data,
        )


def morning(date: Any, zone: str) -> datetime | None:
    """When a day begins to be worked, for whoever says it."""
    if date is None:
        return None
    return datetime.combine(date, time(9), ZoneInfo(zone)).astimezone(UTC)


Choices = Sequence[tuple[Any, Any]]


def with_choices(form: Any, choices: dict[str, Choices]) -> Any:
    """What can be chosen stands in the database or in the support model."""
    for name, known in choices.items():
        form[name].choices = known
    return form


def place_form(topic: Topic, zone: str) -> PlaceForm:
    own = ZoneInfo(zone)
    return PlaceForm(
        formdata=None,
        category=topic.category_id,
        module=topic.module_tag,
        audience=topic.audience,
        roles=topic.role_tags,
        version=topic.platform_version,
        review_by=topic.review_by.astimezone(own).date() if topic.review_by else None,
        video=topic.video_id,
        owner=topic.owner_id,
        seen=topic.version,
    )


class ReasonForm(Form):
    """Why something is sent back; `lock` is of the draft that was read."""

    reason = TextAreaField(_l("Why"), [Length(max=NOTE_LONGEST)], [_tidy])
    lock = IntegerField(validators=[Optional()], default=0)


class LockForm(Form):
    lock = IntegerField(validators=[Optional()], default=0)


class NoteForm(LockForm):
    note = StringField(_l("What changed"), [Length(max=NOTE_LONGEST)], [_tidy])


class ShelfForm(Form):
    """Titles and descriptions have a field for each language: `title_en`, `description_en`."""

    name = StringField(_l("Last part of its address"), filters=[_tidy])
    parent = SelectField(_l("Within"), coerce=_key)
    module = SelectField(_l("Module"))
    position = IntegerField(
        _l("Place among its neighbours"), [Optional(), NumberRange(0, 10_000)], default=0
    )


def shelf_of(form: ShelfForm, written: dict[str, dict[str, str]]) -> Shelf:
    return Shelf(
        titles=written["title"],
        descriptions=written["description"],
        module=form.module.data or "",
        position=form.position.data or 0,
    )


class DeedForm(Form):
    """The same for many; the value is in the field that the deed names."""

    deed = SelectField(_l("For those that are ticked"))
    category = SelectField(_l("Category"), coerce=_key)
    module = SelectField(_l("Module"))
    audience = SelectField(_l("Who may read it"), choices=lambda: list(AUDIENCES.items()))
    roles = SelectMultipleField(
        _l("Written for"), choices=lambda: [(role.value, NAMES[role]) for role in ROLES]
    )
    version = StringField(_l("Version of the platform"), [Length(max=VERSION_LONGEST)], [_tidy])
    review = DateField(_l("Look at it again"), [Optional()])
    label = StringField(_l("Label"), [Length(max=60)], [_tidy])
