"""Whoever is erased is found wherever the schema points at people."""

import portal.features  # noqa: F401  every model
from portal.privacy import traces
from portal.privacy.traces import TIES, Fate


def test_every_column_that_points_at_people_has_its_fate() -> None:
    open_ones = {name for name, _column in traces.tied()} - set(TIES)
    assert not open_ones, f"say in privacy/traces.py what an erasure does with: {open_ones}"


def test_what_stays_can_name_nobody() -> None:
    for name, column in traces.tied():
        if TIES[name].fate is Fate.UNTIE:
            assert column.nullable, f"{name} can't be emptied: delete its rows, or let it be NULL"
            missing = set(TIES[name].beside) - set(column.table.c.keys())
            assert not missing, f"{name}: no such columns {missing}"


def test_every_table_with_words_of_a_builder_is_searched() -> None:
    from portal.foundation.db import Base
    from portal.foundation.tenancy import Tenanted

    searched = {table.name for table in traces.searched()} | traces.NOT_SEARCHED
    missing = {
        mapper.local_table.name
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Tenanted) and traces.wordy(mapper.local_table)
    } - searched
    assert not missing


def test_what_flows_from_other_tables_is_searched_after_them() -> None:
    assert tuple(table.name for table in traces.searched()[-3:]) == traces.LAST
