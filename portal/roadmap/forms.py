"""Shapes of what those send who run the roadmap."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from portal.core.quarters import around
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form
from portal.ideas.models import FeatureRequest
from portal.roadmap.models import DESCRIPTION_LONGEST, TITLE_LONGEST, Stage
from portal.roadmap.service.placing import Place, Where
from portal.roadmap.service.writing import Plan, Words
from portal.roadmap.wording import STAGES, quarter_name

INTERNAL: Final = "internal"
PUBLIC: Final = "public"
QUARTERS_BEFORE, QUARTERS_AFTER = 4, 6
_TITLE = [Length(max=TITLE_LONGEST, message=_l("Make this shorter: 200 characters at most."))]
_TEXT = [
    Length(max=DESCRIPTION_LONGEST, message=_l("Make this shorter: 2,000 characters at most."))
]


def _tidy(text: str | None) -> str:
    return clean(text or "").strip()


def _key(text: object) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


def _number(text: object) -> int:
    return int(str(text)) if str(text or "").isdecimal() and len(str(text)) < 10 else 0


def quarters(at: datetime, *further: str) -> list[SelectChoice]:
    known = {*around(at, QUARTERS_BEFORE, QUARTERS_AFTER), *filter(None, further)}
    return [SelectChoice(key, quarter_name(key)) for key in ("", *sorted(known))]


class ItemForm(Form):
    """`lock`: the edition that was before the editor."""

    title_en = StringField(_l("Title in English"), _TITLE, [_tidy])
    description_en = TextAreaField(_l("Description in English"), _TEXT, [_tidy])
    title_es = StringField(_l("Title in Spanish"), _TITLE, [_tidy])
    description_es = TextAreaField(_l("Description in Spanish"), _TEXT, [_tidy])
    stage = SelectField(_l("Stage"), choices=[SelectChoice(*one) for one in STAGES.items()])
    quarter = SelectField(_l("Quarter"))
    module = SelectField(_l("Part of the product"))
    release = SelectField(_l("Announced in"), coerce=_key)
    visibility = RadioField(
        _l("Who may read it"),
        choices=[
            SelectChoice(INTERNAL, _l("Only our own people")),
            SelectChoice(PUBLIC, _l("Everybody")),
        ],
        default=INTERNAL,
    )
    lock = HiddenField()

    def has_words(self) -> bool:
        """Says so where neither language has a title."""
        if self.title_en.data or self.title_es.data:
            return True
        self.title_en.errors = [_("Give it a title in one language at least.")]
        return False

    def plan(self, ideas: Sequence[FeatureRequest]) -> Plan:
        return Plan(
            texts={
                "en": Words(self.title_en.data, self.description_en.data),
                "es": Words(self.title_es.data, self.description_es.data),
            },
            stage=Stage(self.stage.data),
            quarter=self.quarter.data,
            module=self.module.data,
            ideas=ideas,
            release_id=self.release.data,
        )

    def edition(self) -> int:
        return _number(self.lock.data)


class MoveForm(Form):
    stage = SelectField(_l("Stage"), choices=[SelectChoice(*one) for one in STAGES.items()])
    quarter = SelectField(_l("Quarter"))
    where = SelectField(
        _l("Place"),
        choices=[
            SelectChoice(Where.LAST, _l("At the end")),
            SelectChoice(Where.FIRST, _l("At the top")),
            SelectChoice(Where.UP, _l("One up")),
            SelectChoice(Where.DOWN, _l("One down")),
            SelectChoice(Where.BEFORE, ""),  # what a drag says
        ],
        default=Where.LAST,
    )
    before = HiddenField()
    lock = HiddenField()

    def place(self) -> Place:
        return Place(
            stage=Stage(self.stage.data),
            quarter=self.quarter.data,
            where=Where(self.where.data),
            before=_key(self.before.data),
        )

    def edition(self) -> int:
        return _number(self.lock.data)


class SeenForm(Form):
    """What is confirmed, as it stood before whoever confirms it."""

    lock = HiddenField()

    def edition(self) -> int:
        return _number(self.lock.data)
