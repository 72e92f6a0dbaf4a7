"""What decodes pictures; loaded with the first of them, by `images`."""

import warnings
from io import BytesIO
from pathlib import Path
from threading import Lock

from PIL import Image, ImageOps

from portal.foundation.images import MOST_PIXELS, TYPES, BrokenPicture, Picture, TooManyPixels

PREVIEW_SIDE = 640  # pixels

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

one_at_a_time = Lock()  # a decoded picture may take 200 MB


def examine(file: Path) -> Picture:
    """Raises TooManyPixels or BrokenPicture."""
    try:
        with one_at_a_time, Image.open(file, formats=list(TYPES)) as image:
            content_type = TYPES[image.format or ""]
            width, height = _upright_size(image)
            return Picture(content_type, width, height, _preview(image))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise TooManyPixels from error
    except Exception as error:  # decoders fail in many ways on crafted bytes
        raise BrokenPicture from error


def _upright_size(image: Image.Image) -> tuple[int, int]:
    turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)  # Exif orientation
    return image.size[::-1] if turned else image.size


def _preview(image: Image.Image) -> bytes:
    """Nothing of the original but what can be seen: no place, no camera, no owner."""
    image.draft("RGB", (PREVIEW_SIDE, PREVIEW_SIDE))
    small = image.convert("RGBA" if image.has_transparency_data else "RGB")
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    upright = ImageOps.exif_transpose(small)
    output = BytesIO()
    upright.save(output, "WEBP", quality=82, exif=b"", xmp=b"", icc_profile=b"")
    return output.getvalue()
