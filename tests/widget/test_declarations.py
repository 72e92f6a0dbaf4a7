"""What the typed declarations promise is what the loader offers, by name."""

import re

from widget.bundles import HERE

DECLARED = (HERE / "corbel.d.ts").read_text("utf-8")
LOADER = (HERE / "corbel.js").read_text("utf-8")
PANEL = (HERE / "panel.js").read_text("utf-8")
REST = (HERE / "rest.js").read_text("utf-8")


def interface(name):
    body = re.search(rf"export interface {name} \{{\n(.*?)\n\}}", DECLARED, re.S)[1]
    return set(re.findall(r"^  (\w+)\??[(<:]", body, re.M))


def test_every_call_is_there_and_no_other():
    api = re.search(r"const api = \{\n(.*?)\n  \};", LOADER, re.S)[1]
    assert set(re.findall(r"^    (\w+)\(", api, re.M)) == interface("CorbelApi")


def test_every_event_is_told_and_no_other():
    told = set(re.findall(r"emit\('(\w+)'", LOADER))
    told |= set(re.findall(r"\bevent\('(\w+)'", PANEL + REST))
    ours = {"tour", "explain"}  # between our own two scripts
    assert told - ours == interface("CorbelEvents")


def test_every_field_that_may_be_filled_is_taken():
    from widget.views.contact import PREFILLED

    assert interface("CorbelPrefill") == set(PREFILLED)


def test_every_role_is_declared():
    from portal.core.permissions import PORTAL, Role

    declared = set(re.findall(r"'(\w+)'", re.search(r"role: (.*?) \}", DECLARED)[1]))
    may_sit = {Role.OWNER, Role.ADMIN, Role.PM, Role.FIELD, *PORTAL, Role.GUEST}
    assert declared == {role.value for role in may_sit}
