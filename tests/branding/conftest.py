from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.config import Settings
from tests.branding.name_server import NameServer, serving


@pytest.fixture
def names() -> Iterator[NameServer]:
    with serving() as server:
        yield server


@pytest.fixture
def settings(settings: Settings, names: NameServer) -> Settings:
    """A platform with a portal domain, and the name server of the test."""
    return replace(
        settings,
        portal_domain="portals.test",
        portal_target="portals.test",
        portal_mail_from="support@homes.test",
        mail_allowing="include:spf.homes.test",
        dns=names.address,
    )
