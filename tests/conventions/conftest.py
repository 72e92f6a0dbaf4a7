"""Somebody who tries every door."""

from collections.abc import Callable

import pytest

from portal.core.permissions import Actor
from tests.fixtures.programs import Speak
from tests.fixtures.world import SignIn
from tests.support.doors import API, BODY, Answer, Ask

Visit = Callable[[Actor], Ask]


@pytest.fixture
def visit(sign_in: SignIn, speak: Speak) -> Visit:
    """Asks for pages as a browser does and for the API as a program, with a method and a path."""

    def enter(actor: Actor) -> Ask:
        browser, program = sign_in(actor), speak(actor)

        def ask(method: str, path: str) -> Answer:
            if path.startswith(API):
                body = None if method == "GET" else BODY
                return program.client.open(path, method=method, json=body, headers=program.headers)
            data = BODY if method == "POST" else None
            return browser.open(path, method=method, data=data, buffered=True)

        return ask

    return enter
