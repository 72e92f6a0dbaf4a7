"""Single sign-on as the sign-in page offers it."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.accounts.oidc.models import Connection
from portal.accounts.oidc.service import choices
from portal.foundation.speech import gettext as _
from portal.foundation.web.database import db
from portal.foundation.web.site import the_site


@dataclass(frozen=True, slots=True)
class SignOn:
    """`by_address`: typing an e-mail address may show one."""

    connections: Sequence[Connection]
    by_address: bool


def sign_on_of(email: str) -> SignOn:
    portal = the_site().builder_id
    by_address = portal is None and choices.is_used(db())
    asked = portal is not None or by_address
    return SignOn(choices.offered(db(), portal, email) if asked else [], by_address)


def demanded_instead(connection: str) -> str:
    return _("Your company lets you sign in only with %(name)s. Use its button.", name=connection)
