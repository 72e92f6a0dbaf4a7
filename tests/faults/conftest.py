"""What tests of faults share: time, and a stand-in for the paging service."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.http_receiver import HttpReceiver

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They wait for states, however slow the machine is; this only ends what hangs for ever."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture
def duty() -> Iterator[HttpReceiver]:
    with HttpReceiver() as receiver:
        yield receiver
