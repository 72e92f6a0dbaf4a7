"""Draws a builder's picture anew in the sizes that pages need; loaded with the first of them.

Nothing of what came survives but what can be seen: no place, no camera, no second content.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageOps

from portal.branding.pictures import BOX, ICONS, MOST_PIXELS, TYPES, RefusedPicture
from portal.foundation.decoding import one_at_a_time


@dataclass(frozen=True, slots=True)
class Drawn:
    """One size as PNG."""

    size: str
    png: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return sha256(self.png).hexdigest()[:32]


def logo(content: bytes) -> list[Drawn]:
    """Within BOX, once and twice as fine. Raises RefusedPicture."""
    image = _decoded(content)
    image = _without_margin(image)
    return [_fitted(image, f"{fine}x", BOX[0] * fine, BOX[1] * fine) for fine in (1, 2)]


def icon(content: bytes) -> list[Drawn]:
    """Square, whatever came. Raises RefusedPicture."""
    image = _decoded(content)
    side = max(image.size)
    square = Image.new("RGBA", (side, side))
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return [_drawn(square.resize((pixels, pixels)), str(pixels)) for pixels in ICONS]


def _decoded(content: bytes) -> Image.Image:
    """The first frame, the right way up."""
    try:
        with one_at_a_time, Image.open(BytesIO(content), formats=TYPES) as image:
            if image.width * image.height > MOST_PIXELS:
                raise RefusedPicture("too_many_pixels")
            image.seek(0)
            return ImageOps.exif_transpose(image).convert("RGBA")
    except RefusedPicture:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise RefusedPicture("too_many_pixels") from error
    except Exception as error:  # decoders fail in many ways on crafted bytes
        raise RefusedPicture("broken") from error


def _without_margin(image: Image.Image) -> Image.Image:
    """Transparent edges would make a logo look smaller than its neighbours."""
    box = image.getchannel("A").getbbox()
    return image.crop(box) if box else image


def _fitted(image: Image.Image, size: str, width: int, height: int) -> Drawn:
    """Never larger than it came: a picture that is blown up shows it."""
    scale = min(width / image.width, height / image.height, 1.0)
    fitted = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return _drawn(image.resize(fitted, Image.Resampling.LANCZOS), size)


def _drawn(image: Image.Image, size: str) -> Drawn:
    output = BytesIO()
    image.save(output, "PNG", optimize=True)
    return Drawn(size, output.getvalue(), image.width, image.height)


def sizes(content: bytes, kind: str) -> Iterator[Drawn]:
    yield from icon(content) if kind == "icon" else logo(content)
