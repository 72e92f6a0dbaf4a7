"""What moves a page up, each thing by itself: the same on both engines."""

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
