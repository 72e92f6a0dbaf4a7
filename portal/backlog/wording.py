"""What is said of the tracker and of ideas that go there."""

from collections.abc import Mapping
from typing import Any, Final

from portal.backlog.models import Kind, State
from portal.foundation.speech import lazy_gettext as _l

NAMES: Final = {Kind.JIRA: "Jira", Kind.LINEAR: "Linear"}
STATES: Final[Mapping[str, Any]] = {
    State.WAITING: _l("On its way"),
    State.SENT: _l("In step"),
    State.FAILED: _l("Failed"),
}
TROUBLES: Final[Mapping[str, Any]] = {
    "timeout": _l("It did not answer in time. It is being tried again by itself."),
    "connection": _l("It can’t be reached. It is being tried again by itself."),
    "tls": _l("Its certificate is not trusted. It is being tried again by itself."),
    "too_many": _l("It asked us to wait. It is being tried again by itself."),
    "server_error": _l("It is out of order. It is being tried again by itself."),
    "token": _l("It does not take our token. A platform administrator has to enter another one."),
    "forbidden": _l("Our token may not do this there. A platform administrator has to see to it."),
    "project": _l("It has no such project or team that our token may see."),
    "issue_type": _l("The project has no such type of issue. It has these:"),
    "gone": _l("The issue is no longer there. Sending it anew makes another one."),
    "input": _l("It does not take this as it is."),
    "address": _l("There is nothing at its address that may be asked."),
    "answer": _l("It answered something that we do not understand."),
    "not_connected": _l("The tracker that it was meant for is not connected any more."),
    "sealed": _l("The token can’t be read any more: the secret key of this system was changed."),
}
GIVEN_UP: Final = _l("It was tried for a day and given up.")
REFUSALS: Final[Mapping[tuple[str, str], Any]] = {
    ("project", "shape"): _l("Enter the key, such as ENG: capitals, digits and underscores."),
    ("site", "address"): _l("Enter the address, such as https://your-company.atlassian.net."),
    ("account", "missing"): _l("Enter the e-mail address whose token it is."),
    ("issue_type", "missing"): _l("Enter a type of issue, such as Task."),
    ("begins_at", "unknown"): _l("Choose one of the list."),
    ("token", "missing"): _l("Enter the token."),
    ("token", "moved"): _l("Enter the token again: the kept one only goes where it went before."),
}
