"""Files of forms that were left and of transactions that failed, a day later."""

import io
import os
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.foundation.storage import PARTS, MissingFile
from portal.tickets.models import Attachment
from portal.tickets.service import attachments, leftovers
from tests.fixtures.world import NOW
from tests.tickets.making import filed

pytestmark = pytest.mark.usefixtures("noon")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def keep(session, runtime, world):
    def put(name="log.txt"):
        upload = FileStorage(io.BytesIO(b"words"), filename=name)
        files = attachments.keep(session, runtime.store, [upload], by=world.pm, at=NOW, limit=100)
        place = runtime.store._place(files[0].storage_key)
        os.utime(place, (NOW.timestamp(), NOW.timestamp()))
        return files[0]

    return put


@pytest.fixture
def clear(session, runtime, noon):
    def at(when):
        noon.move_to(when)
        session.commit()
        return leftovers.clearing(runtime.store)(runtime.writers, when)

    return at


def turn_of(key):
    """A time at which the clock looks into the folder of this key, a week on."""
    begin = int((NOW + 7 * DAY).timestamp())
    round_ = PARTS // leftovers.FOLDERS
    turn = int(key[:4], 16) // leftovers.FOLDERS
    first = begin // leftovers.TURN // round_ * round_ + turn
    return NOW + timedelta(seconds=(first + round_) * leftovers.TURN - NOW.timestamp())


def is_there(runtime, key):
    try:
        runtime.store.open(key).close()
    except MissingFile:
        return False
    return True


def test_a_file_of_a_form_that_was_left_goes_after_a_day(session, runtime, keep, clear):
    file = keep()
    assert clear(NOW + DAY) == 0
    assert is_there(runtime, file.storage_key)
    assert clear(NOW + DAY + MINUTE) == 1
    assert not is_there(runtime, file.storage_key)
    session.expire_all()
    assert session.scalars(select(Attachment)).all() == []


def test_a_file_on_a_ticket_stays(session, pack, world, runtime, keep, clear):
    file = keep()
    filed(session, pack, world.pm, NOW, files=[file])
    assert clear(NOW + DAY + MINUTE) == 0
    assert clear(turn_of(file.storage_key)) == 0
    assert is_there(runtime, file.storage_key)


def test_a_turn_removes_so_many_and_the_next_goes_on(keep, clear, monkeypatch):
    monkeypatch.setattr(leftovers, "MOST", 2)
    for _ in range(3):
        keep()
    assert [clear(NOW + DAY + MINUTE) for _ in range(3)] == [2, 1, 0]


def test_a_file_whose_transaction_failed_is_set_aside_and_goes_a_month_later(
    session, runtime, keep, clear, tmp_path
):
    key = keep().storage_key
    session.rollback()
    assert clear(NOW + DAY + MINUTE) == 0, "not its folder's turn"
    at = turn_of(key)
    assert clear(at) == 1
    assert not is_there(runtime, key)
    aside = runtime.settings.data / "files" / "aside" / key
    assert aside.read_bytes() == b"words"
    clear(at + leftovers.ASIDE)
    assert aside.exists()
    clear(at + leftovers.ASIDE + MINUTE)
    assert not aside.exists()


def test_every_folder_has_its_turn(runtime, monkeypatch):
    looked = set()
    monkeypatch.setattr(
        type(runtime.store), "old_keys", lambda _, part, __: looked.add(part) or set()
    )
    clear = leftovers.clearing(runtime.store)
    turns = PARTS // leftovers.FOLDERS
    for turn in (0, 1, turns - 1, turns):
        clear(runtime.writers, NOW - timedelta(seconds=turn * leftovers.TURN))
    parts = {part % PARTS for part in looked}
    assert len(looked) == 4 * leftovers.FOLDERS
    assert len(parts) == 3 * leftovers.FOLDERS, "after all turns the first folders come again"


def test_a_file_that_arrives_now_is_safe_from_a_clock_far_ahead(session, runtime, keep):
    key = keep().storage_key
    session.rollback()
    arriving = runtime.store._arrivals() / uuid4().hex
    arriving.write_bytes(b"half")
    os.utime(arriving, (NOW.timestamp(), NOW.timestamp()))
    assert leftovers.clearing(runtime.store)(runtime.writers, NOW + 400 * DAY) == 0
    assert is_there(runtime, key)
    assert arriving.exists()


def test_half_an_upload_goes_after_a_day(runtime, keep, clear):
    keep()
    arriving = runtime.store._arrivals() / uuid4().hex
    arriving.write_bytes(b"half")
    os.utime(arriving, (NOW.timestamp(), NOW.timestamp()))
    clear(NOW + DAY + MINUTE)
    assert not arriving.exists()
