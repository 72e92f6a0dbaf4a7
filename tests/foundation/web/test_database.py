"""What follows from a change is set going once the person has the answer."""

import pytest
from flask import request

from portal.foundation import outbox
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from tests.fixtures.world import NOW


@pytest.fixture
def rung(app, runtime):
    """How often the doorbell was rung."""
    rings: list[str] = []
    runtime.writers.configure(info={outbox.BELL: lambda: rings.append("rung")})

    @app.post("/told")
    @public("for the test")
    def told():
        status = int(request.args["status"])
        for _ in range(2):
            outbox.record(db(), "something.happened", at=NOW, builder_id=None)
        return "" if status == 204 else "done", status

    return rings


def test_the_bell_is_rung_once_the_answer_has_left(app, rung):
    answer = app.test_client().post("/told?status=201")
    assert answer.status_code == 201
    assert rung == []
    answer.close()
    assert rung == ["rung"]


def test_an_answer_without_a_body_rings_too(app, rung):
    assert app.test_client().post("/told?status=204").status_code == 204
    assert rung == ["rung"]


def test_what_was_rolled_back_rings_nothing(app, rung):
    app.test_client().post("/told?status=422", buffered=True)
    assert rung == []
