"""The right page first, for questions as people ask them: a guard for each behaviour."""

import pytest

from portal.foundation.runtime import Runtime
from portal.foundation.tenancy import PLATFORM, see
from portal.search.service import put
from portal.search.service.synonyms import add
from tests.fixtures.world import NOW, World
from tests.search.conftest import Look, document, keep_up, titles

ENGLISH = (
    (
        "Send an invoice",
        "Billing",
        "Open the project, choose Invoices and press Send. Clients pay online.",
    ),
    ("Why was my invoice refused?", "Billing", "A client can refuse an invoice. They say why."),
    (
        "Log in with a code",
        "Sign-in",
        "You get a code by e-mail. Use it when you log in for the first time.",
    ),
    (
        "Change your password",
        "Sign-in",
        "Open Account and choose Password. Write the new one twice.",
    ),
    (
        "Plan the week",
        "Scheduling",
        "The calendar shows who works where. Drag a crew to another day.",
    ),
    (
        "Working days and holidays",
        "Scheduling",
        "Set up which days count. The calendar skips holidays.",
    ),
    (
        "Photos from the site",
        "Field",
        "Take pictures with your phone; they are kept in the daily log.",
    ),
    (
        "Approve a change order",
        "Billing",
        "A change order alters the price. Your client approves it.",
    ),
    ("The getStaticPaths function", "API", "Call getStaticPaths() before you build."),
    ("About", "Company", "Who we are."),
)
SPANISH = (
    ("Enviar una factura", "Facturación", "Abre el proyecto, elige Facturas y pulsa Enviar."),
    ("Cambiar la contraseña", "Acceso", "Abre Cuenta y elige Contraseña. Escríbela dos veces."),
    ("Configuración del calendario", "Agenda", "Elige los días laborables y los festivos."),
    ("Imágenes de la obra", "Campo", "Haz fotos con el teléfono; quedan en el parte diario."),
)  # fmt: skip


@pytest.fixture
def shelf(runtime: Runtime) -> None:
    with runtime.writers.begin() as session:
        for language, texts in (("en", ENGLISH), ("es", SPANISH)):
            for title, heading, body in texts:
                put(session, document(title, language, headings=[heading], body=body), at=NOW)
    keep_up(runtime)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("how do I send an invoice to my client?", "Send an invoice"),
        ("invoice refused", "Why was my invoice refused?"),
        ("login code", "Log in with a code"),
        ("sign in with code", "Log in with a code"),
        ("chnage passwrod", "Change your password"),
        ("set up holidays", "Working days and holidays"),
        ("pictures", "Photos from the site"),
        ("approving change orders", "Approve a change order"),
        ("getstaticpaths", "The getStaticPaths function"),
        ("get static paths", "The getStaticPaths function"),
        ("about", "About"),
        ("what is the calendar for", "Plan the week"),
    ],
)
def test_english(shelf: None, look: Look, words: str, title: str) -> None:
    assert titles(look(words))[0] == title


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("¿cómo envío facturas?", "Enviar una factura"),
        ("como envio una factura", "Enviar una factura"),
        ("modificar contrasena", "Cambiar la contraseña"),
        ("configurar calendario", "Configuración del calendario"),
        ("imagen", "Imágenes de la obra"),
        ("fotos de la obra", "Imágenes de la obra"),
        ("contraseñq", "Cambiar la contraseña"),
        ("eligiendo los festivos", "Configuración del calendario"),
        ("se elige en qué proyecto", "Enviar una factura"),
    ],
)
def test_spanish(shelf: None, look: Look, words: str, title: str) -> None:
    assert titles(look(words, "es"))[0] == title


def test_synonyms_count_at_once(shelf: None, look: Look, runtime: Runtime, world: World) -> None:
    assert titles(look("variation")) == []
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        add(session, "en", "variation, change order", by=world.admin, at=NOW)
    assert titles(look("variation"))[0] == "Approve a change order"


def test_where_somebody_stands_moves_what_fits_up(
    shelf: None, look: Look, runtime: Runtime
) -> None:
    with runtime.writers.begin() as session:
        for module in ("field", "billing"):
            page = document(
                "Export a list", slug=f"export-{module}", module=module, body="Press it."
            )
            put(session, page, at=NOW)
    keep_up(runtime)
    for module in ("field", "billing"):
        assert look("export list", module=module).hits[0].module == module
