"""Shapes of what those send who write notes."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.accounts.service import LOCALES
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form
from portal.releases.models import (
    BODY_LONGEST,
    SUMMARY_LONGEST,
    TITLE_LONGEST,
    VERSION_LONGEST,
    ReleaseText,
)
from portal.releases.service.drafting import Words

PARTS: Final = ("title", "summary", "body")
MOST_DIGITS: Final = 9
_NUMBER: Final = re.compile(r"\d+")


def _tidy(text: str | None) -> str:
    return clean(text or "").strip()


class NoteForm(Form):
    """Beside these, `title_en`, `summary_en`, `body_en` and the same in each language."""

    version = StringField(
        _l("Version"),
        [Length(max=VERSION_LONGEST, message=_l("Make this shorter: 20 characters at most."))],
        [_tidy],
    )
    modules = SelectMultipleField(_l("Parts of the product"))
    ideas = SelectMultipleField(_l("Ideas that ship with it"), validate_choice=False)
    more = StringField(_l("Find ideas by number or words"), [Length(max=300)], [_tidy])
    edition = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """A title in one language at least, and in each in which something else is said."""
        whole = bool(super().validate(extra_validators))
        titled = [code for code in LOCALES if self.part("title", code).data]
        if not titled:
            self.part("title", LOCALES[0]).errors = [_("Give it a title in one language at least.")]
            return False
        for code in LOCALES:
            said = self.part("summary", code).data or self.part("body", code).data
            if said and code not in titled:
                self.part("title", code).errors = [_("Give it a title in this language as well.")]
                whole = False
        return whole

    def part(self, name: str, language: str) -> Any:
        return self[f"{name}_{language}"]

    def words(self) -> dict[str, Words]:
        return {
            code: Words(**{name: self.part(name, code).data or "" for name in PARTS})
            for code in LOCALES
        }

    def numbers(self) -> list[int]:
        """Of ideas: those that are ticked, and those whose number is typed."""
        said = [*(self.ideas.data or ()), *_NUMBER.findall(self.more.data or "")]
        return list(dict.fromkeys(int(one) for one in said if _is_number(one)))

    def seen(self) -> int:
        return int(self.edition.data) if _is_number(str(self.edition.data or "")) else 0


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= MOST_DIGITS


for _code in LOCALES:
    setattr(
        NoteForm,
        f"title_{_code}",
        StringField(
            _l("Title"),
            [Length(max=TITLE_LONGEST, message=_l("Make this shorter: 200 characters at most."))],
            [_tidy],
        ),
    )
    setattr(
        NoteForm,
        f"summary_{_code}",
        TextAreaField(
            _l("In one or two sentences"),
            [Length(max=SUMMARY_LONGEST, message=_l("Make this shorter: 400 characters at most."))],
            [_tidy],
        ),
    )
    setattr(
        NoteForm,
        f"body_{_code}",
        TextAreaField(
            _l("What has changed"),
            [Length(max=BODY_LONGEST, message=_l("Make this shorter: 50,000 characters at most."))],
            [_tidy],
        ),
    )


FIELDS: Final = (
    *("version", "modules", "ideas", "more", "edition"),
    *(f"{name}_{code}" for code in LOCALES for name in PARTS),
)
SEVERAL: Final = frozenset({"modules", "ideas"})


def fields_of(texts: Mapping[str, ReleaseText]) -> dict[str, str]:
    """What stands in the editor's fields of what is kept."""
    return {f"{name}_{code}": getattr(text, name) for code, text in texts.items() for name in PARTS}


def as_draft(sent: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """What was typed, as it is kept; several of one name in a line."""
    return {name: clean(" ".join(sent.get(name, ()))) for name in FIELDS}


def of_draft(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: str(kept.get(name, "")).split() if name in SEVERAL else str(kept.get(name, ""))
        for name in FIELDS
    }


class TimeForm(Form):
    when = StringField(_l("Day and time"), [DataRequired(_l("Choose a day and a time."))])
