"""Somebody who tries every door."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.accounts import queries
from portal.accounts.service import widget_sessions
from portal.core.permissions import Actor
from portal.foundation.runtime import Runtime
from portal.foundation.tenancy import PLATFORM, see
from tests.fixtures.programs import Speak
from tests.fixtures.world import NOW, SignIn
from tests.support.doors import API, BODY, PANEL, Answer, Ask

HOST = "https://app.acme.example"
Visit = Callable[[Actor], Ask]


@pytest.fixture
def sit(app: Flask, runtime: Runtime) -> Visit:
    """A help panel, and the actor before it; staff have none, and come as they are."""

    def enter(actor: Actor) -> Ask:
        headers = {} if actor.is_staff else {"Authorization": f"Bearer {_panel(runtime, actor)}"}
        client = app.test_client()

        def ask(method: str, path: str) -> Answer:
            data = BODY if method == "POST" else None
            return client.open(path, method=method, data=data, headers=headers, buffered=True)

        return ask

    return enter


def _panel(runtime: Runtime, actor: Actor) -> str:
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        membership = queries.membership_of(session, actor)
        return widget_sessions.open_for(session, membership, None, origin=HOST, at=NOW).plain


@pytest.fixture
def visit(sign_in: SignIn, speak: Speak, sit: Visit) -> Visit:
    """Asks for pages as a browser does, for the API as a program and for help as a panel."""

    def enter(actor: Actor) -> Ask:
        browser, program, panel = sign_in(actor), speak(actor), sit(actor)

        def ask(method: str, path: str) -> Answer:
            if path.startswith(API):
                body = None if method == "GET" else BODY
                return program.client.open(path, method=method, json=body, headers=program.headers)
            if path.startswith(PANEL):
                return panel(method, path)
            data = BODY if method == "POST" else None
            return browser.open(path, method=method, data=data, buffered=True)

        return ask

    return enter
