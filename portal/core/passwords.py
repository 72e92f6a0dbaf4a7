"""What a new password must be: long, and not what anybody would try first.

No rules of composition: length is what helps (NIST SP 800-63B §3.1.1.2, ASVS 5.0 §6.2).
"""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum

SHORTEST = 12
LONGEST = 200  # characters; argon2 takes more, a person does not
NAMES_FROM = 4  # letters; shorter names stand in too many words

# What leaked lists hold of at least twelve characters, without those that are a run or one word
# said twice, which `_is_a_pattern` knows.
COMMON = frozenset(
    [
        "password1234",
        "password12345",
        "password123456",
        "passw0rd1234",
        "p@ssw0rd1234",
        "password2024",
        "password2025",
        "password2026",
        "mypassword123",
        "thisismypassword",
        "passwordpassword",
        "letmeinletmein",
        "letmeinplease",
        "changeme1234",
        "changemenow123",
        "welcome12345",
        "welcome123456",
        "welcomehome123",
        "administrator",
        "administrator1",
        "admin1234567",
        "adminadmin123",
        "qwerty123456",
        "qwerty1234567",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyuiopasdf",
        "qwertyqwerty1",
        "1q2w3e4r5t6y",
        "1q2w3e4r5t6y7u",
        "1qaz2wsx3edc",
        "1qaz2wsx3edc4rfv",
        "zaq12wsxcde3",
        "asdfghjkl123",
        "asdfghjklqwe",
        "zxcvbnm12345",
        "zxcvbnmasdfg",
        "iloveyou1234",
        "iloveyou12345",
        "iloveyouforever",
        "ilovemyfamily",
        "iloveyousomuch",
        "princess1234",
        "sunshine1234",
        "football1234",
        "baseball1234",
        "liverpool1234",
        "superman1234",
        "batman123456",
        "dragon123456",
        "monkey123456",
        "master123456",
        "michael12345",
        "jennifer1234",
        "trustno1trustno1",
        "abc123abc123",
        "abcd12345678",
        "a123456789012",
        "aa1234567890",
        "1234567890qwe",
        "123456789abc",
        "1234567890abc",
        "123qweasdzxc",
        "qweasdzxc123",
        "secret123456",
        "supersecret123",
        "correcthorsebatterystaple",
        "contraseña123",
        "contrasena123",
        "contraseña1234",
        "contrasena1234",
        "micontraseña1",
        "tequieromucho",
        "teamomucho123",
        "holahola1234",
        "hola12345678",
        "bienvenido123",
        "administrador",
    ]
)
RUNS = ("0123456789" * 3, "abcdefghijklmnopqrstuvwxyz" * 2, "qwertyuiop", "asdfghjkl", "zxcvbnm")


class Weakness(StrEnum):
    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    PERSONAL = "personal"  # it is the person's own name, address or company, or ours


def as_typed(password: str) -> str:
    """The same password however a keyboard composes its letters (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def weakness(password: str, names: Iterable[str]) -> Weakness | None:
    """`names` are what anybody knows of the person and the product."""
    typed = as_typed(password)
    if len(typed) < SHORTEST:
        return Weakness.SHORT
    if len(typed) > LONGEST:
        return Weakness.LONG
    plain = typed.casefold()
    if plain in COMMON or _is_a_pattern(plain):
        return Weakness.COMMON
    return Weakness.PERSONAL if _is_made_of(plain, names) else None


def _is_a_pattern(plain: str) -> bool:
    """One part said again and again, or a run of the keyboard or the alphabet."""
    again = (plain + plain).find(plain, 1) < len(plain)
    return again or any(plain in run or plain in run[::-1] for run in RUNS)


def _is_made_of(plain: str, names: Iterable[str]) -> bool:
    """Nothing but names, digits and marks."""
    rest = plain
    for name in sorted(_words(names), key=len, reverse=True):
        rest = rest.replace(name, "")
    return rest != plain and not any(letter.isalpha() for letter in rest)


def _words(names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for name in names:
        plain = as_typed(name).casefold()
        parts = "".join(c if c.isalnum() else " " for c in plain).split()
        found |= {plain, "".join(parts), *parts}
    return {name for name in found if len(name) >= NAMES_FROM}
