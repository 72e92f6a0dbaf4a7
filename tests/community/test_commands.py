from click.testing import CliRunner
from sqlalchemy import update

from portal.cli import corbel
from portal.community.commands import community
from portal.community.models import Member
from portal.community.queries import points as queries


def test_points_are_counted_anew_from_the_ledger(app, background, session, world, post, upvote):
    upvote(post(), world.stranger.user_id)
    session.execute(update(Member).values(points=3))
    session.commit()
    done = CliRunner().invoke(community, ["recount"], obj=lambda: background)
    assert (done.exit_code, done.output) == (0, "points: 1 put right\n")
    session.rollback()
    session.expire_all()
    assert queries.member(session, world.pm.user_id).points == 10
    assert "community" in corbel.list_commands(None)
