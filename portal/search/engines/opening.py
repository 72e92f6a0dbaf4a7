"""Opening what Whoosh wrote: it leaves files open that it can't make sense of."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from portal.search.engines.schema import SCHEMA


class _Storage(FileStorage):  # type: ignore[misc]
    def __init__(self, folder: Path, *, readonly: bool) -> None:
        super().__init__(str(folder), readonly=readonly)
        self.opened: list[Any] = []

    def open_file(self, name: str, **more: Any) -> Any:
        file = super().open_file(name, **more)
        self.opened.append(file)
        return file


@contextmanager
def opening(folder: Path, *, readonly: bool = False) -> Iterator[FileIndex]:
    """What is open at the end stays open, unless it ends with an error."""
    storage = _Storage(folder, readonly=readonly)
    try:
        yield FileIndex(storage, schema=SCHEMA)
    except BaseException:
        for file in storage.opened:
            if not file.is_closed:
                file.close()
        raise
    finally:
        storage.opened.clear()
