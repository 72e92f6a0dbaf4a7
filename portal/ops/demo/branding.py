"""Three builders who look like nobody else, drawn here: no picture files come along."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy.orm import Session

from portal.branding import pictures, service
from portal.branding.look import Link, Look, Picture
from portal.core.permissions import Actor
from portal.foundation.storage import Store

FINE = 4  # drawn so many times larger, so that edges are smooth

LOOKS = {
    "acme": Look(
        welcome_en="Welcome home. How can we help?",
        welcome_es="Bienvenido a casa. ¿En qué ayudamos?",
        primary="#b4532a",
        accent="#8a3b1c",
        footer="Acme Homes LLC · 12 Brickyard Lane, Albany NY\nLicensed general contractor",
        links=(
            Link("Privacy", "https://acme.example/privacy"),
            Link("Warranty terms", "https://acme.example/warranty"),
        ),
    ),
    "birch": Look(
        welcome_en="Birch Build is on site. Tell us what you need.",
        welcome_es="Birch Build está en la obra. Díganos qué necesita.",
        primary="#ffd400",
        accent="#ffd400",
        footer="Birch Build Inc. · Duluth MN",
        links=(Link("Imprint", "https://birch.example/imprint"),),
    ),
    "cedar": Look(
        name="Cedar",
        welcome_en="Cedar service desk",
        welcome_es="Mesa de servicio de Cedar",
        primary="#0d3b2e",
        accent="#0b5c45",
        footer="Cedar Group · Portland OR",
        links=(
            Link("Terms", "https://cedar.example/terms"),
            Link("Accessibility", "https://cedar.example/accessibility"),
        ),
    ),
}


def dress(session: Session, store: Store, owner: Actor, at: datetime) -> None:
    """As the builder's owner would in the editor."""
    builder_id = owner.builder_id
    if builder_id is None:
        return

    def kept(kind: str, image: Image.Image) -> Picture:
        stream = BytesIO()
        image.save(stream, "PNG")
        stream.seek(0)
        return pictures.take(session, store, stream, kind=kind, builder_id=builder_id, at=at)

    saved = service.current(session, builder_id)
    light, dark, mark = _drawn(owner.builder_slug)
    look = replace(
        LOOKS[owner.builder_slug],
        contact_name=saved.look.contact_name,
        contact_email=saved.look.contact_email,
        contact_phone=saved.look.contact_phone,
        contact_hours=saved.look.contact_hours,
        logo=kept("logo", light),
        logo_dark=kept("logo_dark", dark),
        icon=kept("icon", mark),
    )
    service.save(session, builder_id, look, seen=saved.version, by=owner, at=at)


Drawing = tuple[Image.Image, Image.Image, Image.Image]  # logo, logo on dark, icon
Figure = Callable[["Pen", str], None]


class Pen:
    """Draws as on a sheet of 120 pixels' height, FINE times as large."""

    def __init__(self, width: int) -> None:
        self.image = Image.new("RGBA", (width * FINE, 120 * FINE))
        self._draw = ImageDraw.Draw(self.image)

    def shape(self, colour: str, *corners: tuple[int, int]) -> None:
        self._draw.polygon([(x * FINE, y * FINE) for x, y in corners], fill=colour)

    def box(self, colour: str, *sides: int, rounded: int = 0) -> None:
        """`sides` are left, top, right and bottom."""
        self._draw.rounded_rectangle(_fine(sides), rounded * FINE, fill=colour)

    def ring(self, colour: str, *sides: int) -> None:
        self._draw.ellipse(_fine(sides), outline=colour, width=6 * FINE)

    def word(self, colour: str, text: str) -> None:
        font = ImageFont.load_default(62 * FINE)
        place = (116 * FINE, 60 * FINE)
        self._draw.text(
            place, text, fill=colour, font=font, anchor="lm", stroke_width=FINE, stroke_fill=colour
        )


def _fine(sides: tuple[int, ...]) -> list[int]:
    return [side * FINE for side in sides]


def _drawing(figure: Figure, word: str, light: tuple[str, str], dark: tuple[str, str]) -> Drawing:
    """`light` and `dark` are the colours of figure and word on such a page."""
    mark = Pen(112)
    figure(mark, light[0])
    return _logo(figure, word, *light), _logo(figure, word, *dark), mark.image


def _logo(figure: Figure, word: str, colour: str, ink: str) -> Image.Image:
    pen = Pen(560)
    figure(pen, colour)
    pen.word(ink, word)
    return pen.image


def _gable(pen: Pen, colour: str) -> None:
    pen.shape(colour, (4, 62), (52, 12), (100, 62))
    pen.box(colour, 16, 68, 88, 108)
    pen.box("#ffffff", 44, 80, 60, 108)


def _boards(pen: Pen, colour: str) -> None:
    pen.box(colour, 6, 12, 102, 108, rounded=12)
    for top in (30, 55, 80):
        pen.box("#2d2300", 22, top, 86, top + 12)


def _tree(pen: Pen, colour: str) -> None:
    pen.ring(colour, 4, 10, 104, 110)
    pen.shape(colour, (54, 24), (32, 58), (76, 58))
    pen.shape(colour, (54, 44), (26, 82), (82, 82))
    pen.box(colour, 50, 82, 58, 96)


def _drawn(slug: str) -> Drawing:
    match slug:
        case "acme":
            return _drawing(_gable, "Acme Homes", ("#b4532a", "#3a190c"), ("#e58a62", "#faebe5"))
        case "birch":
            return _drawing(_boards, "BIRCH", ("#ffd400", "#2d2300"), ("#ffd400", "#ffffff"))
    return _drawing(_tree, "cedar", ("#0d3b2e", "#0d3b2e"), ("#8fd3b8", "#ffffff"))
