"""Which versions of the platform something holds for."""

import pytest

from portal.core.versions import holds_for


@pytest.mark.parametrize(
    ("span", "version"),
    [
        ("4.2+", "4.2"),
        ("4.2+", "v10.0"),
        ("4.2 +", "4.2.1"),
        ("4.2", "4.2.7"),
        ("3.0 - 4.1", "4.1.9"),
        ("3.0–4", "4.7"),
        ("3.0 - 4.1", "3.0"),
        ("", "4.2"),
        ("4.2+", ""),
        ("the newest", "1.0"),
    ],
)
def test_it_holds(span: str, version: str) -> None:
    assert holds_for(span, version)


@pytest.mark.parametrize(
    ("span", "version"),
    [("4.2+", "4.1.9"), ("4.2", "4.3"), ("4.2", "4.1"), ("3.0 - 4.1", "4.2"), ("3.0 - 4", "2.9")],
)
def test_it_does_not_hold(span: str, version: str) -> None:
    assert not holds_for(span, version)
