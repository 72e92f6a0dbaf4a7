"""The search for programs."""

import pytest

from portal.core.audience import Gate
from tests.fixtures.programs import Speak
from tests.fixtures.world import World
from tests.search.conftest import Put

PATH = "/api/v1/support/search"


def test_what_it_says(shelve: Put, world: World, speak: Speak) -> None:
    made = shelve("Send an invoice", body="Press <Send>.", module="billing")
    shelve("Only for staff: invoice", gates=frozenset({Gate.STAFF}))
    said = speak(world.owner).get(PATH, q="invocie", lang="en", kind="article", module="billing")
    assert said.status_code == 200
    (item,) = said.json["items"]
    assert said.json["corrected"] == "invoice"
    assert item.pop("score") > 0
    assert item == {
        "kind": "article",
        "id": str(made.object_id),
        "slug": made.slug,
        "title": "Send an invoice",
        "url": f"http://127.0.0.1:8000{made.path}",
        "snippet": "Press &lt;Send&gt;.",
        "lang": "en",
    }
    assert len(speak(world.agent).get(PATH, q="invoice").json["items"]) == 2


def test_who_may_not(speak: Speak) -> None:
    assert speak(None).get(PATH, q="invoice").status_code == 401


@pytest.mark.parametrize(
    "words", ["", "*", "[", "\0", "((" * 5000, '"', "-", "a" * 10_000, "\ud83d"]
)
def test_hostile_words(world: World, speak: Speak, words: str) -> None:
    said = speak(world.owner).get(PATH, q=words.encode("utf-8", "replace"))
    assert said.status_code in {200, 422}


def test_wrong_parameters(world: World, speak: Speak) -> None:
    program = speak(world.owner)
    for wrong in ({"kind": "ticket"}, {"lang": "xx"}, {"limit": 0}, {"query": "x"}):
        assert program.get(PATH, **wrong).status_code == 422
