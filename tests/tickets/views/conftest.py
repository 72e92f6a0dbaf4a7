"""Words for what customers do on their pages."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient


def press_of(html: str) -> str:
    return re.search(r'name="press"[^>]*value="([0-9a-f]{32})"', html)[1]


Report = Callable[..., "object"]


@pytest.fixture
def report():
    """Fill in the form as a browser would; further fields replace or add."""

    def send(client: FlaskClient, **fields):
        page = client.get("/tickets/new").text
        sent = {
            "subject": "Scheduling is down",
            "body": "Nobody can open the schedule.",
            "category": "scheduling",
            "severity": "P2",
            "press": press_of(page),
            "with_context": "y",
        }
        return client.post("/tickets/new", data=sent | fields, content_type="multipart/form-data")

    return send
