from datetime import UTC, datetime, timedelta

import pytest

from portal.foundation.remembered import Remembered

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def answers():
    return iter(range(100))


def test_what_was_told_is_asked_again_after_a_while(answers):
    kept = Remembered(timedelta(minutes=10))

    def at(minutes):
        return kept.get("a", lambda: next(answers), at=NOON + timedelta(minutes=minutes))

    assert [at(0), at(9), at(10), at(11)] == [0, 0, 1, 1]
    assert at(-60) == 2  # a clock that went back


def test_what_is_forgotten_is_asked_at_once(answers):
    kept = Remembered(timedelta(minutes=10))
    assert kept.get("a", lambda: next(answers), at=NOON) == 0
    kept.forget("a")
    kept.forget("never known")
    assert kept.get("a", lambda: next(answers), at=NOON) == 1


def test_a_question_that_fails_is_asked_anew(answers):
    kept = Remembered(timedelta(minutes=10))
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0, at=NOON)
    assert kept.get("a", lambda: next(answers), at=NOON) == 0


def test_the_oldest_gives_way(answers):
    kept = Remembered(timedelta(minutes=10), most=2)
    for key in "abc":
        kept.get(key, lambda: next(answers), at=NOON)
    assert kept.get("b", lambda: next(answers), at=NOON) == 1
    assert kept.get("a", lambda: next(answers), at=NOON) == 3
