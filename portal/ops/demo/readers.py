"""What people made of the help centre in the last four weeks, as figures: what was read how often,
what it was worth to them, on which screens they pressed "?", and which words mean the same to them.
What they looked for is in `help/questions.toml`."""

from collections.abc import Sequence
from dataclasses import dataclass, field

# language and slug, and how often it was read
READ: dict[tuple[str, str], int] = {
    ("en", "quickbooks"): 16,
    ("en", "send-an-estimate"): 14,
    ("en", "retainage"): 13,
    ("en", "link-tasks"): 12,
    ("en", "print-or-calendar"): 10,
    ("en", "import-cost-codes"): 10,
    ("en", "build-a-schedule"): 8,
    ("en", "sign-in"): 8,
    ("en", "change-orders"): 8,
    ("en", "make-an-estimate"): 7,
    ("en", "draw-requests"): 6,
    ("en", "lien-waivers"): 6,
    ("en", "copy-an-estimate"): 6,
    ("en", "markup-or-margin"): 6,
    ("en", "crews"): 4,
    ("en", "create-an-invoice"): 4,
    ("en", "receipts-and-charges"): 4,
    ("en", "weather-days"): 4,
    ("en", "what-clients-see"): 4,
    ("en", "approve"): 4,
    ("en", "pay-an-invoice"): 3,
    ("en", "invite-a-client"): 3,
    ("en", "correct-an-invoice"): 3,
    ("en", "second-step"): 2,
    ("en", "your-project-page"): 2,
    ("en", "api-reference"): 2,
    ("en", "first-project"): 2,
    ("en", "choose-finishes"): 2,
    ("en", "webhooks"): 2,
    ("en", "baseline"): 2,
    ("en", "runbook-schedule-down"): 1,
    ("es", "fotos"): 9,
    ("es", "parte-diario"): 7,
    ("es", "marcar-entrada"): 4,
    ("es", "app-del-celular"): 4,
    ("es", "lista-de-pendientes"): 3,
    ("es", "mandar-tu-factura"): 3,
    ("es", "certificado-de-seguro"): 2,
    ("es", "dias-de-clima"): 2,
    ("es", "armar-cronograma"): 2,
    ("es", "retencion"): 2,
    ("es", "contestar-cotizacion"): 2,
    ("es", "corregir-factura"): 1,
}


@dataclass(frozen=True, slots=True)
class Worth:
    """How many it helped, and what the others said: a reason, and words or none."""

    helped: int
    not_helped: Sequence[tuple[str, str]] = field(default=())


WORTH: dict[tuple[str, str], Worth] = {
    ("en", "quickbooks"): Worth(
        9,
        (
            (
                "does_not_work",
                "Connecting again gives the same 401. There are four of us on one login.",
            ),
            ("incomplete", ""),
        ),
    ),
    ("en", "import-cost-codes"): Worth(
        2,
        (
            ("does_not_work", "It says done, but 740 of my 1,240 codes are missing."),
            ("incomplete", "How do I split a file without losing the parents?"),
            ("outdated", ""),
            ("does_not_work", ""),
        ),
    ),
    ("en", "retainage"): Worth(
        5,
        (
            ("does_not_work", "We agreed on 10 % and since the update it takes 5."),
            ("outdated", "The menu looks different here."),
            ("incomplete", ""),
        ),
    ),
    ("en", "print-or-calendar"): Worth(
        6, (("not_my_question", "I want one page a crew for the trailer, not the whole job."),)
    ),
    ("en", "send-an-estimate"): Worth(8, (("unclear", "Where do I see which line has no code?"),)),
    ("en", "link-tasks"): Worth(9),
    ("en", "build-a-schedule"): Worth(6),
    ("en", "markup-or-margin"): Worth(7),
    ("en", "copy-an-estimate"): Worth(5),
    ("en", "change-orders"): Worth(5, (("incomplete", ""),)),
    ("en", "sign-in"): Worth(4, (("not_my_question", ""),)),
    ("en", "lien-waivers"): Worth(4),
    ("en", "approve"): Worth(3),
    ("es", "fotos"): Worth(
        6,
        (
            ("does_not_work", "Con datos móviles ya está activado y de todos modos no suben."),
            ("does_not_work", ""),
        ),
    ),
    ("es", "parte-diario"): Worth(6),
    ("es", "marcar-entrada"): Worth(3),
    ("es", "mandar-tu-factura"): Worth(2),
    ("es", "corregir-factura"): Worth(
        0, (("outdated", "Dice que se puede corregir siempre y no."),)
    ),
}

# an address of the host app, and how often "?" was pressed there
PRESSED: dict[str, int] = {
    "/projects/482/schedule": 24,
    "/projects/311/estimates/88": 18,
    "/invoices": 13,
    "/settings/integrations": 11,
    "/m/projects/482/daily-log": 10,
    "/projects/482/rfis": 9,
    "/payroll/certified": 7,
    "/equipment": 5,
    "/projects/490/budget": 5,
    "/settings/cost-codes/import": 4,
    "/projects/482/submittals/7": 4,
}


@dataclass(frozen=True, slots=True)
class Before:
    """Somebody read an article and opened a ticket (of `stories`) all the same."""

    hours_ago: float
    who: str
    language: str
    slug: str


BEFORE_ASKING = (
    Before(15.4, "pm@acme.test", "en", "import-cost-codes"),
    Before(26.3, "pm@acme.test", "en", "send-an-estimate"),
    Before(50.6, "owner@cedar.test", "en", "quickbooks"),
    Before(3.9, "owner@birch.test", "en", "retainage"),
    Before(7.3, "field@acme.test", "es", "fotos"),
    Before(75.5, "pm@acme.test", "en", "print-or-calendar"),
    Before(190.4, "pm@acme.test", "en", "copy-an-estimate"),
)

SYNONYMS: dict[str, Sequence[str]] = {
    "en": (
        "retainage, retention, holdback",
        "subcontractor, sub, vendor, trade",
        "takeoff, quantity survey, measuring",
        "punch list, snag list",
        "draw request, pay application, progress billing",
        "homeowner, client, customer",
    ),
    "es": (
        "parte diario, bitácora, reporte diario",
        "cotización, presupuesto, oferta",
        "seguro, aseguranza, póliza",
        "celular, teléfono, móvil",
        "tablaroca, drywall, yeso",
        "contratista, constructor, constructora",
    ),
}
