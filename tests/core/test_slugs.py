"""Addresses made of titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.slugs import LONGEST, free_one, is_slug, slug_of


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Schedule a crew", "schedule-a-crew"),
        ("¿Cómo exporto el plan de Año Nuevo?", "como-exporto-el-plan-de-ano-nuevo"),
        ("Straße & Øre", "strasse-ore"),
        ("  --  ", ""),
        ("日本語", ""),
        ("C++ / C#", "c-c"),
    ],
)
def test_what_titles_become(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(st.text(max_size=400))
def test_what_comes_out_is_an_address_or_nothing(title: str) -> None:
    slug = slug_of(title)
    assert slug == "" or is_slug(slug)
    assert slug_of(slug) == slug


def test_a_long_title_ends_with_a_word() -> None:
    slug = slug_of("word " * 100)
    assert len(slug) <= LONGEST
    assert slug.endswith("word")


@pytest.mark.parametrize("wrong", ["", "A", "a--b", "-a", "a-", "a_b", "a/b", "á", "a" * 121])
def test_what_is_no_address(wrong: str) -> None:
    assert not is_slug(wrong)


def test_the_next_free_one() -> None:
    assert free_one("plan", set()) == "plan"
    assert free_one("plan", {"plan", "plan-2", "planet"}) == "plan-3"
    assert is_slug(free_one("a" * LONGEST, {"a" * LONGEST}))
