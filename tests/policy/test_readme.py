"""What the README shows and lists is what the loader takes."""

import re
import tomllib
from pathlib import Path

import pytest

from portal.core.targets import parse_target
from portal.policy.documents import SHIPPED
from portal.policy.loader import load_file, shipped_packs
from portal.policy.pack import AUTOMATIC, MARKS, TONES

README = (SHIPPED / "README.md").read_text(encoding="utf-8")


def test_the_example_is_sound(tmp_path):
    path: Path = tmp_path / "small.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", README, re.S)[1], encoding="utf-8")
    assert load_file(path).key == "small"


ROWS = re.findall(r"^\| (`.*?) \|", README.partition("| target |")[2], re.M)


@pytest.mark.parametrize("row", ROWS)
def test_every_target_listed_can_be_read(row):
    for target in re.findall(r"`([^`]+)`", row):
        assert parse_target(target)


@pytest.mark.parametrize("word", [*shipped_packs(), *MARKS, *TONES, *AUTOMATIC])
def test_nothing_is_missing(word):
    assert f"`{word}`" in README


def _sections():
    """Every section that a shipped file uses, with the keys used in it."""
    for path in SHIPPED.glob("*.toml"):
        for section, value in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, dict) and section not in {"wording", "without"}:
                    yield from ((section, key) for key in entry)


@pytest.mark.parametrize(("section", "key"), sorted(set(_sections())))
def test_every_section_and_key_in_use_is_explained(section, key):
    assert f"[{section}" in README
    if section != "calendars":
        assert f"{key}`" in README or f".{key}]" in README or f"`{key}." in README
