import json
import subprocess
import sys
from datetime import UTC, datetime

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import update

from portal import cli
from portal.accounts.service import actors
from portal.core.permissions import Scope
from portal.foundation import outbox
from portal.foundation.outbox import OutboxEvent
from portal.foundation.tenancy import PLATFORM, see
from portal.policy.documents import SHIPPED
from tests.fixtures.processes import ROOT, environment
from tests.fixtures.world import NOW

pytestmark = pytest.mark.once


@pytest.fixture
def corbel(tmp_path):
    def run(*arguments, **settings):
        return subprocess.run(
            [sys.executable, "-m", "portal", *arguments],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=environment({"DATA": str(tmp_path / "data")} | settings),
        )

    return run


SERVERS = {
    "web": ["web", "--bind", "127.0.0.1:0"],
    "worker": ["worker"],
    "clock": ["clock"],
    "up": ["up", "--bind", "127.0.0.1:0"],
    "tick": ["tick", "--at", "2026-11-24T10:30:00Z"],
}


@pytest.mark.parametrize("command", SERVERS)
def test_a_broken_support_model_is_refused_with_file_key_and_reason(corbel, tmp_path, command):
    broken = tmp_path / "mine.toml"
    broken.write_text((SHIPPED / "luneo.toml").read_text() + "\n[asignment]\nshort = 1\n")
    done = corbel(*SERVERS[command], PACK=str(broken))
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "mine.toml: asignment: unknown" in said
    assert "Traceback" not in said
    assert "gunicorn" not in said
    if command != "up":  # which tells what its children say
        assert done.stderr.startswith("error: ")
        assert done.stdout == ""


@pytest.mark.parametrize("command", ["web", "clock"])
def test_an_unknown_support_model_is_refused_with_those_there_are(corbel, command):
    done = corbel(*SERVERS[command], PACK="no-such-model")
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "no-such-model" in done.stderr
    assert "module-46" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_names_every_command_and_says_what_it_does():
    listed = CliRunner().invoke(cli.corbel, ["--help"]).output
    for command in (
        "up",
        "web",
        "worker",
        "clock",
        "db",
        "token",
        "tick",
        "policy",
        "doctor",
        "replay",
    ):
        assert f"\n  {command} " in listed
    assert "prepare" not in listed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T10:30:00Z", datetime(2026, 11, 24, 10, 30, tzinfo=UTC)),
        ("2026-11-24T10:30:00+01:00", datetime(2026, 11, 24, 9, 30, tzinfo=UTC)),
        ("2026-11-24 10:30-05:00", datetime(2026, 11, 24, 15, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_utc(text, expected):
    assert cli.Moment().convert(text, None, None) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-11-24T10:30:00", "has no time zone; add one, for example"),
        ("2026-11-24", "has no time zone"),
        ("tomorrow", "is not an ISO 8601 time, for example"),
        ("", "is not an ISO 8601 time"),
    ],
)
def test_what_is_no_moment_is_refused_with_an_example(text, reason):
    with pytest.raises(click.BadParameter, match=reason):
        cli.Moment().convert(text, None, None)


def test_a_wrong_setting_is_one_line_and_no_traceback(corbel):
    done = corbel("db", "upgrade", WEB_THREADS="many")
    assert done.returncode == 1
    assert done.stderr == "error: CORBEL_WEB_THREADS: 'many' is not a whole number from 2 to 512\n"


def test_a_database_that_is_not_there_is_one_line(corbel):
    done = corbel("db", "upgrade", DATABASE_URL="postgresql:///corbel?host=/nowhere")
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    assert "/nowhere" in done.stderr


def test_a_support_model_that_does_not_exist_stops_the_start(corbel):
    done = corbel("prepare", PACK="no-such-model")
    assert done.returncode == 1
    assert "no-such-model" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_token_needs_an_account(corbel):
    corbel("db", "upgrade")
    done = corbel("token", "create", "--email", "nobody@acme.test", "--name", "ci")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: no active account has the address nobody@acme.test\n"


def test_a_token_is_printed_alone_and_works(runtime, settings, world, corbel):
    done = corbel(
        *("token", "create", "--email", "owner@acme.test", "--name", "ci"),
        DATABASE_URL=settings.database_url,
    )
    assert done.returncode == 0, done.stderr
    plain = done.stdout.removesuffix("\n")
    assert len(plain.split()) == 1
    with runtime.writers() as session:
        see(session, PLATFORM)
        found = actors.caller(session, plain, at=NOW)
    assert found is not None
    assert found.actor.email == "owner@acme.test"
    assert found.scopes == frozenset(Scope)


def test_a_token_can_be_made_for_less(runtime, settings, world, corbel):
    command = ("token", "create", "--email", "owner@acme.test", "--name", "ci", "--scope")
    done = corbel(*command, "tickets:read", DATABASE_URL=settings.database_url)
    with runtime.writers() as session:
        see(session, PLATFORM)
        found = actors.caller(session, done.stdout.strip(), at=NOW)
    assert found is not None
    assert found.scopes == {Scope.READ_TICKETS}
    wrong = corbel(*command, "everything", DATABASE_URL=settings.database_url)
    assert wrong.returncode == 2
    assert "tickets:read" in wrong.stderr


def test_a_tick_says_what_it_did_and_can_be_repeated(corbel, database_url):
    for _ in range(2):
        done = corbel("tick", "--at", "2026-11-24T10:30:00+01:00", DATABASE_URL=database_url)
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert said == {"at": "2026-11-24T09:30:00+00:00", "done": 0}


def test_what_was_given_up_is_listed_and_replayed(corbel, runtime, database_url):
    with runtime.writers.begin() as session:
        for _ in range(2):
            outbox.record(session, "test.happened", at=NOW, builder_id=None)
    with runtime.writers.begin() as session:
        session.execute(update(OutboxEvent).values(dead_at=NOW, error="no luck"))
    listed = corbel("replay", "--list", DATABASE_URL=database_url).stdout.splitlines()
    assert len(listed) == 2
    assert listed[0].endswith("test.happened  no luck")
    one = corbel("replay", listed[0].split()[0], DATABASE_URL=database_url)
    assert one.stdout == "replayed 1\n", one.stderr
    assert corbel("replay", DATABASE_URL=database_url).stdout == "replayed 1\n"
    again = corbel("replay", listed[0].split()[0], DATABASE_URL=database_url)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith("error: nothing that was given up has the id")


def test_only_faults_that_a_person_can_mend_are_told_in_short():
    for name in cli.PLAIN:
        module, _, kind = name.rpartition(".")
        found = getattr(__import__(module, fromlist=[kind]), kind)
        assert cli._is_plain(found.__new__(found)), f"{name} moved: mend PLAIN"
    assert not cli._is_plain(RuntimeError())
