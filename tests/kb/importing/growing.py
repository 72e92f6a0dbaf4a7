"""Documentation trees for tests, and an import of them."""

import base64
from pathlib import Path

from sqlalchemy import Engine

from portal.core.audience import Audience
from portal.foundation.db import reading, session_factory
from portal.foundation.storage import Store
from portal.kb.importing.report import Report
from portal.kb.importing.running import Job, rehearse, run
from portal.kb.importing.storing import Choices
from tests.fixtures.world import NOW

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def grow(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".png"):
            path.write_bytes(PIXEL)
        else:
            path.write_text(text, "utf-8")
    return root


def imported(
    engine: Engine,
    store: Store,
    folder: Path,
    language: str = "en",
    *,
    audience: Audience | None = None,
    prune: bool = False,
    name: str = "docs",
) -> Report:
    job = Job(folder, Choices(language, audience), name=name, prune=prune)
    writers, readers = session_factory(engine), session_factory(reading(engine))
    return run(job, writers, readers, store, at=NOW, progress=lambda *_: None)


def rehearsed(engine: Engine, folder: Path, language: str = "en", *, name: str = "docs") -> Report:
    job = Job(folder, Choices(language), name=name)
    readers = session_factory(reading(engine))
    return rehearse(job, readers, at=NOW, progress=lambda *_: None)
