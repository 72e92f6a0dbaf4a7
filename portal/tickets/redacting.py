"""What is private in a ticket's words, named for those who decide what others may read."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import force_locale

from portal.accounts.service import LOCALES
from portal.core.redaction import Kind, Known, Private, private_things
from portal.foundation.speech import lazy_gettext as _l
from portal.tickets.models import Ticket

KIND_NAMES: Final[dict[Kind, Any]] = {
    Kind.PERSON: _l("name"),
    Kind.COMPANY: _l("company"),
    Kind.EMAIL: _l("e-mail address"),
    Kind.PHONE: _l("phone number"),
    Kind.ADDRESS: _l("street address"),
    Kind.AMOUNT: _l("amount"),
    Kind.IDENTIFIER: _l("number"),
    Kind.LINK: _l("link"),
    Kind.PICTURE: _l("picture"),
    Kind.SECRET: _l("secret"),
}


def language_of(ticket: Ticket) -> str:
    """In which its words are read and written, as far as we speak it."""
    return ticket.locale if ticket.locale in LOCALES else LOCALES[0]


def things_in(
    originals: Sequence[str], known: Known, language: str, edited: Sequence[str] = ()
) -> tuple[Private, ...]:
    """With stand-ins in the language of the words."""
    with force_locale(language):
        words = {kind: str(name) for kind, name in KIND_NAMES.items()}
    return private_things(originals, known, words, edited)
