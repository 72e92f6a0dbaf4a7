"""The form of the connection to a tracker."""

from typing import Any, Final

from wtforms import IntegerField, PasswordField, SelectField, StringField
from wtforms.validators import AnyOf, Length
from wtforms.widgets import HiddenInput

from portal.backlog.models import USUAL_TYPE, BacklogConnection, Kind
from portal.backlog.service.connecting import BEGINNINGS, Draft
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form
from portal.ideas.models import Status
from portal.ideas.wording import STATUSES

BY_HAND: Final = _l("By hand alone, from the page of an idea")


class ConnectionForm(Form):
    kind = StringField(validators=[AnyOf(list(Kind))], widget=HiddenInput(), default=Kind.JIRA)
    site = StringField(_l("Address of your Jira"), [Length(max=300)])
    account = StringField(_l("E-mail address of the account"), [Length(max=320)])
    token = PasswordField(_l("API token"), [Length(max=1000)])
    project = StringField(_l("Key of the project"), [Length(max=40)])
    issue_type = StringField(_l("Type of issue"), [Length(max=60)], default=USUAL_TYPE)
    begins_at = SelectField(_l("Ideas go there"), default="")
    seen = IntegerField(default=0, widget=HiddenInput())  # the version that is edited

    def draft(self) -> Draft:
        kind = Kind(self.kind.data)
        at_jira = kind is Kind.JIRA
        return Draft(
            kind=kind,
            project=(self.project.data or "").strip().upper(),
            site=(self.site.data or "").strip() if at_jira else "",
            account=(self.account.data or "").strip() if at_jira else "",
            issue_type=(self.issue_type.data or "").strip() if at_jira else "",
            begins_at=self.begins_at.data or "",
            token=(self.token.data or "").strip(),
        )


def connection_form(
    connection: BacklogConnection | None = None, kind: Kind | None = None
) -> ConnectionForm:
    """As posted; filled with what the connection has where it is given, or empty for a kind."""
    if connection is not None and kind in {None, connection.kind}:
        form = ConnectionForm(formdata=None, obj=connection, seen=connection.version)
    elif kind is not None:
        seen = connection.version if connection else 0
        form = ConnectionForm(formdata=None, kind=kind, seen=seen)
    else:
        form = ConnectionForm()
    form.begins_at.choices = [(status, _beginning(status)) for status in BEGINNINGS]
    if form.kind.data == Kind.LINEAR:
        form.project.label.text = _l("Key of the team")
        form.token.label.text = _l("API key")
    return form


def _beginning(status: str) -> Any:
    if not status:
        return BY_HAND
    return _l("By themselves once they are: %(status)s", status=STATUSES[Status(status)])
