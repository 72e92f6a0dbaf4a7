"""Where finished exports lie: files of our own making, each named by its row, for some days."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID


class Shelf:
    def __init__(self, data: Path) -> None:
        self._folder = data / "exports"

    @contextmanager
    def making(self, key: UUID) -> Iterator[BinaryIO]:
        """A file that is there once it is complete; one that was begun before is begun anew."""
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._unfinished(key)
        try:
            with unfinished.open("w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._place(key))
        finally:
            unfinished.unlink(missing_ok=True)

    def open(self, key: UUID) -> BinaryIO:
        """Raises FileNotFoundError."""
        return self._place(key).open("rb")

    def size(self, key: UUID) -> int:
        return self._place(key).stat().st_size

    def clear(self, key: UUID) -> None:
        """Afterwards nothing of it is there, also of one that was never finished."""
        for path in (self._unfinished(key), self._place(key)):
            path.unlink(missing_ok=True)

    def _place(self, key: UUID) -> Path:
        return self._folder / f"{key.hex}.zip"

    def _unfinished(self, key: UUID) -> Path:
        return self._folder / f"{key.hex}.part"
