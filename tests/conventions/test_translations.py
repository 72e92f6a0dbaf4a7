"""Every text that people see is in every catalogue; `make translate` collects new ones."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted(ROOT.glob("translations/*/LC_MESSAGES/messages.po"))
LANGUAGES = [path.parent.parent.name for path in CATALOGUES]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[a-z]|\{\w*\}")
ENDS = {".": ".", ":": ":", "…": "…", "?": "?", "!": "!", ",": ":"}  # "Hello Ana," is "Hola, Ana:"
SAME_IN_SPANISH = {
    "%(minutes)s min",
    "Australia",
    "Auto",
    "Ctrl",
    "Ctrl + Enter",
    "Error:",
    "Idea",
    "Ideas",
    "Plan",
    "Tokens",
}

each_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)


def keywords() -> dict[str, object]:
    """What the Makefile tells pybabel to look for."""
    named = re.findall(r"-k (\S+)", (ROOT / "Makefile").read_text())
    return DEFAULT_KEYWORDS | parse_keywords(named)


@cache
def texts_of_the_source() -> list[tuple[str, str | tuple[str, ...], str | None]]:
    """Where it stands, the text (or its plural forms), and its context."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    return [
        (f"{folder}/{name}:{line}", message, context)
        for folder in ("portal", "widget", "templates")
        for name, line, message, _comments, context in extract_from_dir(
            ROOT / folder, methods, options, keywords=keywords()
        )
    ]


@cache
def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def pairs(path: Path) -> Iterator[tuple[str, str]]:
    """Each translated text beside its source; of plurals the last forms."""
    for message in catalogue(path):
        if message.id:
            yield as_tuple(message.id)[-1], as_tuple(message.string)[-1]


def test_spanish_is_there():
    assert "es" in LANGUAGES


@each_catalogue
def test_every_text_is_translated(path):
    known = catalogue(path)
    missing = []
    for place, text, context in texts_of_the_source():
        message = known.get(text, context)
        if message is None or message.fuzzy or not all(as_tuple(message.string)):
            missing.append(f"{place}: {text!r}")
    assert not missing, "translate these (make translate collects them):\n" + "\n".join(missing)


@each_catalogue
def test_nothing_is_kept_that_the_source_no_longer_says(path):
    said = {(as_tuple(text)[0], context) for _place, text, context in texts_of_the_source()}
    known = catalogue(path)
    over = [message.id for message in known if message.id and identity(message) not in said]
    assert not over, f"make translate drops these: {over}"
    assert not known.obsolete, "remove what the source no longer says"


@each_catalogue
def test_the_catalogue_holds_no_doubts(path):
    faults = [f"{one.id!r}: {error}" for one, errors in catalogue(path).check() for error in errors]
    assert not faults, "\n".join(faults)


@each_catalogue
def test_gaps_are_filled_alike(path):
    wrong = [
        f"{source!r} → {text!r}"
        for source, text in pairs(path)
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(text))
    ]
    assert not wrong, "placeholders differ:\n" + "\n".join(wrong)


@each_catalogue
def test_edges_are_alike(path):
    wrong = [
        f"{source!r} → {text!r}" for source, text in pairs(path) if edges(source) != edges(text)
    ]
    assert not wrong, "blanks or the mark at the end differ:\n" + "\n".join(wrong)


def test_spanish_questions_open_and_close():
    wrong = [text for _source, text in pairs(spanish()) if not opens_what_it_closes(text)]
    assert not wrong


def test_spanish_is_no_copy_of_the_english():
    copied = {
        source
        for source, text in pairs(spanish())
        if source == text and re.search(r"[a-z]{2}", PLACEHOLDER.sub("", source))
    }
    assert copied <= SAME_IN_SPANISH


def spanish() -> Path:
    return CATALOGUES[LANGUAGES.index("es")]


def identity(message: Message) -> tuple[str, str | None]:
    return as_tuple(message.id)[0], message.context


def edges(text: str) -> tuple[str, str, str]:
    """Blanks before and after, and the mark that ends it."""
    core = text.strip()
    before, after = text.split(core)[0], text.rsplit(core)[-1]
    return before, after, ENDS.get(core[-1], "")


def opens_what_it_closes(text: str) -> bool:
    return text.count("?") == text.count("¿") and text.count("!") == text.count("¡")


def as_tuple(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
