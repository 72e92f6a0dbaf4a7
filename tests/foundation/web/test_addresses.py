"""A number that no column takes is a page that is not there."""

import pytest

FAR = 2**31


@pytest.mark.parametrize(
    "page", ["ideas", "forum", "whats-new", "tickets", "desk", "company/desk", "roadmap"]
)
@pytest.mark.parametrize("who", ["owner", "manager"])
def test_too_large(sign_in, world, page, who):
    client = sign_in(getattr(world, who))
    for number in (FAR, FAR**9):
        assert client.get(f"/{page}/{number}").status_code == 404
