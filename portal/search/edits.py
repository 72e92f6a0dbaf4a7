"""Words that somebody may have meant who typed another."""

from array import array
from collections.abc import Iterable, Sequence
from typing import Final

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_BITS: Final = {letter: 1 << number for number, letter in enumerate(_LETTERS[:31])}
_OTHER: Final = 1 << 31


def allowed(word: str) -> int:
    """How many letters may be wrong. Short words and numbers are what they are."""
    if len(word) < 4 or word[0].isdigit():
        return 0
    return 1 if len(word) < 8 else 2


class Near:
    """Words by their length, each with the letters that it has, so that few must be compared."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[int, list[str]] = {}
        self._masks: dict[int, array[int]] = {}
        for word in words:
            self._words.setdefault(len(word), []).append(word)
            self._masks.setdefault(len(word), array("I")).append(_mask(word))

    def to(self, word: str) -> list[tuple[int, str]]:
        """How far, and which; those that are two letters away only where none is nearer."""
        for most in range(1, allowed(word) + 1):
            if found := self._within(word, most):
                return found
        return []

    def _within(self, word: str, most: int) -> list[tuple[int, str]]:
        own, differing = _mask(word), 2 * most
        found: list[tuple[int, str]] = []
        for length in range(len(word) - most, len(word) + most + 1):
            words, masks = self._words.get(length, ()), self._masks.get(length, ())
            alike = [n for n, mask in enumerate(masks) if (mask ^ own).bit_count() <= differing]
            for number in alike:
                far = distance(word, words[number], most)
                if 0 < far <= most:
                    found.append((far, words[number]))
        return found


def _mask(word: str) -> int:
    mask = 0
    for letter in word:
        mask |= _BITS.get(letter, _OTHER)
    return mask


def distance(first: str, second: str, most: int) -> int:
    """Letters added, left out, wrong, or changed places with their neighbour; more than `most`
    is `most + 1`."""
    first, second = _differing(first, second)
    if abs(len(first) - len(second)) > most:
        return most + 1
    if not first or not second:
        return len(first) + len(second)
    if most == 1:
        swapped = len(first) == len(second) == 2 and first == second[::-1]
        return 1 if swapped or len(first) == len(second) == 1 else 2
    return _steps(first, second, most)


def _differing(first: str, second: str) -> tuple[str, str]:
    """Without what both begin and end with."""
    start, most = 0, min(len(first), len(second))
    while start < most and first[start] == second[start]:
        start += 1
    end = 0
    while end < most - start and first[-1 - end] == second[-1 - end]:
        end += 1
    return first[start : len(first) - end], second[start : len(second) - end]


def _steps(first: str, second: str, most: int) -> int:
    before: Sequence[int] = ()
    row: list[int] = list(range(len(second) + 1))
    for i, one in enumerate(first, start=1):
        now = [i]
        for j, other in enumerate(second, start=1):
            cost = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (one != other))
            if i > 1 and j > 1 and one == second[j - 2] and first[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, row = row, now
    return row[-1]


def splits(word: str) -> list[tuple[str, str]]:
    """Two words between which the space was left out."""
    return [(word[:at], word[at:]) for at in range(3, len(word) - 2)]
