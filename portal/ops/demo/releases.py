"""What is new in the demo's product: notes that readers find, one that waits for its time, and one
that is still being written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.ideas.models import FeatureRequest
from portal.kb.models import Topic
from portal.kb.service import reviewing
from portal.releases.service import drafting, publishing, scheduling
from portal.releases.service.drafting import Words, Written

LEAD: Final = "lead@corbel.test"
STILL_TO_DO: Final = 4  # articles


@dataclass(frozen=True, slots=True)
class Told:
    """So many days ago; `days` below nothing is a time to come, None never. `ideas` are titles."""

    version: str
    days: float | None
    modules: tuple[str, ...]
    en: Words
    es: Words | None = None
    ideas: tuple[str, ...] = field(default=())


NOTES: Final = (
    Told(
        "4.0",
        52,
        ("client_portal",),
        Words(
            "A portal that opens on the phone",
            "Clients and vendors find their project with one tap, and stay signed in.",
            "The portal was made anew for small screens.\n\n"
            "- **One page a project**: photos, documents and open questions in one list.\n"
            "- **Signed in for thirty days** on a phone of their own.\n"
            "- Files open in the browser, without an app.\n\n"
            "Nothing moves: addresses that your clients have kept lead where they always led.",
        ),
        Words(
            "Un portal que se abre en el teléfono",
            "Clientes y proveedores encuentran su proyecto con un toque y siguen conectados.",
            "Hemos hecho el portal de nuevo para pantallas pequeñas.\n\n"
            "- **Una página por proyecto**: fotos, documentos y preguntas abiertas en una lista.\n"
            "- **Treinta días conectados** en su propio teléfono.\n"
            "- Los archivos se abren en el navegador, sin aplicación.\n\n"
            "Nada cambia de sitio: las direcciones que tus clientes guardaron siguen valiendo.",
        ),
    ),
    Told(
        "4.1",
        22,
        ("integrations", "invoicing"),
        Words(
            "Change orders arrive in QuickBooks line by line",
            "Each approved change order keeps its cost code on the way to your books.",
            "Until now approved change orders arrived as one sum. From today each is a line of its "
            "own, with its cost code.\n\n"
            "# How to switch it on\n\n"
            "1. Open **Integrations**, then **QuickBooks**.\n"
            "2. Tick **Change orders as lines**.\n"
            "3. Send one project first, and look at it with your accountant.\n\n"
            "What was sent before stays as it is.",
        ),
        Words(
            "Las órdenes de cambio llegan a QuickBooks línea por línea",
            "Cada orden de cambio aprobada conserva su código de costo hasta tu contabilidad.",
            "Hasta ahora las órdenes de cambio aprobadas llegaban como una sola suma. Desde hoy "
            "cada una es una línea propia, con su código de costo.\n\n"
            "# Cómo activarlo\n\n"
            "1. Abre **Integraciones** y luego **QuickBooks**.\n"
            "2. Marca **Órdenes de cambio por líneas**.\n"
            "3. Envía primero un proyecto y revísalo con quien lleva tu contabilidad.\n\n"
            "Lo que ya se envió queda como está.",
        ),
        ("QuickBooks: send change orders as lines of their own",),
    ),
    Told(
        "4.2",
        13,
        ("estimating",),
        Words(
            "Begin an estimate with an earlier project",
            "Copy a budget with its allowances, at today's prices.",
            "Most houses are variations of a few plans. **Estimates, New, From a project** takes "
            "the budget of an earlier house along:\n\n"
            "| What comes along | What is made new |\n| --- | --- |\n"
            "| Lines, quantities, cost codes | Prices, from your price list |\n"
            "| Allowances | Dates |\n\n"
            "> Prices that your list no longer has stand in orange until you have filled them in.",
        ),
        Words(
            "Empieza un presupuesto con un proyecto anterior",
            "Copia un presupuesto con sus partidas provisionales, a precios de hoy.",
            "Casi todas las casas son variaciones de unos pocos planos. **Presupuestos, Nuevo, De "
            "un proyecto** trae el presupuesto de una casa anterior:\n\n"
            "| Lo que viene | Lo que se calcula de nuevo |\n| --- | --- |\n"
            "| Líneas, cantidades, códigos de costo | Precios, de tu lista |\n"
            "| Partidas provisionales | Fechas |\n\n"
            "> Los precios que tu lista ya no tiene quedan en naranja hasta que los completes.",
        ),
        ("Copy a budget from an earlier project",),
    ),
    Told(
        "4.2.1",
        2,
        ("scheduling",),
        Words(
            "The schedule opens twice as fast",
            "And it keeps its place when you come back from a task.",
            "Schedules with more than five hundred tasks open in about half the time.\n\n"
            "- Coming back from a task, you stand where you left.\n"
            "- Filters stay until you take them off.\n"
            "- Fixed: a task on the last day of a month jumped to the next month when it was "
            "dragged.",
        ),
    ),
    Told(
        "4.3",
        -3,
        ("client_portal",),
        Words(
            "Clients approve selections with one tap",
            "The price difference stands beside the button.",
            "Tile, taps, paint: your clients see each choice with its price and approve it on "
            "their phone.",
        ),
        Words(
            "Tus clientes aprueban selecciones con un toque",
            "La diferencia de precio está junto al botón.",
            "Azulejos, grifos, pintura: tus clientes ven cada opción con su precio y la aprueban "
            "en el teléfono.",
        ),
        ("Clients approve selections with one tap",),
    ),
    Told(
        "4.4",
        None,
        ("scheduling",),
        Words("Photos in daily logs", "", "With the time and the place that the phone knows.\n"),
        ideas=("Attach photos to daily logs from the phone",),
    ),
)


def tell(session: Session, cast: Mapping[str, Actor], now: datetime) -> None:
    """After the ideas, the oldest first."""
    by = cast[LEAD]
    for one in NOTES:
        at = now - timedelta(days=max(one.days or 1, 1))
        words = {"en": one.en} | ({"es": one.es} if one.es is not None else {})
        keys = session.scalars(
            select(FeatureRequest.id).where(FeatureRequest.title.in_(one.ideas))
        ).all()
        written = Written(words, one.version, one.modules, keys)
        note = drafting.begin(session, written, by=by, at=at)
        if one.days is None:
            continue
        if one.days > 0:
            publishing.publish(session, note, by=by, at=at)
        else:
            when = now.replace(minute=0, second=0, microsecond=0) - timedelta(days=one.days)
            scheduling.schedule(session, note, when, by=by, at=now)


def look_again(session: Session, cast: Mapping[str, Actor], now: datetime) -> None:
    """Somebody has looked at most of the articles that notes have asked to be looked at."""
    asked = select(Topic).where(Topic.review_because != "").order_by(Topic.review_by, Topic.id)
    for topic in session.scalars(asked).all()[:-STILL_TO_DO]:
        reviewing.still_right(session, topic, by=cast[LEAD], at=now - timedelta(days=1))
