"""Each pack as tables; figures are those of its seed."""

import pytest

from portal.policy.loader import load_pack, shipped_packs
from portal.policy.portrait import Portrait
from portal.policy.wording import Voice
from tests.fixtures.world import NOW


def portrait(key: str, language: str = "en") -> Portrait:
    return Portrait(Voice(load_pack(key), language, "UTC"), NOW)


def test_one_table_where_channels_make_no_difference():
    (matrix,) = portrait("module-46").matrices()
    assert matrix.channels == ""
    assert list(matrix.columns) == ["Free/Starter", "Professional", "Business", "Enterprise"]
    told = {level.key: [cell.respond for cell in cells] for level, cells in matrix.rows}
    assert told["P1"] == ["within 4 hours", "within 2 hours", "within 1 hour", "within 15 minutes"]
    assert told["P4"][0] == "as soon as we can"
    assert {level.key: cells[0].hours for level, cells in matrix.rows} == {
        "P1": "",  # around the clock
        "P2": "office hours",
        "P3": "office hours",
        "P4": "office hours",
    }


def test_channels_are_the_columns_where_only_they_differ():
    (matrix,) = portrait("engineers").matrices()
    told = {level.key: cells for level, cells in matrix.rows}
    column = next(i for i, name in enumerate(matrix.columns) if "GitHub" in name)
    assert told["normal"][column].respond == "within 24 working hours"
    column = next(i for i, name in enumerate(matrix.columns) if "Slack" in name)
    assert told["normal"][column].respond == "within 4 working hours"
    assert {cell.respond for cell in told["critical"]} == {"within 1 hour"}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("key", shipped_packs())
def test_every_pack_can_be_drawn(key, language):
    drawn = portrait(key, language)
    pack = drawn.pack
    for matrix in drawn.matrices():
        assert len(matrix.rows) == len(pack.severities)
        for _level, cells in matrix.rows:
            assert len(cells) == len(matrix.columns)
            assert all(cell.respond for cell in cells)
    assert [week.key for week in drawn.weeks()] == list(pack.calendars)
    for _name, offers in drawn.channels_by_plan():
        assert len(offers) == len(pack.plans)
        assert any(has for has, _limit in offers)
    for level in pack.severities.values():
        assert bool(drawn.owners(level)) == bool(level.owners)


def test_a_week_and_the_days_that_differ():
    office, always = portrait("module-46").weeks()
    assert office.days[0] == ("Monday", "08:00–18:00")
    assert office.days[6] == ("Sunday", "")
    assert office.exceptions[0] == ("Thu 26 Nov 2026", "")  # Thanksgiving
    assert len(office.exceptions) == 6
    assert always.always


def test_limits_of_a_channel_are_told():
    told = dict(portrait("studiovault").channels_by_plan())
    assert any(limit for offers in told.values() for _has, limit in offers)
