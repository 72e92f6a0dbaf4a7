"""How a builder's desk works, as its admins say it."""

import pytest

from portal.policy import desk_rules
from portal.policy.desk_rules import ChangedMeanwhile, Rules
from tests.fixtures.world import NOW
from tests.support.racing import one_after_the_other


def saved(world, **said):
    return lambda session: desk_rules.save(session, Rules(**said), by=world.owner, at=NOW)


@pytest.mark.parametrize("version", [0, 1])
def test_of_two_who_save_at_once_the_second_is_told(app, world, session, version):
    """The first time, when there is no row yet, as at any later one."""
    for _time in range(version):
        saved(world)(session)
        session.commit()
    one, other = (saved(world, holidays=of, version=version) for of in ("US", "CA"))
    with pytest.raises(ChangedMeanwhile):
        one_after_the_other(app, world.acme.id, one, other)
    session.rollback()
    _zone, rules = desk_rules.zone_and_rules(session, world.acme.id)
    assert (rules.holidays, rules.version) == ("US", version + 1)
