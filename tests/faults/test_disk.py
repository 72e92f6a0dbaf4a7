"""The disk is full: the kernel lets no file of the web server grow any more."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.books import Books
from tests.faults.customers import post
from tests.fixtures.database import KIND
from tests.fixtures.live import Live, StartLive
from tests.fixtures.processes import eventually
from tests.fixtures.world import PASSWORD
from tests.support.visitors import WORDS, Visitor

pytestmark = pytest.mark.once

MEGABYTE = 1024 * 1024
LOG = ("site.log", b"x" * (6 * MEGABYTE))


@contextmanager
def full_above(system: Live, size: int) -> Iterator[None]:
    """Whatever the web server writes beyond this many bytes of a file is refused."""
    server = system.pid("web")
    soft, hard = resource.prlimit(server, resource.RLIMIT_FSIZE)
    resource.prlimit(server, resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.prlimit(server, resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_is_refused_by_name_and_the_words_stay(start_live: StartLive) -> None:
    system = start_live()
    with Books(system) as books, Visitor(system.url) as owner:
        books.hire()
        books.enrol("owner@acme.test", PASSWORD)
        owner.sign_in("owner@acme.test", PASSWORD)
        store = system.data / "files"
        store.touch()  # no folder: nothing can be kept in it, not even by root
        refused = owner.report("With a log", attachments=LOG)
        assert refused.status_code == 422
        assert "“site.log” could not be kept just now." in refused.text
        assert "With a log" in refused.text
        assert WORDS.splitlines()[0] in refused.text
        assert books.subjects() == {}
        store.unlink()

        with full_above(system, 5 * MEGABYTE):  # so that it doesn't even arrive
            assert owner.report("With a log", attachments=LOG).status_code == 503
        assert books.subjects() == {}
        assert [path for path in store.rglob("*") if path.is_file()] == []
        assert owner.report("With a log", attachments=LOG).status_code == 303
        assert books.subjects() == {"With a log": 1}


@pytest.mark.skipif(KIND != "sqlite", reason="the database's disk is another one")
def test_a_ticket_that_can_not_be_written_is_not_acknowledged(start_live: StartLive) -> None:
    system = start_live()
    with Books(system) as books, Visitor(system.url) as owner:
        books.hire()
        books.enrol("owner@acme.test", PASSWORD)
        token = books.token("owner@acme.test")
        owner.sign_in("owner@acme.test", PASSWORD)
        with full_above(system, 4096):
            form = owner.report("By form")
            program = post(system.url, token, "key", subject="By program")
            assert owner.get("/tickets").status_code == 200, "reading goes on"
        assert (form.status_code, program.status) == (503, 503)
        assert "What you wrote is kept on this page" in form.text
        assert books.subjects() == {}
        assert owner.send_again("/tickets/new", form).status_code == 303
        assert post(system.url, token, "key", subject="By program").status == 201
        assert books.subjects() == {"By form": 1, "By program": 1}
        eventually(lambda: books.undone() == 0, every=0.2)
        books.assert_nothing_is_half()
