"""An import beside a floor that only reads the files and renders their Markdown."""

import time
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

from portal.background import create_background
from portal.foundation.runtime import runtime_of
from portal.ops import database
from tests.bench import library
from tests.bench.filling import settings_of
from tests.bench.report import Figure
from tests.bench.stocking import take_in
from tests.bench.systems import scratch

FILES = 300
ROUNDS = 3
LIMIT = 4  # times as long


def measured() -> Iterator[Figure]:
    """The first round reads what both have to load, and is not counted."""
    with scratch("files") as tree:
        library.write(tree, FILES)
        bare, whole = [], []
        for _round in range(ROUNDS + 1):
            for language in library.LANGUAGES:
                bare.append(_floor(tree / language))
                whole.append(_import(tree / language, language))
    first = len(library.LANGUAGES)
    floor, taken = min(bare[first:]), min(whole[first:])
    yield Figure("import floor: read and rendered", FILES / floor, "/s")
    yield Figure(
        f"import of {FILES} files, in the floor's time",
        FILES / taken,
        "/s",
        ratio=taken / floor,
        limit=LIMIT,
        note="the quickest of each",
    )


def _floor(tree: Path) -> float:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    began = time.perf_counter()
    for file in sorted(tree.rglob("*.md")):
        reader.render(file.read_text("utf-8"))
    return time.perf_counter() - began


def _import(tree: Path, language: str) -> float:
    with scratch("import") as folder:
        settings = settings_of(folder)
        database.upgrade(settings.database_url)
        runtime = runtime_of(create_background(settings))
        began = time.perf_counter()
        take_in(runtime, tree, language)
        taken = time.perf_counter() - began
        runtime.engine.dispose()
    return taken
