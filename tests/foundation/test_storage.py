import errno
import hashlib
import io
import os
import resource
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from portal.foundation import images
from portal.foundation.storage import (
    LIMIT_BYTES,
    MissingFile,
    RefusedFile,
    Store,
    Stored,
    StoreUnavailable,
    serving_headers,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def store(root: Path) -> Store:
    return Store(root)


def put(store: Store, content: bytes, filename: str = "notes.txt", **options: int) -> Stored:
    return store.put(io.BytesIO(content), filename=filename, **options)


def picture(
    kind: str = "PNG", size: tuple[int, int] = (80, 60), mode: str = "RGB", **options: object
) -> bytes:
    output = io.BytesIO()
    Image.new(mode, size, "red" if mode != "P" else 1).save(output, kind, **options)
    return output.getvalue()


def zipped() -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("run.sh", "echo")
    return output.getvalue()


def files_in(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def refusal(store: Store, content: bytes, filename: str, **options: int) -> RefusedFile:
    with pytest.raises(RefusedFile) as refused:
        put(store, content, filename, **options)
    return refused.value


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def test_a_file_comes_back_as_it_was(store):
    content = os.urandom(300_000)
    stored = put(store, content, "../../plan.bin")
    assert stored.filename == "plan.bin"
    assert stored.size == 300_000
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert (stored.kind, stored.width, stored.height) == ("file", None, None)
    with store.open(stored.key) as file:
        assert file.read() == content


def test_the_same_file_twice_is_two_files(store):
    first, second = put(store, b"same"), put(store, b"same")
    assert first.key != second.key
    store.delete(first.key)
    with store.open(second.key) as file:
        assert file.read() == b"same"


def test_another_process_finds_it(store, root):
    with Store(root).open(put(store, b"hello").key) as file:
        assert file.read() == b"hello"


@pytest.mark.parametrize(
    ("content", "filename", "content_type"),
    [
        (b"hello", "a.txt", "text/plain"),
        ("ñ".encode(), "a.txt", "text/plain"),
        ("ñ".encode() * 5000 + b"x", "a.txt", "text/plain"),
        (b"a\x00b", "a.txt", "application/octet-stream"),
        (b"\xff\xfe\x00\x00", "a.txt", "application/octet-stream"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "plan.pdf", "application/pdf"),
        (zipped(), "all.zip", "application/zip"),
        (SVG, "logo.svg", "text/plain"),
        (HTML, "page.html", "text/plain"),
        (HTML, "page.pdf", "text/plain"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 20, "IMG_1.jpg", "image/heic"),
    ],
)
def test_types_are_read_from_the_bytes(store, content, filename, content_type):
    stored = put(store, content, filename)
    assert (stored.content_type, stored.kind) == (content_type, "file")


# Limits


def test_a_file_at_the_limit_is_taken_and_one_byte_more_is_not(store, root):
    assert put(store, b"x" * 1000, limit_bytes=1000).size == 1000
    refused = refusal(store, b"x" * 1001, "big.txt", limit_bytes=1000)
    assert refused.reason == "too_large"
    assert refused.params == {"filename": "big.txt", "limit_bytes": 1000}
    assert len(files_in(root)) == 1


class Endless(io.RawIOBase):
    """Gives bytes for ever and counts them."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        self.given += size
        return b"x" * size


def test_an_endless_upload_is_left_at_the_limit(store, root):
    stream = Endless()
    with pytest.raises(RefusedFile):
        store.put(stream, filename="a", limit_bytes=1_000_000)
    assert stream.given < 1_200_000
    assert files_in(root) == []


def test_thirty_megabytes_announced_are_refused_before_the_first_byte(store, root):
    stream = Endless()
    with pytest.raises(RefusedFile) as refused:
        store.put(stream, filename="a.mov", announced_bytes=30 * 1024 * 1024)
    assert refused.value.reason == "too_large"
    assert refused.value.params["limit_bytes"] == LIMIT_BYTES == 25 * 1024 * 1024
    assert stream.given == 0


def test_an_understated_size_does_not_help(store):
    assert refusal(store, b"x" * 2000, "a", limit_bytes=1000, announced_bytes=5).reason == (
        "too_large"
    )


def test_an_empty_file_is_refused(store, root):
    assert refusal(store, b"", "a.txt").reason == "empty"
    assert files_in(root) == []


# Pictures


@pytest.mark.parametrize(
    ("kind", "filename", "content_type"),
    [
        ("PNG", "a.png", "image/png"),
        ("JPEG", "a.jpg", "image/jpeg"),
        ("GIF", "a.gif", "image/gif"),
        ("WEBP", "a.webp", "image/webp"),
        ("PNG", "really-a-png.jpg", "image/png"),
        ("PNG", "no extension", "image/png"),
    ],
)
def test_pictures_are_measured_and_get_a_preview(store, kind, filename, content_type):
    stored = put(store, picture(kind, (800, 600)), filename)
    assert (stored.kind, stored.content_type) == ("image", content_type)
    assert (stored.width, stored.height) == (800, 600)
    with store.open_preview(stored.key) as file, Image.open(file) as preview:
        assert preview.format == "WEBP"
        assert preview.size == (640, 480)


def test_small_pictures_are_not_blown_up(store):
    stored = put(store, picture(size=(20, 10)), "a.png")
    with store.open_preview(stored.key) as file, Image.open(file) as preview:
        assert preview.size == (20, 10)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_every_depth_get_a_preview(store, mode):
    output = io.BytesIO()
    Image.new(mode, (30, 20)).save(output, "PNG")
    assert put(store, output.getvalue(), "a.png").kind == "image"


def test_cmyk_photos_get_a_preview(store):
    assert put(store, picture("JPEG", mode="CMYK"), "a.jpg").kind == "image"


def test_transparency_is_kept(store):
    output = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 100)).save(output, "PNG")
    stored = put(store, output.getvalue(), "a.png")
    with store.open_preview(stored.key) as file, Image.open(file) as preview:
        assert preview.mode == "RGBA"


def test_a_preview_tells_nothing_of_place_and_camera_and_stands_upright(store):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera of Ana"
    exif.get_ifd(0x8825)[2] = (40.0, 24.0, 59.0)  # GPS latitude
    source = picture("JPEG", (400, 200), exif=exif, comment=b"private", icc_profile=b"p" * 200)
    assert b"Camera of Ana" in source

    stored = put(store, source, "site.jpg")
    assert (stored.width, stored.height) == (200, 400)
    with store.open_preview(stored.key) as file:
        raw = file.read()
    for private in (b"Camera of Ana", b"Exif", b"EXIF", b"private", b"ICCP", b"XMP"):
        assert private not in raw
    with Image.open(io.BytesIO(raw)) as preview:
        assert preview.size == (200, 400)
        assert dict(preview.getexif()) == {}


def test_moving_pictures_are_taken_and_previewed_by_their_first_frame(store):
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "green", "blue")]
    output = io.BytesIO()
    frames[0].save(output, "GIF", save_all=True, append_images=frames[1:])
    stored = put(store, output.getvalue(), "a.gif")
    with store.open_preview(stored.key) as file, Image.open(file) as preview:
        assert getattr(preview, "n_frames", 1) == 1
    with store.open(stored.key) as file:
        assert file.read() == output.getvalue()


@pytest.mark.parametrize("filename", ["a.png", "A.JPG", "a.jpeg", "a.gif", "a.webp"])
@pytest.mark.parametrize("content", [zipped(), HTML, SVG, b"MZ\x90\x00", b"hello"])
def test_what_is_called_a_picture_must_be_one(store, root, filename, content):
    refused = refusal(store, content, filename)
    assert refused.reason == "not_an_image"
    assert refused.params["extension"] == "." + filename.rsplit(".")[-1].lower()
    assert files_in(root) == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_half_a_picture_is_refused(store, root, kind):
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    output = io.BytesIO()
    noise.save(output, kind)
    whole = output.getvalue()
    assert refusal(store, whole[: len(whole) // 2], f"a.{kind.lower()}").reason == "broken_image"
    assert files_in(root) == []


def bomb(side: int) -> bytes:
    """A PNG of side × side black pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" * (side // 8 + 1)
    data = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("side", [7_200, 20_000])
def test_decompression_bombs_are_refused_undecoded(store, root, side, monkeypatch):
    decoded = []
    load = ImageFile.ImageFile.load
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda image: decoded.append(1) or load(image))
    refused = refusal(store, bomb(side), "a.png")
    assert refused.reason == "too_many_pixels"
    assert refused.params["most_pixels"] == images.MOST_PIXELS
    assert not decoded
    assert files_in(root) == []
    put(store, picture(), "a.png")
    assert decoded  # had it been, it would have been noticed


def test_a_large_photo_is_no_bomb(store):
    stored = put(store, picture("JPEG", (8064, 6048)), "photo.jpg")
    assert (stored.width, stored.height) == (8064, 6048)


# Trouble


@pytest.mark.parametrize("key", ["", "..", "../../etc/passwd", "0" * 31, "G" * 32, "0" * 32 + "\n"])
def test_keys_are_no_paths(store, key):
    for action in (store.open, store.open_preview, store.delete):
        with pytest.raises(MissingFile):
            action(key)


def test_a_missing_file_is_said_to_be_missing(store):
    with pytest.raises(MissingFile):
        store.open("0" * 32)
    with pytest.raises(MissingFile):
        store.open_preview(put(store, b"only text").key)


def test_deleting_takes_the_preview_along_and_may_be_repeated(store, root):
    stored = put(store, picture(), "a.png")
    assert len(files_in(root)) == 2
    store.delete(stored.key)
    store.delete(stored.key)
    assert files_in(root) == []


def test_a_full_disk_leaves_nothing_behind(store, root):
    """The kernel refuses a file above the limit, in the middle of writing it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(StoreUnavailable):
            put(store, os.urandom(500_000), "a.bin")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files_in(root) == []
    assert put(store, os.urandom(500_000), "a.bin").size == 500_000


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_disk_that_fills_at_any_sync_leaves_nothing_behind(store, root, monkeypatch, failing):
    calls = []

    def fsync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == failing:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(StoreUnavailable, match="No space left"):
        put(store, picture(), "a.png")
    assert len(calls) == failing
    assert files_in(root) == []


def test_a_root_that_can_not_be_made(tmp_path):
    (tmp_path / "taken").write_text("a file, no folder")
    with pytest.raises(StoreUnavailable):
        put(Store(tmp_path / "taken"), b"hello")


def test_an_upload_that_breaks_off_leaves_nothing_behind(store, root):
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise RuntimeError("the client went away")

    with pytest.raises(RuntimeError):
        store.put(Broken(), filename="a")
    assert files_in(root) == []


def test_what_killed_processes_left_is_cleared_and_fresh_arrivals_stay(store, root):
    put(store, b"kept")
    arriving = root / "arriving"
    (arriving / "old").write_bytes(b"half")
    (arriving / "new").write_bytes(b"half")
    os.utime(arriving / "old", (1000, 1000))
    assert store.discard_unfinished(before=2000) == 1
    assert [path.name for path in arriving.iterdir()] == ["new"]
    assert len(files_in(root)) == 2


def test_clearing_before_the_first_file_is_fine(store):
    assert store.discard_unfinished(before=2000) == 0


# Serving


@pytest.mark.parametrize("content_type", ["image/png", "image/jpeg", "image/gif", "image/webp"])
def test_decoded_pictures_are_shown(content_type):
    headers = serving_headers(content_type, "a.png")
    assert headers["Content-Type"] == content_type
    assert headers["Content-Disposition"].startswith("inline;")


@pytest.mark.parametrize(
    ("content_type", "served"),
    [
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/html", "text/plain; charset=utf-8"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/xhtml+xml", "application/octet-stream"),
        ("application/javascript", "application/octet-stream"),
        ("application/pdf", "application/pdf"),
        ("image/heic", "image/heic"),
    ],
)
def test_everything_else_is_downloaded_as_something_inert(content_type, served):
    headers = serving_headers(content_type, "a.svg")
    assert headers["Content-Type"] == served
    assert headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("content_type", ["image/png", "text/html", "application/pdf"])
def test_every_file_is_served_behind_the_same_walls(content_type):
    headers = serving_headers(content_type, 'a"\r\nX-Evil: 1.png')
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"].startswith("private")
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert all(value.isprintable() and value.isascii() for value in headers.values())
