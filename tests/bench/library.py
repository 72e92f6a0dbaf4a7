"""A help centre of thousands of articles in two languages as a tree of Markdown, made up from a
seed: varied enough that words are rare and common, and texts short and long, as in real ones."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "es")
MODULES: Final = ("scheduling", "billing", "field", "")
SHELVES: Final = 12
SECTIONS: Final = (5, 14)  # of an article, so that it is of two to six kilobytes
SENTENCES: Final = 5

_THINGS: Final = (
    ("invoice", "factura"), ("schedule", "calendario"), ("estimate", "presupuesto"),
    ("change order", "orden de cambio"), ("daily log", "parte diario"),
    ("purchase order", "pedido"),
    ("punch list", "lista de repasos"), ("drawing", "plano"), ("photo", "foto"),
    ("time sheet", "hoja de horas"), ("subcontract", "subcontrato"), ("warranty", "garantía"),
    ("selection", "selección"), ("allowance", "partida"), ("retention", "retención"),
    ("lien waiver", "renuncia"), ("permit", "licencia"), ("inspection", "inspección"),
    ("safety report", "informe de seguridad"), ("budget", "presupuesto anual"),
    ("client", "cliente"), ("vendor", "proveedor"), ("project", "proyecto"), ("lead", "contacto"),
    ("bid", "oferta"), ("proposal", "propuesta"), ("contract", "contrato"), ("payment", "pago"),
    ("credit note", "abono"), ("tax rate", "impuesto"), ("template", "plantilla"),
    ("notification", "aviso"), ("dashboard", "panel"), ("report", "informe"), ("user", "usuario"),
    ("role", "rol"), ("integration", "integración"), ("calendar feed", "agenda"),
    ("signature", "firma"), ("attachment", "adjunto"),
)  # fmt: skip
_DEEDS: Final = (
    ("create", "crear"), ("send", "enviar"), ("approve", "aprobar"), ("export", "exportar"),
    ("import", "importar"), ("delete", "eliminar"), ("duplicate", "duplicar"),
    ("share", "compartir"),
    ("print", "imprimir"), ("archive", "archivar"), ("restore", "restaurar"),
    ("rename", "renombrar"),
    ("assign", "asignar"), ("filter", "filtrar"), ("sort", "ordenar"), ("lock", "bloquear"),
    ("review", "revisar"), ("sign", "firmar"), ("schedule", "programar"), ("translate", "traducir"),
    ("merge", "combinar"), ("split", "dividir"), ("cancel", "cancelar"), ("reopen", "reabrir"),
    ("track", "seguir"),
)  # fmt: skip
_PLACES: Final = (
    ("on your phone", "en el teléfono"), ("for several projects", "para varios proyectos"),
    ("from the client portal", "desde el portal del cliente"), ("by e-mail", "por correo"),
    ("with a template", "con una plantilla"), ("without a connection", "sin conexión"),
    ("before a deadline", "antes de una fecha límite"),
    ("as an administrator", "como administrador"),
    ("in another currency", "en otra moneda"), ("with a custom field", "con un campo propio"),
)  # fmt: skip
_SENTENCES: Final = {
    "en": (
        "Open the project {name} and choose {other} in the menu on the left.",
        "Select the {thing} that you want to {deed}, then press {label}.",
        "If the {thing} is locked, ask {name} to unlock the {other} first.",
        "You can {deed} up to {number} at once; the rest waits in the list of {other}s.",
        "The {thing} then shows a mark beside {label}, and everybody on {name} is told.",
        "When nothing happens, check the {other} settings under {label}.",
        "A {thing} keeps its number {number} even after you {deed} it.",
        "People with the role {label} see the {thing} {place}.",
        "The history of the {other} says who did it and when, to the minute.",
        "Totals are worked out anew each time the {other} of {name} changes.",
        "To undo it, open the {thing} again and choose {label} within {number} minutes.",
        "This works {place} as well, with the same result.",
    ),
    "es": (
        "Abre el proyecto {name} y elige {other} en el menú de la izquierda.",
        "Selecciona el elemento {thing} que quieres {deed} y pulsa {label}.",
        "Si está bloqueado, pide a {name} que desbloquee antes {other}.",
        "Puedes {deed} hasta {number} a la vez; el resto espera en la lista de {other}.",
        "Después {thing} muestra una marca junto a {label} y se avisa a todos en {name}.",
        "Cuando no pasa nada, revisa la configuración de {other} en {label}.",
        "Conserva su número {number} incluso después de {deed}.",
        "Quienes tienen el rol {label} ven {thing} {place}.",
        "El historial de {other} dice quién lo hizo y cuándo, al minuto.",
        "Los totales se calculan de nuevo cada vez que cambia {other} de {name}.",
        "Para deshacerlo, abre {thing} otra vez y elige {label} antes de {number} minutos.",
        "También funciona {place}, con el mismo resultado.",
    ),
}
_SYLLABLES: Final = tuple(re.findall(r"\w+", "ba ce di fo gu la me ni po ru sa te vi zo bran clar"))


@dataclass(frozen=True, slots=True)
class Page:
    """One article in one language."""

    path: str  # within the tree of its language, the same in each
    language: str
    module: str
    title: str
    summary: str
    body: str

    @property
    def slug(self) -> str:
        """Its address once it was imported."""
        return self.path.removesuffix(".md").replace("/", "-")

    @property
    def markdown(self) -> str:
        module = f"module: {self.module}\n" if self.module else ""
        front = f"title: {self.title}\ndescription: {self.summary!r}\n{module}"
        return f"---\n{front}---\n\n{self.body}"


def write(folder: Path, articles: int) -> None:
    """A tree for each language: `folder/en`, `folder/es`."""
    for both in pages(articles):
        for page in both:
            file = folder / page.language / page.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page.markdown, "utf-8")


def pages(articles: int, seed: int = 7) -> Iterator[tuple[Page, ...]]:
    """An article in each language, as often as asked."""
    chance = random.Random(seed)
    whole = [(t, d, p) for t in range(len(_THINGS)) for d in range(len(_DEEDS)) for p in range(10)]
    chance.shuffle(whole)
    for number in range(articles):
        thing, deed, place = whole[number % len(whole)]
        names = [_name(chance) for _each in range(4)]
        yield tuple(
            _page(
                chance, number, at, _THINGS[thing][at], _DEEDS[deed][at], _PLACES[place][at], names
            )
            for at in range(len(LANGUAGES))
        )


def questions() -> list[tuple[str, str]]:
    """What people ask of it, and in which language: questions, single words, slips of the pen."""
    return [
        ("how do I send an invoice by e-mail", "en"), ("approve change order", "en"),
        ("invoice", "en"), ("export time sheet on my phone", "en"), ("shedule", "en"),
        ("lien waiver in another currency", "en"), ("delete a vendor", "en"),
        ("where can I see who signed the contract", "en"), ("purchase ordr approve", "en"),
        ("restore archived photo without a connection", "en"), ("project", "en"),
        ("¿cómo envío una factura por correo?", "es"), ("aprobar orden de cambio", "es"),
        ("factura", "es"), ("exportar hoja de horas en el teléfono", "es"), ("calendaro", "es"),
        ("eliminar proveedor", "es"), ("firmar contrato como administrador", "es"),
        ("traducir plantilla", "es"), ("configuracion de avisos", "es"),
        ('"custom field"', "en"), ("duplicate estimate -template", "en"),
    ]  # fmt: skip


def many_questions() -> list[tuple[str, str]]:
    """The same, and hundreds that nobody has asked yet, in no order."""
    chance = random.Random(11)
    asked = [
        (f"{_DEEDS[deed][at]} {_THINGS[thing][at]} {_PLACES[deed % 10][at]}", LANGUAGES[at])
        for thing in range(len(_THINGS))
        for deed in range(len(_DEEDS))
        for at in range(len(LANGUAGES))
    ]
    return questions() + chance.sample(asked, 600)


def _page(
    chance: random.Random, number: int, at: int, thing: str, deed: str, place: str, names: list[str]
) -> Page:
    language = LANGUAGES[at]
    title = f"{deed} {thing} {place}".capitalize()

    def said(text: str) -> str:
        return _said(chance, text, at, thing, deed, place, names)

    sections = [_section(chance, at, said) for _each in range(chance.randint(*SECTIONS))]
    return Page(
        path=_path(number),
        language=language,
        module=MODULES[number % len(MODULES)],
        title=title,
        summary=said(_SENTENCES[language][7]),
        body="\n\n".join(
            [said(" ".join(_SENTENCES[language][:3])), *sections, _leads(chance, number)]
        )
        + "\n",
    )


def _path(number: int) -> str:
    return f"shelf-{number % SHELVES}/page-{number}.md"


def _section(chance: random.Random, at: int, said: Callable[[str], str]) -> str:
    """What real ones have: a heading, some text, steps or a note, now and then code."""
    sentences = chance.sample(_SENTENCES[LANGUAGES[at]], SENTENCES)
    heading = f"{chance.choice(_DEEDS)[at]} {chance.choice(_THINGS)[at]}".capitalize()
    kind = chance.choice(("text", "steps", "list", "note", "code"))
    text = " ".join(map(said, sentences[:3]))
    rest = [said(one) for one in sentences[2:]]
    if kind == "steps":
        more = "\n".join(f"{number}. {one}" for number, one in enumerate(rest, 1))
    elif kind == "list":
        more = "\n".join(f"- **{one.split()[0]}** {one}" for one in rest)
    elif kind == "note":
        more = f":::tip\n{' '.join(rest)}\n:::"
    elif kind == "code":
        more = f"```\nGET /v1/{chance.choice(_THINGS)[0].replace(' ', '-')}\n```\n\n{rest[0]}"
    else:
        more = " ".join(rest)
    return f"## {heading}\n\n{text}\n\n{more}"


def _leads(chance: random.Random, number: int) -> str:
    """A link to an article before it, as there is one in most of real ones."""
    other = chance.randrange(number + 1)
    return f"[{other}](../{_path(other)})"


def _said(
    chance: random.Random, text: str, at: int, thing: str, deed: str, place: str, names: list[str]
) -> str:
    return text.format(
        thing=thing,
        deed=deed,
        place=place,
        other=chance.choice(_THINGS)[at],
        name=chance.choice(names),
        label=_name(chance) if chance.random() < 0.1 else chance.choice(names),
        number=chance.randint(2, 99),
    )


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 3, 4)))).capitalize()
