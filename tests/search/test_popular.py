"""What many look for, in words that no company has for itself."""

from datetime import timedelta

import pytest

from portal.accounts.models import Builder
from portal.foundation.tenancy import PLATFORM, see
from portal.search.models import Query
from portal.search.popular import LONGEST, PERIOD, popular

pytestmark = pytest.mark.database


@pytest.fixture
def companies(session, world):
    see(session, PLATFORM)
    third = Builder(
        name="Cedar",
        slug="cedar",
        plan="starter",
        locale="en",
        zone="UTC",
        created_at=world.acme.created_at,
    )
    session.add(third)
    session.flush()
    return [world.acme.id, world.birch.id, third.id]


@pytest.fixture
def look(session, now):
    def looked(words, who, builder_id, **values):
        row = {"language": "en", "hits": 3, "surface": "widget", "at": now} | values
        session.add(
            Query(words=words, folded=words.lower(), visitor=who, builder_id=builder_id, **row)
        )
        session.flush()

    return looked


def found(session, now, language="en"):
    return [one.words for one in popular(session, language, at=now)]


def test_several_people_of_several_companies(session, companies, look, now):
    for number in range(5):
        look("Lien waiver", f"v{number}", companies[number % 3])
        look("retainage", f"v{number}", companies[number % 3], module="invoicing")
    look("LIEN WAIVER", "v9", companies[0])
    assert found(session, now) == ["lien waiver", "retainage"]
    assert popular(session, "en", at=now)[1].module == "invoicing"
    assert found(session, now, "es") == []


def test_what_one_company_says_stays_there(session, companies, look, now):
    for number in range(40):
        look("the Henderson house", f"v{number}", companies[0])
        look("two of us", f"v{number}", companies[number % 2])
        look("strangers", f"v{number}", None)
        look("one of each", f"w{number % 3}", companies[number % 3])
    assert found(session, now) == []


@pytest.mark.parametrize(
    "values", [{"hits": 0}, {"surface": "api"}, {"at": PERIOD}, {"words": "a" * (LONGEST + 1)}]
)
def test_not_what_was_in_vain_old_long_or_a_programs(session, companies, look, now, values):
    values = dict(values)
    words = values.pop("words", "retainage")
    if "at" in values:
        values["at"] = now - values["at"] - timedelta(seconds=1)
    for number in range(6):
        look(words, f"v{number}", companies[number % 3], **values)
    assert found(session, now) == []
