"""What moves a page up, each thing by itself: the same on both engines."""

import math

import pytest
from sqlalchemy.orm import Session

from portal.search import vocabulary
from tests.search.conftest import Look, Put, titles

FILLING = "We write at length about something else here, and about other things as well. " * 12


def test_words_in_the_order_in_which_they_were_asked(shelve: Put, look: Look) -> None:
    body = "{} In the office we look at it on a large wall. " + FILLING
    shelve("One page", body=body.format("The order may change."))
    shelve("Other page", body=body.format("A change order."))
    assert titles(look("change order")) == ["Other page", "One page"]
    assert titles(look("order change")) == ["One page", "Other page"]


def test_a_heading_that_is_just_the_question(shelve: Put, look: Look) -> None:
    text = "Crews have reports. Export a report of a crew. "
    shelve("What a crew writes down each day", body=text * 2 + FILLING)
    shelve("Lists", headings=["Filter", "Export crew reports"], body=FILLING)
    assert titles(look("export crew reports"))[0] == "Lists"


def test_all_of_three_words_stand_together(shelve: Put, look: Look) -> None:
    apart = "A ladder. " + FILLING + " A permit. " + FILLING + " A neighbour. "
    shelve("One page", body=apart * 2)
    shelve("Other page", body=FILLING * 2 + "Show your neighbour the permit for a ladder.")
    assert titles(look("ladder permit neighbour"))[0] == "Other page"


@pytest.mark.parametrize(
    ("language", "words", "subject"),
    [
        ("es", "no me funciona el contrato", "Contrato"),
        ("es", "quisiera lograr que salga el contrato", "Contrato"),
        ("es", "el contrato no aparece, ¿qué hago?", "Contrato"),
        ("en", "somebody keeps asking for the contract", "Contract"),
        ("en", "how much does a contract often take", "Contract"),
    ],
)
def test_words_of_any_question_tell_little(
    shelve: Put, look: Look, language: str, words: str, subject: str
) -> None:
    shelve(subject, language, body=FILLING)
    shelve("Plan", language, body=f"{words.replace(subject.lower(), '')}. {FILLING}")
    assert titles(look(words, language))[0] == subject


def test_a_word_that_one_page_has_is_no_treasure(session: Session, shelve: Put) -> None:
    """It is often just another word for what the other pages say."""
    for number in range(50):
        text = "crane common" if number == 0 else "common" if number < 10 else "rest"
        shelve("Page", slug=f"page-{number}", body=text)
    told = vocabulary.rarities(session, "en", ["crane", "common", "page"])
    assert told["page"] < told["common"] < told["crane"] < math.log(1 + 50 / 2.5)


def test_a_browser_is_no_menu(shelve: Put, look: Look) -> None:
    """ "navegador" and "navegación" have one stem: what one is said with, the other is not."""
    shelve("Menú", "es", body="El menú tiene tres puntos.")
    assert titles(look("qué navegador", "es")) == []
    assert titles(look("ejemplos", "es")) == []


@pytest.mark.parametrize(
    ("language", "words", "said"),
    [
        ("en", "my money back", "A refund."),
        ("es", "pagar", "La compra."),
        ("en", "kids", "Children."),
    ],
)
def test_everyday_words_for_the_same(
    shelve: Put, look: Look, language: str, words: str, said: str
) -> None:
    shelve("Page", language, body=said)
    assert titles(look(words, language)) == ["Page"]
