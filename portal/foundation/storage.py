"""Files kept in a directory, each under a random key.

What a file is called or claims to be is never believed: its type is read from its bytes, and
only pictures that could be decoded are ever shown inside a page.
"""

import hashlib
import os
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol
from uuid import uuid4

import filetype

from portal.foundation import images
from portal.foundation.filenames import clean_filename, disposition, extension

LIMIT_BYTES = 25 * 1024 * 1024
UNKNOWN = "application/octet-stream"
SHOWN = frozenset(images.TYPES.values())

PARTS = 256 * 256  # folders that the files are spread over

_CHUNK = 64 * 1024
_HEAD = 8192  # bytes, enough for every signature
_KEY = re.compile(r"[0-9a-f]{32}")


class RefusedFile(Exception):
    """The file can't be taken; `params` are facts for the sentence that says so.

    `reason`: too_large (limit_bytes), empty, not_an_image (extension), broken_image,
    too_many_pixels (most_pixels). All have filename.
    """

    def __init__(self, reason: str, filename: str, **params: Any) -> None:
        super().__init__(f"{reason}: {filename}")
        self.reason = reason
        self.params: dict[str, Any] = {"filename": filename, **params}


class MissingFile(Exception):
    """There is no file of this key."""


class StoreUnavailable(Exception):
    """The disk is full or gone. Nothing was kept, trying again later may help."""


@dataclass(frozen=True, slots=True)
class Stored:
    """`width` and `height` are in pixels, and None unless `kind` is image."""

    key: str
    filename: str
    size: int
    sha256: str
    content_type: str
    kind: Literal["image", "file"]
    width: int | None = None
    height: int | None = None


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Store:
    def __init__(self, root: Path) -> None:
        self._root = root

    def put(
        self,
        stream: Readable,
        *,
        filename: str,
        limit_bytes: int = LIMIT_BYTES,
        announced_bytes: int | None = None,
    ) -> Stored:
        """Keep what `stream` gives. Raises RefusedFile or StoreUnavailable, and keeps nothing.

        No more than `limit_bytes` are read; with `announced_bytes` above it, none at all.
        """
        name = clean_filename(filename)
        if (announced_bytes or 0) > limit_bytes:
            raise RefusedFile("too_large", name, limit_bytes=limit_bytes)
        key = uuid4().hex
        with self._arriving(key) as arriving:
            size, sha256 = _receive(stream, arriving, name, limit_bytes)
            content_type, picture = _examine(arriving, name)
            self._settle(key, arriving, picture)
        stored = Stored(key, name, size, sha256, content_type, "file")
        if picture is None:
            return stored
        return Stored(key, name, size, sha256, content_type, "image", picture.width, picture.height)

    def open(self, key: str) -> BinaryIO:
        """The file as it came. Raises MissingFile or StoreUnavailable."""
        return _opened(self._place(key))

    def open_preview(self, key: str) -> BinaryIO:
        """A small picture of type images.PREVIEW_TYPE. Raises as `open`, also for mere files."""
        return _opened(_preview_of(self._place(key)))

    def delete(self, key: str) -> None:
        """Afterwards it is gone, also when it was gone before."""
        place = self._place(key)
        with _disk():
            _preview_of(place).unlink(missing_ok=True)
            place.unlink(missing_ok=True)

    def discard_unfinished(self, before: float) -> int:
        """Remove what killed processes left half-written before this POSIX time; how many."""
        return _discard(self._arrivals(), before)

    def old_keys(self, part: int, before: float) -> set[str]:
        """The files of one of PARTS parts that were complete before this POSIX time."""
        first, second = divmod(part % PARTS, 256)
        folder = self._root / f"{first:02x}" / f"{second:02x}"
        return {path.stem for path in folder.glob("*") if _older(path, before)}

    def set_aside(self, key: str, at: float) -> None:
        """As deleted, but the bytes are still there until `discard_aside`."""
        place = self._place(key)
        with _disk():
            self._aside().mkdir(parents=True, exist_ok=True)
            for path in (_preview_of(place), place):
                with suppress(FileNotFoundError):
                    os.utime(path, (at, at))
                    path.rename(self._aside() / path.name)

    def discard_aside(self, before: float) -> int:
        """Remove what was set aside before this POSIX time; how many files."""
        return _discard(self._aside(), before)

    def _arrivals(self) -> Path:
        return self._root / "arriving"

    def _aside(self) -> Path:
        return self._root / "aside"

    def _place(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise MissingFile(key)
        return self._root / key[:2] / key[2:4] / key

    @contextmanager
    def _arriving(self, key: str) -> Iterator[Path]:
        with _disk():
            self._arrivals().mkdir(parents=True, exist_ok=True)
        path = self._arrivals() / key
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _settle(self, key: str, arriving: Path, picture: images.Picture | None) -> None:
        place = self._place(key)
        preview = _preview_of(place)
        with _disk():
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                if picture:
                    _write(preview, picture.preview)
                arriving.replace(place)
                _sync_folder(place.parent)
            except OSError:
                preview.unlink(missing_ok=True)
                place.unlink(missing_ok=True)
                raise


def _discard(folder: Path, before: float) -> int:
    gone = [path for path in folder.glob("*") if _older(path, before)]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:  # its own process was faster
        return False


def serving_headers(content_type: str, filename: str) -> dict[str, str]:
    """For handing a file to a browser so that nothing in it can run on our pages."""
    shown = content_type in SHOWN
    return {
        "Content-Type": content_type if shown else _inert(content_type),
        "Content-Disposition": disposition(filename, "inline" if shown else "attachment"),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=3600",
    }


def _inert(content_type: str) -> str:
    if content_type.startswith("text/"):
        return "text/plain; charset=utf-8"
    return UNKNOWN if re.search(r"html|xml|script", content_type) else content_type


def _receive(stream: Readable, target: Path, name: str, limit_bytes: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with _disk(), target.open("xb") as file:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit_bytes:
                raise RefusedFile("too_large", name, limit_bytes=limit_bytes)
            digest.update(chunk)
            file.write(chunk)
        if not size:
            raise RefusedFile("empty", name)
        _sync(file)
    return size, digest.hexdigest()


def _examine(file: Path, name: str) -> tuple[str, images.Picture | None]:
    with _disk(), file.open("rb") as opened:
        head = opened.read(_HEAD)
    content_type = _sniffed(head)
    if content_type in SHOWN:
        picture = _picture(file, name)
        return picture.content_type, picture
    if extension(name) in images.EXTENSIONS and not content_type.startswith("image/"):
        raise RefusedFile("not_an_image", name, extension=extension(name))
    return content_type, None


def _sniffed(head: bytes) -> str:
    if guess := filetype.guess(head):
        return "image/png" if guess.mime == "image/apng" else str(guess.mime)
    return "text/plain" if _reads_as_text(head) else UNKNOWN


def _reads_as_text(head: bytes) -> bool:
    try:
        return "\0" not in getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False


def _picture(file: Path, name: str) -> images.Picture:
    try:
        return images.examine(file)
    except images.TooManyPixels as error:
        raise RefusedFile("too_many_pixels", name, most_pixels=images.MOST_PIXELS) from error
    except images.BrokenPicture as error:
        raise RefusedFile("broken_image", name) from error


def _preview_of(place: Path) -> Path:
    return place.with_suffix(".preview")


def _opened(place: Path) -> BinaryIO:
    with _disk():
        try:
            return place.open("rb")
        except FileNotFoundError as error:
            raise MissingFile(place.name) from error


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        _sync(file)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(str(error)) from error
