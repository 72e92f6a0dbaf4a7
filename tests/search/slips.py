"""Slips of the keys, the same each time."""

from random import Random

from portal.search.analysis import folded

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    key: (row[number - 1 : number] + row[number + 1 : number + 2])
    for row in _ROWS
    for number, key in enumerate(row)
}
_SHORTEST = 5  # letters of a word that is mistyped


def mistyped(words: str, chance: Random) -> str:
    """One letter of one word is left out, doubled, changed with the next or hit beside; words that
    are all short stay as they are."""
    parts = words.split()
    long = [at for at, part in enumerate(parts) if len(part) >= _SHORTEST and part.isalpha()]
    if long:
        at = chance.choice(long)
        parts[at] = _slip(parts[at], chance)
    return " ".join(parts)


def _slip(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    beside = chance.choice(_BESIDE.get(folded(letter), letter))
    return chance.choice(
        (
            before + after,
            before + letter + letter + after,
            before + after[0] + letter + after[1:],
            before + beside + after,
        )
    )
