"""The servers that tests start: do they run, and do they leave nothing behind?"""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from tests.fixtures import processes
from tests.fixtures.browser import violations


def test_postgres_is_a_current_one_and_not_run_by_root(postgres):
    with psycopg.connect(postgres.dsn("postgres")) as connection:
        assert connection.info.server_version >= 180000
        assert connection.execute("SELECT uuidv7()").fetchone()
    owner = Path(f"/proc/{postgres.process.pid}").stat().st_uid
    assert owner != 0


def test_postgres_databases_start_as_copies_and_go_away(postgres):
    template = postgres.create()
    with psycopg.connect(postgres.dsn(template)) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    name = postgres.create(template)
    with psycopg.connect(postgres.dsn(name)) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    postgres.drop(name)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(postgres.dsn(name))


def test_postgres_databases_can_be_emptied_though_rows_hang_together(postgres):
    name = postgres.create()
    with psycopg.connect(postgres.dsn(name), autocommit=True) as connection:
        connection.execute("CREATE TABLE alembic_version (n int)")
        connection.execute("CREATE TABLE parents (n int PRIMARY KEY)")
        connection.execute("CREATE TABLE children (n int REFERENCES parents)")
        for table in ("alembic_version", "parents", "children"):
            connection.execute(f"INSERT INTO {table} VALUES (1)")
    left_open = psycopg.connect(postgres.dsn(name))
    left_open.execute("SELECT * FROM parents FOR UPDATE")
    postgres.empty(name)
    left_open.close()
    with psycopg.connect(postgres.dsn(name)) as connection:
        for table, rows in {"alembic_version": 1, "parents": 0, "children": 0}.items():
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (rows,)


def test_postgres_binaries_are_copied_where_the_unprivileged_user_cannot_reach(
    monkeypatch, tmp_path
):
    from tests.fixtures import postgres

    real = subprocess.run

    def refuse(command, **options):
        if "--version" in command:
            raise PermissionError
        return real(command, **options)

    monkeypatch.setattr(postgres.subprocess, "run", refuse)
    binaries = postgres._binaries(tmp_path)
    assert binaries.is_relative_to(tmp_path)
    done = real([str(binaries / "postgres"), "--version"], capture_output=True, text=True)
    assert done.stdout.startswith("postgres (PostgreSQL) 18"), done.stderr


def test_valkey_keeps_what_it_was_told_when_killed(valkey_server):
    with Redis.from_url(valkey_server.url) as client:
        client.set("promise", "kept")
        client.execute_command("WAITAOF", 1, 0, 3000)
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    valkey_server.kill()
    valkey_server.start()
    with Redis.from_url(valkey_server.url) as client:
        assert client.get("promise") == b"kept"


def test_valkey_is_empty_for_each_test(valkey_server):
    with Redis.from_url(valkey_server.url) as client:
        assert client.dbsize() == 0


def test_a_program_ends_with_the_test_process_that_started_it():
    code = (
        "import sys; from tests.fixtures import processes\n"
        "started = processes.start([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(started.pid)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    gone = Path(f"/proc/{done.stdout.strip()}")
    processes.eventually(lambda: not gone.exists() or "Z" in (gone / "stat").read_text())


def test_the_browser_runs_and_axe_finds_what_is_wrong(open_page):
    page = open_page(bypass_csp=True)
    page.set_content("<html lang='en'><title>t</title><main><img src='data:,'></main></html>")
    assert [one for one in violations(page) if one.startswith("image-alt")]


def test_a_page_of_a_test_may_not_call_a_foreign_host(browser):
    from tests.fixtures.browser import _listen

    complaints: list[str] = []
    context = browser.new_context(offline=True)
    page = context.new_page()
    _listen(page, complaints)
    page.set_content("<script>fetch('https://elsewhere.test/x').catch(() => 0)</script>")
    page.evaluate("fetch('https://elsewhere.test/y').catch(() => 0)")
    page.evaluate("console.error('broken')")
    context.close()
    assert "foreign host: https://elsewhere.test/x" in complaints
    assert "console: broken" in complaints


MISSING = """
import tests.fixtures.browser

tests.fixtures.browser.executable = lambda: None


def test_one(browser):
    raise AssertionError("never reached")
"""


@pytest.mark.parametrize(("ci", "outcome"), [("true", "1 error"), ("", "1 skipped")])
def test_a_missing_browser_fails_in_ci_and_is_forgiven_elsewhere(tmp_path, ci, outcome):
    (tmp_path / "test_one.py").write_text(MISSING)
    command = [sys.executable, "-m", "pytest", "-p", "tests.fixtures.browser", "-c", os.devnull]
    done = subprocess.run(
        [*command, str(tmp_path)], capture_output=True, text=True, env=os.environ | {"CI": ci}
    )
    assert outcome in done.stdout
    assert ("no Chromium" in done.stdout) or not ci
