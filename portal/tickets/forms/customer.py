"""Shapes of what customers and guests send. Names and choices come from the support model."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID, uuid4

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, Length, Optional, ValidationError

from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form
from portal.policy.pack import Intent, Pack
from portal.tickets.service.conversation import LONGEST
from portal.tickets.service.filing import DESCRIPTION_LONGEST, SUBJECT_LONGEST

ANSWER_LONGEST = 500
NAME_LONGEST = 120
PRESS_LONGEST = 64
_ADDRESS = re.compile(r"[^@\s,;:<>()\[\]\"\\]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")

F = TypeVar("F", bound=Form)


def new_press() -> str:
    """The same for every press of one form's button, so that one ticket comes of it."""
    return uuid4().hex


def _cleaned(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _one_line(text: str | None) -> str | None:
    return None if text is None else " ".join(clean(text).split())


def _press() -> HiddenField:
    return HiddenField(filters=[_one_line], validators=[Length(max=PRESS_LONGEST)])


class FilingForm(Form):
    """Use `filing_form`: it brings the choices and questions of the support model."""

    subject = StringField(
        _l("What is wrong?"),
        [
            DataRequired(_l("Say in a few words what is wrong.")),
            Length(max=SUBJECT_LONGEST, message=_l("Make this shorter: 300 characters at most.")),
        ],
        [_one_line],
    )
    body = TextAreaField(
        _l("What happened?"),
        [
            DataRequired(_l("Tell us what happened.")),
            Length(
                max=DESCRIPTION_LONGEST,
                message=_l("This is longer than we can take. Attach long logs as a file."),
            ),
        ],
        [_cleaned],
    )
    category = SelectField(_l("What is it about?"))
    severity = RadioField(_l("How bad is it?"))
    module = HiddenField(filters=[_one_line], validators=[Length(max=50)])
    intent = HiddenField(filters=[_one_line])
    url = HiddenField(filters=[_one_line])
    captured = HiddenField()
    with_context = BooleanField(_l("Send these details along"), default=True)
    press = _press()
    suggested_category = HiddenField()
    suggested_severity = HiddenField()
    kept_category = HiddenField()
    kept_severity = HiddenField()

    def questions(self) -> Iterable[Field]:
        """What the intent asks beside the usual."""
        return [field for field in self if field.name.startswith(QUESTION)]


QUESTION = "answer-"


def filing_form(
    pack: Pack, language: str, intent: Intent | None, begun: Mapping[str, Any] | None = None
) -> FilingForm:
    """`begun` is what a fresh form starts with."""
    form = _asking(FilingForm, intent, language)(data=begun)
    form.category.choices = _named(pack.categories.values(), language)
    form.category.validators = [AnyOf(list(pack.categories), _l("Choose what it is about."))]
    form.severity.choices = _named(pack.severities.values(), language)
    form.severity.validators = [AnyOf(list(pack.severities), _l("Choose how bad it is."))]
    # both are asked of the support model above, in words that say what to do
    form.category.validate_choice = form.severity.validate_choice = False
    form.press.data = form.press.data or new_press()
    return form


def _named(known: Iterable[Any], language: str) -> list[tuple[str, str]]:
    return [(one.key, one.name.to(language)) for one in known]


def _asking(form: type[F], intent: Intent | None, language: str) -> type[F]:
    """The form with the intent's questions as fields of their own."""
    if intent is None or not intent.fields:
        return form  # known through and through; each new class is looked through anew
    questions = {
        f"{QUESTION}{field.key}": StringField(
            field.label.to(language),
            [
                DataRequired(_l("Answer this too, so that the right people can help at once."))
                if field.required
                else Optional(),
                Length(max=ANSWER_LONGEST, message=_l("Make this shorter: 500 characters.")),
            ],
            [_one_line],
        )
        for field in intent.fields
    }
    return type(form.__name__, (form,), questions)


def composed(form: Form) -> str:
    """The description as it is kept: the answers to the intent's questions, then the words."""
    answers = [f"**{f.label.text}** {f.data}" for f in form.questions() if f.data]
    return "\n\n".join([*answers, form.body.data or ""]).strip()


class ReplyForm(Form):
    body = TextAreaField(
        _l("Your reply"),
        [Length(max=LONGEST, message=_l("This is longer than we can take. Attach it as a file."))],
        [_cleaned],
    )
    press = _press()


class EditForm(Form):
    body = TextAreaField(
        _l("Your message"),
        [
            DataRequired(_l("Write something.")),
            Length(max=LONGEST, message=_l("This is longer than we can take.")),
        ],
        [_cleaned],
    )


class PutBackForm(Form):
    words = TextAreaField(
        _l("What you had written"),
        [DataRequired(_l("Enter exactly what you had written.")), Length(max=LONGEST)],
        [_cleaned],
    )


class ContactForm(Form):
    """Use `contact_form`."""

    name = StringField(
        _l("Your name"),
        [
            DataRequired(_l("Enter your name.")),
            Length(max=NAME_LONGEST, message=_l("Make this shorter: 120 characters at most.")),
        ],
        [_one_line],
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        _l("Your e-mail address"),
        [DataRequired(_l("Enter your e-mail address, so that we can answer.")), Length(max=320)],
        [_one_line],
        render_kw={"autocomplete": "email"},
    )
    intent = SelectField(_l("What is it about?"), validate_choice=False)
    body = TextAreaField(
        _l("How can we help?"),
        [
            DataRequired(_l("Tell us how we can help.")),
            Length(max=DESCRIPTION_LONGEST, message=_l("This is longer than we can take.")),
        ],
        [_cleaned],
    )
    url = HiddenField(filters=[_one_line])
    press = _press()
    website = StringField()  # people don't see it; programs that fill in everything do

    def validate_email(self, field: Field) -> None:
        if not _ADDRESS.fullmatch(field.data or ""):
            raise ValidationError(_("Enter an e-mail address like name@example.com."))

    def validate_website(self, field: Field) -> None:
        if field.data:
            raise ValidationError(_("Leave this field empty; it is there to catch programs."))

    def questions(self) -> Iterable[Field]:
        return [field for field in self if field.name.startswith(QUESTION)]


class MemberContactForm(ContactForm):
    """For somebody who is signed in: who they are is known."""

    name = None
    email = None
    validate_email = None  # type: ignore[assignment]


def contact_form(
    pack: Pack,
    language: str,
    intent: Intent | None,
    begun: Mapping[str, Any] | None = None,
    *,
    signed_in: bool,
) -> ContactForm:
    form = _asking(MemberContactForm if signed_in else ContactForm, intent, language)(data=begun)
    form.intent.choices = [("", _("Something else")), *_titled(pack, language)]
    form.press.data = form.press.data or new_press()
    return form


def _titled(pack: Pack, language: str) -> list[tuple[str, str]]:
    return [(intent.key, intent.title.to(language)) for intent in pack.intents.values()]


def chosen_files(raw: Iterable[str]) -> list[UUID]:
    """Ids of files sent before; what is no id is nobody's file."""
    ids = []
    for text in raw:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids
