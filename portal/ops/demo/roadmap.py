"""What is planned, being built and there in the demo: in both languages, over several quarters, and
a few items that only our own people see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.core.quarters import around
from portal.ideas.models import FeatureRequest
from portal.roadmap.models import Stage
from portal.roadmap.service import writing
from portal.roadmap.service.writing import Plan, Words

ADMIN: Final = "admin@corbel.test"
PHOTOS: Final = "Attach photos to daily logs from the phone"
WEATHER: Final = "Weather days move the schedule by themselves"
INSURANCE: Final = "Remind vendors of insurance that runs out"
BUDGET: Final = "Copy a budget from an earlier project"
QUICKBOOKS: Final = "QuickBooks: send change orders as lines of their own"
PRICE: Final = "Price of the estimating add-on by volume"


@dataclass(frozen=True, slots=True)
class Item:
    """`quarter` counts from the present one, None: none is said. `days` ago somebody touched it."""

    en: Words
    es: Words | None
    stage: Stage
    quarter: int | None
    module: str
    days: float
    ideas: tuple[str, ...] = ()
    is_internal: bool = False


ITEMS: Final = (
    Item(
        Words(
            "Photos in daily logs, straight from the phone",
            "Several at once, with the time and the place that the phone knows. **Voice notes** "
            "are looked at apart from it.",
        ),
        Words(
            "Fotos en el parte diario, directas desde el teléfono",
            "Varias a la vez, con la hora y el lugar que conoce el teléfono. Las **notas de voz** "
            "se estudian por separado.",
        ),
        Stage.IN_PROGRESS,
        0,
        "scheduling",
        4,
        (PHOTOS,),
    ),
    Item(
        Words(
            "The phone app without a connection",
            "Daily logs and tasks in the valley; they are sent when there is a signal again.",
        ),
        Words(
            "La aplicación del teléfono sin conexión",
            "Partes diarios y tareas donde no hay señal; se envían cuando vuelve.",
        ),
        Stage.IN_PROGRESS,
        0,
        "scheduling",
        12,
    ),
    Item(
        Words(
            "Weather days: an offer each morning",
            "Say which tasks need dry weather. In the morning one button says what would move, and "
            "nothing moves by itself.",
        ),
        Words(
            "Días de lluvia: una propuesta cada mañana",
            "Marca qué tareas necesitan tiempo seco. Por la mañana, un botón dice qué se movería; "
            "nada se mueve solo.",
        ),
        Stage.PLANNED,
        1,
        "scheduling",
        6,
        (WEATHER,),
    ),
    Item(
        Words(
            "Certificates of insurance with a date",
            "Thirty days before one runs out the vendor gets a letter, and you a list.",
        ),
        Words(
            "Certificados de seguro con fecha",
            "Treinta días antes de que caduque uno, el proveedor recibe un correo y tú, una lista.",
        ),
        Stage.PLANNED,
        1,
        "client_portal",
        5,
        (INSURANCE,),
    ),
    Item(
        Words("Estimates side by side", "Compare two versions of an estimate, line by line."),
        None,
        Stage.PLANNED,
        2,
        "estimating",
        38,
    ),
    Item(
        Words("A calendar for cranes and other shared plant", "Who has it when, on all sites."),
        Words("Un calendario para grúas y otra maquinaria compartida", "Quién la tiene y cuándo."),
        Stage.PLANNED,
        None,
        "scheduling",
        20,
    ),
    Item(
        Words(
            "Estimates from the budget of an earlier project",
            "With today’s prices, allowances included. Estimates, New, From a project.",
        ),
        Words(
            "Presupuestos a partir de un proyecto anterior",
            "Con los precios de hoy y las provisiones. Presupuestos, Nuevo, Desde un proyecto.",
        ),
        Stage.SHIPPED,
        0,
        "estimating",
        13,
        (BUDGET,),
    ),
    Item(
        Words(
            "QuickBooks: each change order a line of its own",
            "With its cost code. Switch it on under Integrations.",
        ),
        Words(
            "QuickBooks: cada orden de cambio, una línea propia",
            "Con su código de costo. Actívalo en Integraciones.",
        ),
        Stage.SHIPPED,
        -1,
        "integrations",
        22,
        (QUICKBOOKS,),
    ),
    Item(
        Words(
            "Estimating add-on: prices by volume",
            "With the new price list, not before. Sales hears first.",
        ),
        None,
        Stage.PLANNED,
        1,
        "billing",
        9,
        (PRICE,),
        is_internal=True,
    ),
    Item(
        Words(
            "Schedules that a model drafts from drawings", "Three builders try it under a letter."
        ),
        None,
        Stage.IN_PROGRESS,
        1,
        "scheduling",
        15,
        is_internal=True,
    ),
)


def plan(session: Session, cast: Mapping[str, Actor], now: datetime) -> None:
    """The oldest first."""
    by, quarters = cast[ADMIN], around(now, 1, 2)
    for one in sorted(ITEMS, key=lambda item: -item.days):
        at = now - timedelta(days=one.days)
        texts = {"en": one.en} | ({"es": one.es} if one.es else {})
        quarter = quarters[one.quarter + 1] if one.quarter is not None else ""
        linked = session.scalars(
            select(FeatureRequest).where(FeatureRequest.title.in_(one.ideas))
        ).all()
        wanted = Plan(texts, one.stage, quarter, one.module, linked)
        item = writing.add(session, wanted, by=by, at=at)
        if not one.is_internal:
            writing.publish(session, item, item.edition, by=by, at=at)
