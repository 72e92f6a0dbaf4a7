"""Pictures that strangers sent: measured, and made into small clean previews.

Only formats that every browser shows are pictures here; SVG is a program and never one.
"""

from dataclasses import dataclass
from pathlib import Path

MOST_PIXELS = 50_000_000  # a phone's 48-megapixel photo fits, a decompression bomb does not
PREVIEW_TYPE = "image/webp"
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
EXTENSIONS = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".gif", ".webp"})


class BrokenPicture(Exception):
    """The bytes begin like a picture but can't be shown."""


class TooManyPixels(Exception):
    """More than MOST_PIXELS; nothing of it was decoded."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Width and height in pixels, the right way up. `preview` is of PREVIEW_TYPE."""

    content_type: str
    width: int
    height: int
    preview: bytes


def examine(file: Path) -> Picture:
    """Raises TooManyPixels or BrokenPicture."""
    # loads the decoders: megabytes in every process, for what few of them ever see
    from portal.foundation import decoding

    return decoding.examine(file)
