"""Put, find, take back: the same on both engines."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from portal.core.audience import Gate, Reader
from portal.core.permissions import Role
from portal.foundation.runtime import Runtime
from portal.search.service import put, put_all, remove
from tests.search.conftest import Look, Put, document, keep_up, titles


@pytest.fixture
def shelf(shelve: Put) -> None:
    shelve(
        "Send an invoice",
        body="Open the project and choose Invoices. Press Send.",
        module="billing",
    )
    shelve(
        "Set up scheduling", headings=["Working days"], body="You can log in and set up the week."
    )
    shelve("Enviar una factura", "es", body="Elige Facturas. Configuración de imágenes.")


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("how do I send invoices", "Send an invoice"),
        ("setup schedule", "Set up scheduling"),
        ("login", "Set up scheduling"),
        ("log-in", "Set up scheduling"),
        ("working day", "Set up scheduling"),
        ('"press send"', "Send an invoice"),
    ],
)
def test_words_in_their_forms(shelf: None, look: Look, words: str, title: str) -> None:
    assert titles(look(words)) == [title]


@pytest.mark.parametrize("words", ["configuracion imagen", "CONFIGURACIÓN DE IMÁGENES", "imágen"])
def test_accents_are_optional(shelf: None, look: Look, words: str) -> None:
    assert titles(look(words, "es")) == ["Enviar una factura"]


def test_another_language_fills_up(shelf: None, look: Look) -> None:
    found = look("factura")
    assert [hit.language for hit in found.hits] == ["es"]


def test_a_word_left_out(shelf: None, look: Look) -> None:
    assert titles(look("invoice -press")) == []
    assert titles(look("invoice -banana")) == ["Send an invoice"]


@pytest.mark.parametrize("words", ["", " ", "*", "[", "((", '"', "-", "¿?", "\0", "\ud800"])
def test_a_question_without_a_word(shelf: None, look: Look, words: str) -> None:
    assert look(words).hits == ()


def test_the_last_word_may_go_on(shelf: None, look: Look) -> None:
    assert titles(look("sched", typing=True)) == ["Set up scheduling"]


def test_what_was_meant_is_said(shelf: None, look: Look) -> None:
    found = look("how to send an invocie")
    assert (found.corrected, titles(found)) == ("how to send an invoice", ["Send an invoice"])
    assert titles(look("invocie", as_written=True)) == []


def test_a_word_of_another_language_is_no_slip(shelf: None, shelve: Put, look: Look) -> None:
    shelve("Pago final", "es", body="Cómo se paga lo último.")
    shelve("Pages of a plan", body="Turn the page of a plan.")
    found = look("pago")
    assert (found.corrected, titles(found)) == ("", ["Pago final", "Pages of a plan"])
    assert look("pago plan").corrected == "page plan"
    assert titles(look("PAGO FÍNAL"))[0] == "Pago final"
    shelve("Páginas", "es", body="El pagador.", gates=frozenset({Gate.STAFF}))
    found = look("pagador final")
    assert titles(found) == ["Pago final"]


def test_a_word_that_one_may_not_read_is_a_slip(shelve: Put, look: Look) -> None:
    shelve("Pages of Vegas", body="A page about Vegas.")
    shelve("Pago final", "es")
    shelve("Vigas", "es", gates=frozenset({Gate.STAFF}))
    assert look("pago vigas").corrected == "page vegas"
    assert look("pago vigas", reader=Reader(Role.AGENT)).corrected == ""


def test_words_are_marked_and_all_else_escaped(shelve: Put, look: Look) -> None:
    shelve("Tags", body="Write <script>alert(1)</script> & the invoice's tag.")
    (hit,) = look("invoice").hits
    assert str(hit.snippet) == (
        "Write &lt;script&gt;alert(1)&lt;/script&gt; &amp; the <mark>invoice</mark>&#39;s tag."
    )


def test_what_is_taken_back_is_found_no_more(
    shelf: None, look: Look, session: Session, now: datetime, runtime: Runtime
) -> None:
    gone = document("Send an invoice")
    remove(session, gone.kind, gone.object_id, at=now)
    session.commit()
    assert titles(look("invoice")) == []
    keep_up(runtime)
    assert titles(look("invoice")) == []
    put(session, gone, at=now)
    session.commit()
    assert titles(look("invoice")) == ["Send an invoice"]


def test_a_change_is_found_at_once(
    shelf: None, look: Look, session: Session, now: datetime, runtime: Runtime
) -> None:
    put(session, document("Send an invoice", body="Choose a letterhead."), at=now)
    session.commit()
    for _before_and_after_the_index in range(2):
        assert titles(look("letterhead")) == ["Send an invoice"]
        assert titles(look('"press send"')) == []
        keep_up(runtime)


def test_nobody_finds_what_they_may_not_read(shelve: Put, look: Look) -> None:
    shelve("Zephyr margins", gates=frozenset({Gate.STAFF}), module="zephyr")
    shelve("Margins", body="How wide a page is.")
    staff = Reader(Role.AGENT)
    assert titles(look("zephyr margins", reader=staff)) == ["Zephyr margins", "Margins"]
    found = look("zephyr margins")
    assert titles(found) == ["Margins"]
    assert (found.total, found.facets["module"]) == (1, {})
    assert look("zephir").corrected == ""
    assert look("zephir", reader=staff).corrected == "zephyr"
    assert look("zeph", typing=True).total == 0


def test_counts_and_narrowing(shelf: None, shelve: Put, look: Look) -> None:
    shelve("Invoices on film", kind="video", module="billing", body="A film on invoices.")
    found = look("invoice")
    assert found.total == 2
    assert found.facets["kind"] == {"article": 1, "video": 1}
    assert titles(look("invoice", kinds=["video"])) == ["Invoices on film"]
    assert look("invoice", only_module="scheduling").total == 0


def test_pages_make_one_list_however_far_one_looks(
    runtime: Runtime, session: Session, now: datetime, look: Look
) -> None:
    put_all(
        session,
        [
            document(
                f"Number {number}" if number % 3 else f"Invoice number {number}",
                body="Send it. " * (number % 5) + "The invoice. " * (number % 7 + 1),
            )
            for number in range(45)
        ],
        at=now,
    )
    session.commit()
    keep_up(runtime)
    whole = look("send invoice", limit=45).hits
    assert len({hit.id for hit in whole}) == 45
    assert sorted((hit.score for hit in whole), reverse=True) == [hit.score for hit in whole]
    pages = [look("send invoice", limit=10, offset=10 * page).hits for page in range(5)]
    assert [hit.id for page in pages for hit in page] == [hit.id for hit in whole]
