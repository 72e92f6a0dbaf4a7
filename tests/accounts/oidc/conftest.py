"""A provider on loopback, connections to it, and a browser that goes there and back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.oidc import client
from portal.accounts.oidc.models import Connection, EmailDomain
from portal.accounts.oidc.service import connections
from portal.accounts.oidc.service.connections import Draft, Safe
from portal.core.permissions import Actor
from portal.foundation.clock import utcnow
from portal.foundation.runtime import Runtime
from tests.fixtures.world import World
from tests.support.oidc_provider import OidcProvider, Person

SECRET = "a secret between the two of us"
ROOT = "http://127.0.0.1:8000"


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    with OidcProvider() as running:
        yield running


@pytest.fixture
def safe(runtime: Runtime) -> Safe:
    return Safe(runtime.sealing_key, loopback=True)


Connect = Callable[..., Connection]
"""connect(world.owner, domains=("acme.test",), audiences=("company",)): one that is on."""


@pytest.fixture
def connect(session: Session, provider: OidcProvider, safe: Safe) -> Connect:
    def make(by: Actor, *, proven: bool = True, on: bool = True, **fields: Any) -> Connection:
        usual = {
            "name": "Acme Login",
            "issuer": provider.issuer,
            "client_id": f"corbel-{by.builder_slug or 'staff'}",
            "client_secret": SECRET,
            "domains": ("acme.test",),
            "audiences": ("company",) if by.builder_id else ("staff",),
        }
        made = connections.create(session, Draft(**usual | fields), safe, by=by, at=utcnow())
        if on:
            connections.enable(session, made, by=by, at=utcnow())
        if proven:
            for domain in session.query(EmailDomain).filter_by(builder_id=by.builder_id):
                domain.proven_at = utcnow()
        session.commit()
        slug = f"/b/{by.builder_slug}" if made.at_portal else ""
        roots = [ROOT, ROOT + slug]
        provider.register(
            made.client_id, SECRET, [f"{root}/sign-in/sso/{made.id}/callback" for root in roots]
        )
        return made

    return make


@dataclass
class Visitor:
    """A browser at one site of ours."""

    client: FlaskClient
    provider: OidcProvider
    seen: list[TestResponse] = field(default_factory=list)

    def set_out(self, connection: Connection, *, target: str = "") -> str:
        """The address at the provider."""
        after = f"?next={target}" if target else ""
        answer = self.client.get(f"/sign-in/sso/{connection.id}{after}")
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def choose(self, where: str, person: str, consent: str = "yes") -> str:
        """The address at ours that the provider sends the browser to."""
        data = {"person": person, "consent": consent}
        answer = requests.post(where, data=data, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def come_back(self, where: str) -> TestResponse:
        parts = urlsplit(where)
        return self.client.get(f"{parts.path}?{parts.query}")

    def sign_in(self, connection: Connection, person: str, *, target: str = "") -> TestResponse:
        return self.come_back(self.choose(self.set_out(connection, target=target), person))

    def told(self, answer: TestResponse) -> str:
        """What the sign-in page says to who was not let in."""
        assert answer.status_code == 303
        assert "/sign-in" in answer.location
        return str(self.client.get(answer.location).text)


Visit = Callable[..., Visitor]


@pytest.fixture
def visit_from(app: Flask, provider: OidcProvider) -> Visit:
    """At the platform, or at the portal of a slug."""

    def enter(portal: str = "") -> Visitor:
        browser = app.test_client()
        browser.portal = portal
        return Visitor(browser, provider)

    return enter


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    """What a provider said in another test is not remembered."""
    client._discovered._values.clear()
    client._keys._values.clear()


@pytest.fixture
def known(provider: OidcProvider, world: World) -> dict[str, Person]:
    """The world's people as the provider has them, by their names in the world."""
    for name in ("owner", "pm", "client", "stranger", "agent"):
        email = getattr(world, name).email
        provider.people[name] = Person(f"sub-{name}", email)
    return provider.people


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
