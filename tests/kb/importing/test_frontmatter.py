import pytest

from portal.kb.importing.frontmatter import part

BOMB = "a: &a [x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(20)
)


def test_names_and_values_stand_above_the_text() -> None:
    found = part("---\ntitle: A\ntags: [b, c]\n---\n\nText\n---\nmore")
    assert found.meta == {"title": "A", "tags": ["b", "c"]}
    assert found.body == "\nText\n---\nmore"
    assert found.above == 4
    assert found.fault is None


@pytest.mark.parametrize("text", ["Text", "", "---", "--- \nno end", "----\na: b\n----"])
def test_a_text_may_have_none(text: str) -> None:
    assert part(text).body == text
    assert part(text).fault is None


def test_what_is_broken_is_said_with_its_line_and_the_rest_is_saved() -> None:
    found = part("---\ntitle: Foo: bar\nsidebar_label: Baz\n---\nText")
    assert found.fault is not None
    assert found.fault[0] == 2
    assert found.meta == {"title": "Foo: bar", "sidebar_label": "Baz"}
    assert found.body == "Text"


@pytest.mark.parametrize(
    "meta",
    [
        BOMB,
        "a: !!python/object/apply:os.system ['true']",
        "- a\n- b",
        "a: [" * 5000,
        "a: \t- b: {",
        "x" * 70_000,
        "a: 2026-99-99",
        "? {}: b",
    ],
)
def test_nothing_in_it_does_harm(meta: str) -> None:
    found = part(f"---\n{meta}\n---\nText")
    assert found.body == "Text"
    assert len(str(found.meta)) < 100_000
