"""Shapes of the forms of logs, exports, erasures and rules."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import HiddenInput

from portal.accounts.audit_words import ACTS, worded
from portal.accounts.models import Builder
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.formatting import reader_zone
from portal.foundation.web.forms import Form
from portal.privacy.queries.audit import Sought
from portal.privacy.service.retention import Choice

WORDS_LONGEST = 200
MONTHS_MOST = 600
YEARS_MOST = 50
FIRST_YEAR = 2000  # nothing here is older, and zones of older days are full of surprises


def _cleaned(text: str | None) -> str:
    return clean(text or "").strip()


class LogForm(Form):
    """What to show of the audit log. It changes nothing and needs no token."""

    class Meta:
        csrf = False

    who = StringField(_l("Who"), [Length(max=WORDS_LONGEST)], [_cleaned])
    act = SelectField(_l("What"))
    about = StringField(_l("About"), [Length(max=WORDS_LONGEST)], [_cleaned])
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("Until"), [Optional()])
    builder = SelectField(_l("Customer"))

    def validate_since(self, field: Field) -> None:
        _check_year(field)

    def validate_until(self, field: Field) -> None:
        _check_year(field)
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("It ends before it starts."))

    def sought(self) -> Sought:
        """Days are the reader's."""
        return Sought(
            who=self.who.data or "",
            act=self.act.data or "",
            about=self.about.data or "",
            since=_midnight(self.since.data),
            until=_midnight(self.until.data, timedelta(days=1)),
            builder_id=UUID(self.builder.data) if self.builder.data else None,
        )

    def address(self) -> dict[str, Any]:
        """For links to the next page: what was asked for, without what was not."""
        return {field.name: field._value() for field in (self.who, self.about) if field.data} | {
            field.name: str(field.data)
            for field in (self.act, self.since, self.until, self.builder)
            if field.data
        }


def log_form(asked: MultiDict[str, str], builders: list[Builder]) -> LogForm:
    form = LogForm(formdata=asked)
    acts = sorted(((act, worded(act)) for act in ACTS), key=lambda one: one[1])
    form.act.choices = [("", _("Everything")), *acts]
    form.builder.choices = [("", _("All")), *((str(one.id), one.name) for one in builders)]
    for field in (form.act, form.builder):
        field.data = field.data or ""
    return form


def _check_year(field: Field) -> None:
    if field.data and not FIRST_YEAR <= field.data.year < 9999:
        raise ValidationError(_("Enter a date, such as 2026-11-24."))


def _midnight(day: date | None, later: timedelta = timedelta(0)) -> Any:  # datetime | None
    if day is None:
        return None
    return datetime.combine(day + later, time(), reader_zone())


class ErasureForm(Form):
    email = StringField(
        _l("E-mail address of the person"),
        [DataRequired(_l("Type the address to confirm.")), Length(max=320)],
        [_cleaned],
    )


class RefusalForm(Form):
    reason = TextAreaField(
        _l("Why not, in words for the person"),
        [DataRequired(_l("Say why, so that the person knows.")), Length(max=1000)],
        [_cleaned],
    )


class RulesForm(Form):
    """Empty is for ever."""

    tickets_months = StringField(_l("Closed requests, months after they were closed"))
    tickets_fate = RadioField(_l("Then"), default="anonymise")
    files_months = StringField(_l("Files that were sent, months after they came"))
    audit_years = StringField(_l("Entries of the audit log, years"))
    erase_files = BooleanField(_l("When a person is erased, delete the files that they sent"))
    version = IntegerField(default=0, widget=HiddenInput())

    def validate_tickets_months(self, field: Field) -> None:
        _check_span(field, MONTHS_MOST)

    def validate_files_months(self, field: Field) -> None:
        _check_span(field, MONTHS_MOST)

    def validate_audit_years(self, field: Field) -> None:
        _check_span(field, YEARS_MOST)

    def choice(self) -> Choice:
        return Choice(
            _span(self.tickets_months),
            self.tickets_fate.data,
            _span(self.files_months),
            _span(self.audit_years),
            bool(self.erase_files.data),
        )


def rules_form(choice: Choice, version: int) -> RulesForm:
    """With what is typed, or with what holds now."""
    form = RulesForm(
        tickets_months=_shown(choice.tickets_months),
        tickets_fate=choice.tickets_fate,
        files_months=_shown(choice.files_months),
        audit_years=_shown(choice.audit_years),
        erase_files=choice.erase_files,
        version=version,
    )
    form.tickets_fate.choices = [
        ("anonymise", _("Keep the words, without the name and address")),
        ("delete", _("Delete them with everything that hangs on them")),
    ]
    return form


def _shown(span: int | None) -> str:
    return "" if span is None else str(span)


def _check_span(field: Field, most: int) -> None:
    """A whole number of one or more, or nothing."""
    text = (field.data or "").strip()
    known = text.isascii() and text.isdecimal() and len(text) < 6
    if text and not (known and 1 <= int(text) <= most):
        raise ValidationError(
            _("Enter a whole number from 1 to %(most)s, or nothing to keep it for ever.", most=most)
        )


def _span(field: Field) -> int | None:
    text = (field.data or "").strip()
    return int(text) if text else None
