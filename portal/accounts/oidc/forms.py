"""Shapes of the forms of single sign-on."""

from collections.abc import Mapping
from typing import Any, Final

from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from portal.accounts.oidc.models import COMPANY, DEFAULT_SCOPES, NEW_ROLES, Connection
from portal.accounts.oidc.service.connections import Draft
from portal.core.permissions import Role
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form

NOBODY: Final = _l("Nobody: people are invited first")
ROLE_NAMES: Final = {
    Role.FIELD: _l("Field crew"),
    Role.PM: _l("Project manager"),
    Role.CLIENT: _l("Client"),
    Role.VENDOR: _l("Vendor"),
    Role.AGENT: _l("Support agent"),
    Role.MANAGER: _l("Support manager"),
}
PORTAL_ROLES: Final = (Role.CLIENT, Role.VENDOR)


class ConnectionForm(Form):
    name = StringField(
        _l("Name on the button"),
        [DataRequired(_l("Enter the name that people know, such as Acme Login.")), Length(max=80)],
    )
    issuer = StringField(
        _l("Issuer"),
        [DataRequired(_l("Enter the issuer’s address.")), Length(max=300)],
    )
    client_id = StringField(
        _l("Client ID"),
        [DataRequired(_l("Enter the client ID that the provider gave you.")), Length(max=200)],
    )
    client_secret = PasswordField(_l("Client secret"), [Length(max=300)])
    scopes = StringField(_l("Scopes"), [Length(max=200)], default=DEFAULT_SCOPES)
    domains = TextAreaField(
        _l("E-mail domains"),
        [DataRequired(_l("Enter at least one domain, such as acme.example.")), Length(max=4000)],
    )
    audiences = SelectMultipleField(
        _l("Who signs in with it"),
        [DataRequired(_l("Choose at least one group of people."))],
        validate_choice=False,
    )
    role = SelectField(_l("New people become"), validate_choice=False, default="")
    portal_role = SelectField(
        _l("New people at the portal become"), validate_choice=False, default=""
    )
    claim = StringField(_l("Claim that names groups"), [Length(max=80)])
    roles = TextAreaField(_l("Groups and their roles"), [Length(max=4000)])
    enforced = BooleanField(_l("Insist on it"))
    seen = IntegerField(default=0, widget=HiddenInput())  # the version that is edited

    def draft(self) -> Draft:
        return Draft(
            name=self.name.data.strip(),
            issuer=self.issuer.data.strip(),
            client_id=self.client_id.data.strip(),
            client_secret=self.client_secret.data or "",
            scopes=self.scopes.data or "",
            domains=tuple((self.domains.data or "").replace(",", "\n").split()),
            audiences=tuple(dict.fromkeys(self.audiences.data or ())),
            role=self.role.data or "",
            portal_role=self.portal_role.data or "",
            claim=(self.claim.data or "").strip(),
            roles=roles_by_value(self.roles.data or ""),
            enforced=bool(self.enforced.data),
        )


def connection_form(
    audiences: tuple[str, ...], connection: Connection | None = None
) -> ConnectionForm:
    """Filled with what the connection has; without one, with what is posted."""
    filled = {} if connection is None else {"formdata": None, "data": _shown(connection)}
    form = ConnectionForm(**filled)
    inside = next(name for name in audiences if name not in PORTAL_ROLES)
    form.role.choices = [("", NOBODY), *((r.value, ROLE_NAMES[r]) for r in NEW_ROLES[inside])]
    form.portal_role.choices = [("", NOBODY), *((r.value, ROLE_NAMES[r]) for r in PORTAL_ROLES)]
    form.audiences.choices = list(audiences)
    if inside != COMPANY and not form.audiences.data:
        form.audiences.data = [inside]  # there is nobody else
    return form


def typed_otherwise(typed: ConnectionForm, saved: ConnectionForm) -> list[Field]:
    """The fields of what is saved in which something else was typed. Never the secret, which no
    form shows."""
    ours, theirs = typed.draft(), saved.draft()
    return [saved[name] for name in SHOWN if getattr(ours, name) != getattr(theirs, name)]


def new_form(audiences: tuple[str, ...]) -> ConnectionForm:
    """For a connection that has no secret yet."""
    form = connection_form(audiences)
    asked = DataRequired(_l("Enter the client secret that the provider gave you."))
    form.client_secret.validators = [asked, *form.client_secret.validators]
    return form


SHOWN: Final = (
    *("name", "issuer", "client_id", "domains", "audiences", "role", "portal_role"),
    *("enforced", "claim", "roles", "scopes"),
)


def _shown(connection: Connection) -> Mapping[str, Any]:
    """Never the secret."""
    return {
        "name": connection.name,
        "issuer": connection.issuer,
        "client_id": connection.client_id,
        "scopes": connection.scopes,
        "domains": "\n".join(connection.domains),
        "audiences": connection.audiences,
        "role": connection.role,
        "portal_role": connection.portal_role,
        "claim": connection.claim,
        "roles": "\n".join(f"{value} = {role}" for value, role in connection.roles.items()),
        "enforced": connection.enforced,
        "seen": connection.version,
    }


def roles_by_value(typed: str) -> dict[str, str]:
    """Lines such as "Site managers = pm"; a line without a role has an empty one."""
    lines = [line.rpartition("=") if "=" in line else (line, "", "") for line in typed.splitlines()]
    found = ((value.strip(), role.strip().lower()) for value, _equals, role in lines)
    return {value: role for value, role in found if value or role}
