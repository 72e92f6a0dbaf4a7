"""What readers did, written down as the product does."""

from datetime import timedelta

import pytest

from portal.foundation.tenancy import PLATFORM, see
from portal.guidance.models import Press
from portal.kb.models import Article, Feedback, Reading, Topic
from portal.search.models import Query


@pytest.fixture
def article(session, now):
    topic = Topic(module_tag="scheduling", created_at=now, updated_at=now)
    article = Article(
        topic=topic,
        language="en",
        slug="move-a-task",
        title="Move a task",
        is_published=True,
        number=1,
        created_at=now,
        updated_at=now,
        worked_at=now,
    )
    session.add_all([topic, article])
    session.flush()
    return article


class Readers:
    """Each is told apart by a letter; their plan stands behind it: "a business"."""

    def __init__(self, session, now):
        self.session = session
        self.now = now

    def _add(self, model, who, hours, **values):
        visitor, _space, plan = who.partition(" ")
        at = self.now - timedelta(hours=hours)
        row = model(visitor=visitor, plan=plan, role="pm", at=at, **values)
        self.session.add(row)
        self.session.flush()
        return row

    def searched(self, who, words, hits=0, hours=1, **values):
        facts = {"folded": words.lower(), "language": "en", "surface": "page", "opened": {}}
        return self._add(Query, who, hours, words=words, hits=hits, **{**facts, **values})

    def read(self, who, article, hours=48, **values):
        return self._add(Reading, who, hours, article_id=article.id, **values)

    def said_no(self, who, article, reason="", comment="", hours=1):
        facts = {"helpful": False, "reason": reason, "comment": comment, "number": 1}
        return self._add(Feedback, who, hours, article_id=article.id, **facts)

    def pressed(self, who, page_key="", path="", shown=0, hours=1):
        return self._add(Press, who, hours, page_key=page_key, path=path, shown=shown)


@pytest.fixture
def readers(session, world, now):
    see(session, PLATFORM)
    return Readers(session, now)
