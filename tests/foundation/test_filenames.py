import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.filenames import LONGEST, clean_filename, disposition, extension


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("plan.pdf", "plan.pdf"),
        ("Presupuesto año 2026.xlsx", "Presupuesto año 2026.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\ana\\plan.pdf", "plan.pdf"),
        ("/", "file"),
        ("", "file"),
        ("..", "file"),
        ("   ", "file"),
        (".htaccess", "htaccess"),
        ("a\x00b\r\nc\td.txt", "abcd.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\ud800b.txt", "ab.txt"),
        ('a<b>:"c|d?*.txt', "a_b___c_d__.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("COM1.log", "_COM1.log"),
        ("console.log", "console.log"),
        ("trailing. . ", "trailing"),
        ("two  spaces.txt", "two spaces.txt"),
        ("家 🏗️.png", "家 🏗️.png"),
        ("e\u0301.txt", "é.txt"),
    ],
)
def test_names_are_made_harmless(name, clean):
    assert clean_filename(name) == clean


def test_long_names_keep_their_extension():
    name = clean_filename("x" * 500 + ".pdf")
    assert len(name) <= LONGEST
    assert name.endswith("x.pdf")


def test_a_long_extension_is_none():
    assert len(clean_filename("a." + "x" * 500)) <= LONGEST


@given(st.text(max_size=300))
def test_any_name_becomes_a_safe_one_and_stays_it(name):
    clean = clean_filename(name)
    assert 0 < len(clean) <= LONGEST
    assert not re.search(r'[/\\\x00-\x1f<>:"|?*\u202e]', clean)
    assert not clean.startswith(".")
    assert clean_filename(clean) == clean


@pytest.mark.parametrize(
    ("name", "found"), [("a.PNG", ".png"), ("a.tar.gz", ".gz"), ("a", ""), (".png", "")]
)
def test_extensions(name, found):
    assert extension(name) == found


def test_disposition_gives_old_and_new_clients_a_name():
    assert disposition("Plano año.pdf", "attachment") == (
        "attachment; filename=\"Plano ano.pdf\"; filename*=UTF-8''Plano%20a%C3%B1o.pdf"
    )


def test_disposition_of_a_name_without_ascii():
    assert disposition("家", "inline") == "inline; filename=\"file\"; filename*=UTF-8''%E5%AE%B6"


@given(st.text(max_size=200))
def test_disposition_is_one_safe_header_line(name):
    header = disposition(name, "attachment")
    assert header.isascii()
    assert header.isprintable()
    assert re.fullmatch(
        r"attachment; filename=\"[^\"\\]+\"; filename\*=UTF-8''[A-Za-z0-9%._~-]+", header
    )
