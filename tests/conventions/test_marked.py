"""What people read goes through the catalogues: no bare words in templates and in answers."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.conventions.test_translations import keywords

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path for path in (ROOT / "templates").rglob("*.html") if path.name != "_gallery.html"
)
LETTERS = sorted((ROOT / "templates").rglob("*.txt"))
SOURCES = sorted([*(ROOT / "portal").rglob("*.py"), *(ROOT / "widget").rglob("*.py")])

WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"^[A-Z][a-z]+( [a-z]|$)|[a-z]{2,} [a-z]+ [a-z]")
CLASSES = re.compile(r"({% block \w+_kind %})[^{]*({% endblock %})")
ALLOWED = {"Corbel", "English", "Español", "Enter", "Esc", "min"}  # names, keys, a unit
SPEAKERS = {"flask_babel", "portal.foundation.speech"}
READ_ALOUD = {"alt", "aria-label", "aria-description", "label", "placeholder", "title"}
NOT_READ = {"code", "kbd", "pre", "script", "style"}
LOOKS_LIKE_HTMX = re.compile(r"\b(from|delay|throttle):|^closest ")
SPEAKING = {  # what they are called with is shown to people
    "BooleanField", "DataRequired", "Email", "FileField", "InputRequired", "Length", "MomentField",
    "Problem", "SelectField", "StringField", "TextAreaField", "ValidationError", "flash",
}  # fmt: skip


def source_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def bare(source: str) -> str:
    """A template's own text: what Jinja fills in stands as blanks, on the same lines."""
    parts = []
    for _line, kind, value in Environment().lex(CLASSES.sub(r"\1\2", source)):
        parts.append(value if kind == "data" else "\n" * value.count("\n"))
    return "".join(parts)


class Words(HTMLParser):
    """Collects what a reader would see or hear: (line, text)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in NOT_READ:
            self.silent.append(tag)
        for name, value in attributes:
            if name in READ_ALOUD:
                self.found.append((self.getpos()[0], value or ""))

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append((self.getpos()[0], data))


def unmarked(page: str) -> list[tuple[int, str]]:
    words = Words()
    words.feed(bare(page))
    words.close()
    return [(line, text.strip()) for line, text in words.found if speaks(text)]


def speaks(text: str) -> bool:
    """Attributes, addresses and file names don't."""
    said = [part.strip(".,:;!?()“”…") for part in text.split()]
    return any(
        word not in ALLOWED
        for part in said
        if not re.search(r"^-|[=./_]", part)
        for word in WORD.findall(part)
    )


def marked_names() -> set[str]:
    return set(keywords())


def spoken_constants(template: str) -> Iterator[tuple[int, str]]:
    """Sentences inside {{ … }} and {% … %} that no _() stands around."""
    tree = Environment(extensions=["jinja2.ext.do"]).parse(template)
    marked = {
        id(constant)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in marked_names()
        for constant in call.find_all(nodes.Const)
    }
    for constant in tree.find_all(nodes.Const):
        text = constant.value
        if id(constant) not in marked and isinstance(text, str) and is_sentence(text):
            yield constant.lineno, text


def is_sentence(text: str) -> bool:
    return bool(SENTENCE.search(text)) and speaks(text) and not LOOKS_LIKE_HTMX.search(text)


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, getattr(node.func, "id", getattr(node.func, "attr", ""))


def texts(nodes_: list[ast.expr]) -> Iterator[ast.Constant]:
    for node in nodes_:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node


def is_error_as_text(node: ast.expr) -> bool:
    """str(error): what it says is for logs."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "str"
        and isinstance(node.args[0], ast.Name)
    )


@pytest.mark.parametrize("path", PAGES, ids=source_of)
def test_pages_have_no_bare_words(path):
    page = path.read_text()
    found = [f"{source_of(path)}:{line}: {text!r}" for line, text in unmarked(page)]
    assert not found, "put these into {{ _('…') }}:\n" + "\n".join(found)


@pytest.mark.parametrize("path", LETTERS, ids=source_of)
def test_plain_letters_have_no_bare_words(path):
    lines = enumerate(bare(path.read_text()).splitlines(), 1)
    found = [f"{source_of(path)}:{number}: {line!r}" for number, line in lines if speaks(line)]
    assert not found, "put these into {{ _('…') }}:\n" + "\n".join(found)


@pytest.mark.parametrize("path", PAGES + LETTERS, ids=source_of)
def test_expressions_of_templates_have_no_bare_sentences(path):
    said = spoken_constants(path.read_text())
    found = [f"{source_of(path)}:{line}: {text!r}" for line, text in said]
    assert not found, "put these into _('…'):\n" + "\n".join(found)


def test_answers_have_no_bare_sentences():
    found = []
    for path in SOURCES:
        for call, name in calls(ast.parse(path.read_text())):
            if name in SPEAKING:
                given = [*call.args, *(one.value for one in call.keywords)]
                said = [text for text in texts(given) if SENTENCE.search(text.value)]
                said += [text for text in given if is_error_as_text(text)]
                found += [f"{source_of(path)}:{one.lineno}: {ast.unparse(one)}" for one in said]
    assert not found, "put these into _('…') or _l('…'):\n" + "\n".join(found)


def test_marked_texts_stand_where_they_are_found():
    """pybabel reads a literal as the first argument, and on Python 3.11 not inside an f-string."""
    found = []
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        inside = {id(call) for string in strings for call, _name in calls(string)}
        found += [
            f"{source_of(path)}:{call.lineno}"
            for call, name in calls(tree)
            if name in marked_names() and isinstance(call.func, ast.Name)
            if id(call) in inside or not list(texts(call.args[:1]))
        ]
    assert not found, "give the text as a literal, outside f-strings:\n" + "\n".join(found)


def imported_words() -> Iterator[tuple[str, str, ast.alias]]:
    """Source, module and name of each import from where texts are worded."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module in SPEAKERS:
                for one in node.names:
                    yield source_of(path), str(node.module), one


def test_code_finds_its_words_past_flask_babels_context():
    slow = {"gettext", "ngettext", "lazy_gettext"}
    found = [
        f"{source}: {one.name}"
        for source, module, one in imported_words()
        if module == "flask_babel" and one.name in slow
    ]
    assert not found, f"portal.foundation.speech has these: {found}"


def test_aliases_are_known_to_the_extraction():
    strange = {
        f"{source}: {one.asname or one.name}"
        for source, _module, one in imported_words()
        if "gettext" in one.name and (one.asname or one.name) not in marked_names()
    }
    assert not strange, "pybabel does not look for these; name them in the Makefile"


@pytest.mark.parametrize(
    "page",
    [
        "<p>Hello there</p>",
        "<p>{{ _('Marked') }} and not</p>",
        "<p>{% if x %}Yes{% endif %}</p>",
        "<img alt='A picture'>",
        '<a title="Go {{ where }}" href="/">{{ icon("go") }}</a>',
    ],
)
def test_bare_words_are_noticed(page):
    assert unmarked(page)


@pytest.mark.parametrize(
    "page",
    [
        "<p>{{ _('Marked') }}</p>",
        "<p>{# told to nobody #}· &nbsp;<!-- nor this --></p>",
        "<a class='button wide' title=\"{{ _('Go') }}\">Corbel</a>",
        "<pre>curl example</pre><script>let them = 'be';</script>",
    ],
)
def test_marked_words_pass(page):
    assert not unmarked(page)


def test_sentences_in_expressions_are_noticed():
    assert list(spoken_constants("{{ alert('Something broke', _('Try again')) }}")) == [
        (1, "Something broke")
    ]
