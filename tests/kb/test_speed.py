"""No page of the help centre asks much, and nothing that it asks grows with the articles."""

import pytest

from portal.core.audience import Audience
from portal.kb.models import ArticleLink
from tests.fixtures.database import KIND
from tests.kb import shelving
from tests.support.plans import planned
from tests.support.statements import counted

pytestmark = pytest.mark.usefixtures("noon")
sqlite = pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")

PAGES = {
    "/kb/en/article-7": 4,
    "/kb/es/article-7": 8,  # of another language than was asked for
    "/kb/en": 4,
    "/kb/en/in/planning": 3,
    "/kb/en/in/-": 3,
    "/kb/en/article-loose": 4,
    "/kb/en/feed.xml": 1,
}
BIG = ("kb_articles", "kb_topics", "kb_links", "kb_feedback", "kb_readings", "search_documents")
WALL = 0 if KIND == "sqlite" else 1  # PostgreSQL is told for whom it answers, once
# who it is, what is unread, what was said
AT_THE_DOOR = {"visitor": 0, "owner": 3 + WALL, "agent": 3 + WALL}


@pytest.fixture
def clients(app, world, sign_in):
    shared = {"owner": sign_in(world.owner), "agent": sign_in(world.agent)}
    return shared | {"visitor": app.test_client()}


@pytest.fixture
def library(session):
    shelf = shelving.category(session, "planning")
    made = [
        shelving.article(
            session,
            f"article-{number}",
            category_id=shelf.id,
            position=number % 5,
            audience=list(Audience)[0 if number == 7 else number % 3],
            view_count=number,
        )
        for number in range(24)
    ]
    for name in ("loose", "astray"):
        shelving.article(session, f"article-{name}")
    for one, other in zip(made, made[5:], strict=False):
        session.add(ArticleLink(article_id=one.id, topic_id=other.topic_id, target=other.slug))
    session.commit()


@pytest.mark.parametrize("who", AT_THE_DOOR)
@pytest.mark.parametrize("path", PAGES)
def test_few_queries_a_page(runtime, library, clients, who, path):
    client = clients[who]
    assert client.get(path).status_code == 200  # and what is counted is kept from here on
    with counted(runtime.engine) as asked:
        client.get(path)
    asked = [one for one in asked if one != "BEGIN"]
    assert len(asked) <= PAGES[path] + AT_THE_DOOR[who], "\n".join(asked)


@sqlite
@pytest.mark.parametrize("who", AT_THE_DOOR)
@pytest.mark.parametrize("path", PAGES)
def test_no_query_reads_a_whole_table(runtime, library, clients, who, path):
    client = clients[who]
    client.get(path)
    with planned(runtime.engine) as plans:
        client.get(path)
    assert plans
    for plan in plans:
        for line in plan.splitlines():
            assert line not in {f"SCAN {table}" for table in BIG}, plan


@sqlite
@pytest.mark.parametrize("path", ["/kb/en", "/kb/en/in/planning", "/kb/en/feed.xml"])
def test_lists_are_read_in_the_order_of_an_index(runtime, library, clients, path):
    clients["visitor"].get(path)
    with planned(runtime.engine) as plans:
        clients["visitor"].get(path)
    lists = [plan for plan in plans if "LIMIT" in plan]
    assert lists
    for plan in lists:
        assert "USE TEMP B-TREE" not in plan, plan
