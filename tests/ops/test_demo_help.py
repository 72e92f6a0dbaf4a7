"""The demo's help centre as it lies in its folder."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.config import PLATFORM_NAME
from portal.core.audience import Audience
from portal.core.permissions import Role
from portal.policy.loader import load_pack

HELP = Path("portal/ops/demo/help")
LANGUAGES = ("en", "es")
ONLY_IN_ENGLISH = "start/export-your-data.md"
HEAVIEST_PICTURE = 60_000
MODULES = {
    module for category in load_pack("module-46").categories.values() for module in category.modules
}


def _articles(language: str) -> dict[str, Path]:
    root = HELP / language
    return {str(path.relative_to(root)): path for path in sorted(root.rglob("*.md"))}


EVERY = [path for language in LANGUAGES for path in _articles(language).values()]


def _front_matter(path: Path) -> dict[str, Any]:
    _, matter, _body = path.read_text().split("---\n", 2)
    read: dict[str, Any] = yaml.safe_load(matter)
    return read


def _slugs(language: str) -> list[str]:
    return [_front_matter(path)["slug"].removeprefix("/") for path in _articles(language).values()]


def _questions() -> list[dict[str, str]]:
    asked: list[dict[str, str]] = tomllib.loads((HELP / "questions.toml").read_text())["questions"]
    return asked


def test_every_article_but_one_is_there_in_both_languages() -> None:
    assert _articles("en").keys() - _articles("es").keys() == {ONLY_IN_ENGLISH}
    assert _articles("es").keys() <= _articles("en").keys()


def test_what_holds_in_every_language_is_the_same() -> None:
    shared = ("module", "roles", "audience", "applies_to", "sidebar_position", "review_by", "video")
    english = _articles("en")
    for name, path in _articles("es").items():
        original, translation = _front_matter(english[name]), _front_matter(path)
        for key in shared:
            assert translation.get(key) == original.get(key), f"{name}: {key}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_address_leads_to_two_articles(language: str) -> None:
    assert [slug for slug, times in Counter(_slugs(language)).items() if times > 1] == []


@pytest.mark.parametrize("path", EVERY, ids=str)
def test_front_matter_says_what_readers_and_gates_need(path: Path) -> None:
    matter = _front_matter(path)
    assert matter["title"]
    assert matter["description"]
    assert matter["tags"]
    assert matter["audience"] in set(Audience)
    assert set(matter.get("roles", ())) <= set(Role)
    assert matter["module"] in MODULES


def test_nothing_for_clients_or_vendors_names_the_platform() -> None:
    telling = re.compile(rf"{PLATFORM_NAME}|platform\.test|\bplatform\b|\bplataforma\b", re.I)
    for path in EVERY:
        roles = set(_front_matter(path).get("roles", ()))
        if roles & {Role.CLIENT, Role.VENDOR}:
            assert not telling.search(path.read_text()), path


def test_clients_and_vendors_are_led_to_nothing_that_they_cannot_read() -> None:
    for path in EVERY:
        for role in {Role.CLIENT, Role.VENDOR} & set(_front_matter(path).get("roles", ())):
            for target in re.findall(r"\]\((\.[^)#]+\.md)", path.read_text()):
                assert role in _front_matter(path.parent / target)["roles"], f"{path}: {target}"


def test_a_picture_says_what_it_shows_and_is_not_heavy() -> None:
    pictures = dict.fromkeys(HELP.glob("*/img/*.png"), 0)
    for path in EVERY:
        for words, target, caption in re.findall(
            r"!\[([^]]*)\]\((\S+) \"([^\"]+)\"\)", path.read_text()
        ):
            assert len(words) > 20, path
            assert caption
            pictures[path.parents[1] / target.removeprefix("../")] += 1
    assert set(pictures.values()) == {1}
    assert max(picture.stat().st_size for picture in pictures) < HEAVIEST_PICTURE


def test_questions_have_an_answer_or_are_known_to_have_none() -> None:
    asked = _questions()
    slugs = {language: set(_slugs(language)) for language in LANGUAGES}
    wrong = [
        one["words"] for one in asked if one["slug"] and one["slug"] not in slugs[one["language"]]
    ]
    assert wrong == []
    assert len(asked) == 124
    assert sum(not one["slug"] for one in asked) == 25
    assert {one["role"] for one in asked} == {"owner", "pm", "field", "client", "vendor", "agent"}
