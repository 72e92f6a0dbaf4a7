"""Ideas as people have them."""

from datetime import timedelta

from portal.accounts import service as accounts
from portal.core.permissions import Role
from portal.ideas.service import submitting
from portal.ideas.service.submitting import Words
from tests.fixtures.world import NOW


def idea(session, by, title="Photos on daily logs", *, at=NOW, language="en", **words):
    said = {"description": f"We would like this: {title}.", "category": "scheduling", **words}
    return submitting.submit(session, Words(title, **said), language=language, by=by, at=at)


def crowd(session, number, at=NOW - timedelta(days=9)):
    """Owners of so many builders."""
    people = []
    for place in range(number):
        builder = accounts.add_builder(
            session, f"co-{place}", f"Company {place}", "starter", created_at=at
        )
        member = accounts.add_member(
            session,
            email=f"owner@co-{place}.test",
            name=f"Owner {place}",
            role=Role.OWNER,
            builder=builder,
            password="",
            at=at,
        )
        people.append(accounts.actor(member, None))
    return people
