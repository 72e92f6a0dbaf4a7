"""A builder whose pages may show help, and a server of its that signs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.service import widget_keys, widget_settings
from portal.accounts.service.widget_settings import Where
from portal.foundation.tenancy import PLATFORM, see
from tests.fixtures.world import NOW, World

HOST = "https://app.acme.example"
OTHER_HOST = "https://app.birch.example"


@dataclass(frozen=True, slots=True)
class Signer:
    """A builder's own server."""

    slug: str
    kid: str
    secret: str

    def sign(self, email: str = "pm@acme.test", at: datetime = NOW, **claims: Any) -> str:
        """A claim that is None is left out."""
        second = int(at.timestamp())
        said = {
            "iss": self.slug,
            "aud": self.slug,
            "sub": "user-7",
            "email": email,
            "jti": uuid4().hex,
            "iat": second,
            "exp": second + 60,
        } | claims
        said = {name: value for name, value in said.items() if value is not None}
        head = {"alg": "HS256", "kid": self.kid}
        return jwt.encode(head, said, OctKey.import_key(self.secret))


@pytest.fixture
def server(session: Session, world: World, now: datetime) -> Signer:
    return signer(session, world.owner, HOST, now)


@pytest.fixture
def other_server(session: Session, world: World, now: datetime) -> Signer:
    return signer(session, world.stranger, OTHER_HOST, now)


def signer(session: Session, owner: Any, host: str, now: datetime) -> Signer:
    see(session, PLATFORM)
    made = widget_keys.create(session, by=owner, at=now)
    widget_settings.save(session, Where((host,)), by=owner, at=now)
    session.commit()
    return Signer(owner.builder_slug, made.key.kid, made.plain)


@pytest.fixture
def let_guests_in(session: Session, world: World, server: Signer, now: datetime) -> None:
    see(session, PLATFORM)
    widget_settings.save(session, Where((HOST,), True, 1), by=world.owner, at=now)
    session.commit()


Begin = Callable[..., TestResponse]


@pytest.fixture
def begin(app: Flask) -> Begin:
    """Asks for a session as the panel's script does."""
    return beginning(app)


def beginning(app: Flask) -> Begin:
    def ask(token: str = "", **said: Any) -> TestResponse:
        body = {"builder": "acme", "token": token, "origin": HOST, "url": f"{HOST}/"} | said
        return app.test_client().post("/widget/session", json=body)

    return ask


@pytest.fixture
def bearer(begin: Begin, server: Signer) -> Callable[..., dict[str, str]]:
    """Headers of whoever the builder's server vouches for."""

    def headers(email: str = "pm@acme.test", **claims: Any) -> dict[str, str]:
        answer = begin(server.sign(email, **claims))
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json['token']}"}

    return headers


@pytest.fixture
def guest(begin: Begin, let_guests_in: None) -> Callable[..., dict[str, str]]:
    def headers(key: str = "a random id of a browser") -> dict[str, str]:
        answer = begin(guest=key)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json['token']}"}

    return headers
