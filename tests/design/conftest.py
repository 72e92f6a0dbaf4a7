from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.design.table import create_table, served


@pytest.fixture(scope="session")
def table() -> Flask:
    return create_table()


@pytest.fixture
def client(table: Flask) -> FlaskClient:
    return table.test_client()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with served() as url:
        yield url
