from dataclasses import replace
from datetime import timedelta

import pytest
from redis import Redis

from portal.config import Paging, Settings, Smtp
from portal.foundation.clock import utcnow
from portal.foundation.db import make_engine
from portal.ops import doctor
from portal.ops.doctor import Mark
from portal.ops.models import CLOCK, WORKER, beat
from portal.search import searching
from portal.search.service import following


def examine(environ, start):
    return {finding.subject: finding for finding in doctor.examine(environ, start)}


@pytest.fixture
def environ(tmp_path):
    return {"CORBEL_DATA": str(tmp_path / "data")}


def test_a_running_system_is_well(environ, app, runtime, redis_url):
    runtime.doorbell.redis = Redis.from_url(redis_url)
    for name in (WORKER, CLOCK):
        beat(runtime.writers, name, utcnow())
    index = searching.index_of(runtime)
    if index is not None:
        following.follow(runtime.readers, index)
    found = examine(environ, lambda: app)
    assert [one.subject for one in found.values() if one.broken] == []
    assert {"application", "redis", "database", "worker", "clock"} <= set(found)
    assert found["worker"].line().startswith("✓ worker")


def test_wrong_settings_are_all_named_and_nothing_else_is_tried(environ):
    wrong = environ | {"CORBEL_WEB_THREADS": "x", "CORBEL_PROXIES": "y"}
    found = examine(wrong, lambda: pytest.fail("started with wrong settings"))
    assert "CORBEL_WEB_THREADS" in found["settings"].detail
    assert "CORBEL_PROXIES" in found["settings"].detail
    assert "application" not in found


def test_an_application_that_does_not_start_is_a_finding(environ):
    def fails():
        raise RuntimeError("pack nope: no such file")

    found = examine(environ, fails)
    assert found["application"].broken
    assert "pack nope: no such file" in found["application"].detail


def test_a_data_directory_that_cannot_be_used(tmp_path):
    (tmp_path / "file").touch()
    found = examine({"CORBEL_DATA": str(tmp_path / "file")}, lambda: pytest.fail("started"))
    assert found["data"].broken


def test_a_full_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_FREE", 10**18)
    assert "make room" in doctor.data_directory(tmp_path).detail


def test_an_empty_database_is_told_how_to_be_filled(runtime, tmp_path):
    runtime.engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    found = {one.subject: one for one in doctor.running(runtime)}
    assert found["database"].detail == "is behind this version: run `corbel db upgrade`"
    assert "worker" not in found, "its heartbeat can't be read"


def test_a_database_that_cannot_be_reached(runtime):
    runtime.engine = make_engine("sqlite:////nowhere/corbel.db")
    assert "can't be reached" in doctor.migrations(runtime).detail


def test_redis_that_does_not_answer(runtime):
    finding = doctor.redis(runtime)
    assert finding.broken
    assert "corbel up" in finding.detail


@pytest.mark.parametrize(
    ("age", "broken"),
    [(timedelta(seconds=20), False), (doctor.SILENCE + timedelta(seconds=1), True)],
)
def test_a_silent_process_is_found(runtime, age, broken):
    at = utcnow()
    beat(runtime.writers, WORKER, at - age)
    assert doctor.heartbeat(runtime, WORKER, at).broken is broken


def test_a_process_that_never_ran(runtime):
    assert "has never been seen" in doctor.heartbeat(runtime, CLOCK, utcnow()).detail


def test_an_old_python():
    assert doctor.python((3, 10)).broken
    assert not doctor.python((3, 11)).broken


def test_translations_that_were_not_compiled(tmp_path):
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").touch()
    assert "not compiled: es" in doctor.translations(tmp_path).detail
    (folder / "messages.mo").touch()
    assert doctor.translations(tmp_path).mark is Mark.FINE


def test_mail_and_paging_may_be_left_out_but_not_half_done(tmp_path):
    bare = Settings.from_env({"CORBEL_DATA": str(tmp_path)})
    assert doctor.outgoing_mail(bare).mark is Mark.UNSET
    assert doctor.paging(bare).mark is Mark.UNSET
    smtp = replace(bare, smtp=Smtp("mail.acme.test", 587, "", "", "starttls"))
    assert doctor.outgoing_mail(smtp).detail == "through mail.acme.test:587"
    half = replace(bare, paging=Paging("https://events.test", "key", "", 5))
    assert doctor.paging(half).broken
    whole = replace(bare, paging=Paging("https://events.test", "key", "duty@acme.test", 5))
    assert doctor.paging(whole).mark is Mark.FINE


def test_attachments_that_cannot_be_stored(runtime):
    (runtime.settings.data / "files").parent.mkdir(exist_ok=True)
    assert not doctor.storage(runtime).broken
    (runtime.settings.data / "files").rmdir()
    (runtime.settings.data / "files").touch()
    assert doctor.storage(runtime).broken
