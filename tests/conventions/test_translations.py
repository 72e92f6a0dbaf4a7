"""Every text that people see is in every catalogue; `make translate` collects new ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted(ROOT.glob("translations/*/LC_MESSAGES/messages.po"))
KEYWORDS = DEFAULT_KEYWORDS | {"lazy_gettext": None, "lazy_ngettext": (1, 2)}


def texts_of_the_source() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """Where it stands, the text (or its plural forms), and its context."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    for folder in ("portal", "widget", "templates"):
        for name, line, message, _comments, context in extract_from_dir(
            ROOT / folder, methods, options, keywords=KEYWORDS
        ):
            yield f"{folder}/{name}:{line}", message, context


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def test_spanish_is_there():
    assert "es" in {path.parent.parent.name for path in CATALOGUES}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_every_text_is_translated(path):
    known = catalogue(path)
    missing = []
    for place, text, context in texts_of_the_source():
        message = known.get(text, context)
        translated = message is not None and all(as_tuple(message.string)) and not message.fuzzy
        if not translated:
            missing.append(f"{place}: {text!r}")
    assert not missing, "translate these (make translate collects them):\n" + "\n".join(missing)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_the_catalogue_holds_no_doubts(path):
    known = catalogue(path)
    faults = [f"{message.id!r}: {error}" for message, errors in known.check() for error in errors]
    assert not faults, "\n".join(faults)
    assert not known.obsolete, "remove what the source no longer says"


def as_tuple(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
