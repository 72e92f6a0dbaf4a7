"""Pictures and files of a tree, kept in the store once each."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.foundation.filenames import clean_filename
from portal.foundation.ids import uuid7
from portal.foundation.storage import RefusedFile, Store
from portal.kb.addresses import file_path
from portal.kb.models import KbFile

LIMIT = 25 * 1024 * 1024


class Files:
    """`kept` gives the address of a file here; `fresh` are rows that nobody has added yet."""

    def __init__(self, store: Store | None, project: Path, at: datetime) -> None:
        """Without a store nothing is kept, and addresses are made up."""
        self._store = store
        self._project = project
        self._at = at
        self._known: dict[str, tuple[UUID, str]] = {}  # by their bytes
        self._addresses: dict[Path, str] = {}
        self.fresh: list[KbFile] = []
        self.count = 0

    def learn(self, session: Session) -> None:
        rows = select(KbFile.sha256, KbFile.filename, KbFile.id).where(KbFile.original_id.is_(None))
        for sha256, filename, key in session.execute(rows.order_by(KbFile.id.desc())):
            self._known[sha256] = key, filename

    def kept(self, path: Path, say: Callable[[str, str], None]) -> str:
        """Nothing for what the store refuses."""
        if path.suffix.lower() == ".svg":
            say("drawing", path.name)
        if path not in self._addresses:
            self._addresses[path] = self._keep(path, say)
        return self._addresses[path]

    def _keep(self, path: Path, say: Callable[[str, str], None]) -> str:
        name = clean_filename(path.name)
        if path.stat().st_size > LIMIT:
            say("refused_file", path.name)
            return ""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest not in self._known:
            key = self._put(path, name, say)
            if key is None:
                return ""
            self._known[digest] = key, name
        self.count += 1
        key, name = self._known[digest]
        return file_path(key, name.replace(" ", "%20"))

    def _put(self, path: Path, name: str, say: Callable[[str, str], None]) -> UUID | None:
        if self._store is None:
            return uuid7()
        try:
            with path.open("rb") as file:
                stored = self._store.put(file, filename=name, limit_bytes=LIMIT)
        except RefusedFile as refused:
            say("refused_file", f"{path.name}: {refused.reason}")
            return None
        row = KbFile(
            id=uuid7(),
            filename=stored.filename,
            content_type=stored.content_type,
            size=stored.size,
            sha256=stored.sha256,
            storage_key=stored.key,
            width=stored.width,
            height=stored.height,
            source=path.relative_to(self._project).as_posix()[:400],
            created_at=self._at,
        )
        self.fresh.append(row)
        return row.id
