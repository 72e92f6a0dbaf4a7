"""PostgreSQL's own wall stands around every table of a tenant's, whoever owns the table."""

import psycopg
import pytest

import portal.features  # noqa: F401  every model
from portal.foundation.db import Base
from portal.foundation.tenancy import Tenanted

WALLS = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
      AND relrowsecurity AND relforcerowsecurity
"""
POLICIES = "SELECT tablename, permissive, cmd, roles, qual, with_check FROM pg_policies"


def tenanted() -> set[str]:
    return {
        mapper.class_.__tablename__
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Tenanted)
    }


@pytest.fixture
def asked(postgres, postgres_template):
    with psycopg.connect(postgres.dsn(postgres_template)) as connection:
        yield connection.execute


def test_every_table_of_a_tenants_has_its_wall(asked) -> None:
    walled = {name for (name,) in asked(WALLS)}
    missing = tenanted() - walled
    assert not missing, f"ENABLE and FORCE row-level security where they are made: {missing}"
    assert walled == tenanted()


def test_every_wall_has_the_one_policy(asked) -> None:
    found = {name: rest for name, *rest in asked(POLICIES)}
    assert set(found) == tenanted(), "CREATE POLICY own_rows as in migration 0008"
    assert len({tuple(map(str, rest)) for rest in found.values()}) == 1
    permissive, command, roles, using, check = next(iter(found.values()))
    assert (permissive, command, list(roles)) == ("PERMISSIVE", "ALL", ["public"])
    assert using == check
    assert "corbel.tenant" in using


def test_nobody_here_goes_round_it(postgres, postgres_template) -> None:
    """Or all that runs on PostgreSQL would prove nothing."""
    with psycopg.connect(postgres.url(postgres_template).replace("+psycopg", "", 1)) as connection:
        ours = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(ours).fetchone() == (False,)
