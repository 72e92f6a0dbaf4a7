"""Somebody who tries every door."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from portal.core.permissions import Actor
from tests.fixtures.programs import Speak
from tests.fixtures.world import SignIn

BODY = {"status": "closed", "body": "I was here", "severity": "P1"}

Ask = Callable[[str, str], TestResponse]
Visit = Callable[[Actor], Ask]


@pytest.fixture
def visit(sign_in: SignIn, speak: Speak) -> Visit:
    """Asks for pages as a browser does and for the API as a program, with a method and a path."""

    def enter(actor: Actor) -> Ask:
        browser, program = sign_in(actor), speak(actor)

        def ask(method: str, path: str) -> TestResponse:
            if path.startswith("/api/v1/"):
                body = None if method == "GET" else BODY
                return program.client.open(path, method=method, json=body, headers=program.headers)
            data = BODY if method == "POST" else None
            return browser.open(path, method=method, data=data, buffered=True)

        return ask

    return enter
