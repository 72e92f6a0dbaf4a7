"""A logo is decoded and drawn anew; what could run is refused with its reason."""

import io
import zlib
from struct import pack

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from portal.branding import pictures, queries
from portal.branding.pictures import LIMIT_BYTES, RefusedPicture
from portal.foundation.tenancy import see
from portal.tickets.service import leftovers
from tests.fixtures.world import NOW


def drawn(kind="PNG", size=(600, 200), colour="#b4532a", **options):
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind, **options)
    return made.getvalue()


@pytest.fixture
def take(session, runtime, world):
    see(session, world.acme.id)

    def taking(content, kind="logo"):
        stream = io.BytesIO(content)
        return pictures.take(
            session, runtime.store, stream, kind=kind, builder_id=world.acme.id, at=NOW
        )

    return taking


def content_of(session, runtime, world, size):
    row = queries.image(session, world.acme.id, size.digest)
    with runtime.store.open(row.storage_key) as file:
        return file.read()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_every_usual_format_is_taken(take, kind):
    found = take(drawn(kind))
    assert (found["1x"].width, found["1x"].height) == (360, 120)
    assert (found["2x"].width, found["2x"].height) == (600, 200)  # never blown up


def test_an_icon_is_square_in_three_sizes(take):
    found = take(drawn(size=(300, 100)), kind="icon")
    assert {name: (size.width, size.height) for name, size in found.sizes.items()} == {
        "32": (32, 32),
        "180": (180, 180),
        "512": (512, 512),
    }


def test_nothing_of_the_original_is_kept_but_what_can_be_seen(take, session, runtime, world):
    told = PngInfo()
    told.add_text("Comment", "taken at 42 Larkspur Road")
    image = drawn(pnginfo=told) + b"<script>alert(1)</script>"
    found = take(image)
    kept = content_of(session, runtime, world, found["2x"])
    assert b"Larkspur" not in kept
    assert b"script" not in kept
    assert Image.open(io.BytesIO(kept)).format == "PNG"


def test_only_the_first_frame_of_what_moves(take, session, runtime, world):
    frames = [Image.new("RGB", (90, 30), colour) for colour in ("red", "blue")]
    made = io.BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    kept = Image.open(io.BytesIO(content_of(session, runtime, world, take(made.getvalue())["1x"])))
    assert getattr(kept, "n_frames", 1) == 1
    assert kept.convert("RGB").getpixel((1, 1))[0] > 200


def test_empty_margins_are_cut_off(take):
    image = Image.new("RGBA", (400, 400))
    image.paste("#b4532a", (100, 180, 300, 220))
    made = io.BytesIO()
    image.save(made, "PNG")
    assert (take(made.getvalue())["1x"].width, take(made.getvalue())["1x"].height) == (200, 40)


def bomb():
    """A PNG of a few hundred bytes that says it has 64 million pixels."""
    head = pack(">IIBBBBB", 8000, 8000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    body = b"".join(
        pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"x" * (LIMIT_BYTES + 1), "too_large"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a_program"),
        (b"\xef\xbb\xbf  \n<SVG onload=alert(1)>", "a_program"),
        (b"<?xml version='1.0'?><svg/>", "a_program"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "a_program"),
        (b"%PDF-1.7", "a_program"),
        (b"#!/bin/sh\nrm -rf /", "a_program"),
        (b"BM" + b"\0" * 60, "not_a_picture"),
        (b"GIF89a<script>alert(1)</script>", "broken"),
        (b"\xff\xd8\xff" + b"junk" * 20, "broken"),
        (drawn()[:200], "broken"),
        (bomb(), "too_many_pixels"),
    ],
)
def test_what_is_refused_says_why(take, content, reason):
    with pytest.raises(RefusedPicture) as refused:
        take(content)
    assert refused.value.reason == reason


def test_an_upload_of_another_builder_is_not_taken_over(take, session, world):
    upload = take(drawn()).upload
    session.commit()
    assert pictures.taken(session, world.acme.id, upload) is not None
    see(session, world.birch.id)
    assert pictures.taken(session, world.birch.id, upload) is None
    assert pictures.taken(session, world.birch.id, "no key") is None


def test_the_clearing_of_files_leaves_them(take, session, runtime):
    found = take(drawn())
    session.commit()
    rows = queries.kept_files(session, [])
    assert rows == set()
    keys = [row.storage_key for row in queries.images_of_upload(session, *whose(session, found))]
    assert queries.kept_files(session, [*keys, "0" * 32]) == set(keys)
    left = leftovers._set_orphans_aside(
        runtime.readers, runtime.store, set(keys), NOW, [queries.kept_files]
    )
    assert left == 0


def whose(session, picture):
    from uuid import UUID

    return session.info["tenant"], UUID(picture.upload)
