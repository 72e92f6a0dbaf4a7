"""Who there is. Every password is `demo`."""

from dataclasses import dataclass

from portal.core.permissions import Role

PASSWORD = "demo"  # noqa: S105  the sign-in page of a demo says so


@dataclass(frozen=True, slots=True)
class Company:
    slug: str
    name: str
    plan: str
    zone: str
    contact_name: str
    contact_email: str
    contact_phone: str
    contact_hours: str


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    name: str
    role: Role
    company: str = ""  # slug; none for the platform's staff
    locale: str = "en"
    zone: str = "America/New_York"
    tier: int = 0
    specialties: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)


COMPANIES = (
    Company(
        "acme",
        "Acme Homes",
        "business",
        "America/New_York",
        "Acme Homes client care",
        "care@acme.test",
        "+1 555 0100",
        "Mon–Fri 8:00–17:00",
    ),
    Company(
        "birch",
        "Birch Build",
        "starter",
        "America/Chicago",
        "Birch Build office",
        "office@birch.test",
        "+1 555 0140",
        "Mon–Thu 7:30–16:00",
    ),
    Company(
        "cedar",
        "Cedar Group",
        "enterprise",
        "America/Los_Angeles",
        "Cedar Group service desk",
        "service@cedar.test",
        "+1 555 0180",
        "Every day 7:00–19:00",
    ),
)

PEOPLE = (
    Person("owner@acme.test", "Olive Archer", Role.OWNER, "acme"),
    Person("pm@acme.test", "Paul Mercer", Role.PM, "acme"),
    Person("field@acme.test", "Felipe Rojas", Role.FIELD, "acme", locale="es"),
    Person("client@acme.test", "Clara Whitfield", Role.CLIENT, "acme"),
    Person("vendor@acme.test", "Víctor Salas", Role.VENDOR, "acme", locale="es"),
    Person("owner@birch.test", "Bo Lindgren", Role.OWNER, "birch", zone="America/Chicago"),
    Person("client@birch.test", "Bea Novak", Role.CLIENT, "birch", zone="America/Chicago"),
    Person("owner@cedar.test", "Cedric Moreau", Role.OWNER, "cedar", zone="America/Los_Angeles"),
    # she keeps the books of two builders
    Person("rita@ledger.test", "Rita Vance", Role.PM, "acme"),
    Person("rita@ledger.test", "Rita Vance", Role.PM, "birch"),
    Person(
        "agent1@corbel.test",
        "Ana Torres",
        Role.AGENT,
        tier=1,
        specialties=("support", "scheduling", "question", "settings"),
        languages=("en", "es"),
    ),
    Person(
        "agent2@corbel.test",
        "Ben Okafor",
        Role.AGENT,
        tier=2,
        specialties=("technical", "integrations", "invoicing", "billing"),
    ),
    Person(
        "agent3@corbel.test",
        "Chen Wei",
        Role.AGENT,
        tier=3,
        specialties=("engineering", "security", "bug"),
    ),
    Person("lead@corbel.test", "Lena Fischer", Role.MANAGER),
    Person("admin@corbel.test", "Adam Reyes", Role.PLATFORM_ADMIN),
)
