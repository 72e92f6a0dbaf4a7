"""Who can be signed in at the host: people of the demo, by the address that both sides know."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class User:
    """`role` is what the host's own server vouches for; None: for what they are already."""

    key: str
    name: str
    email: str
    role: str | None
    home: str
    locale: str = "en"

    def claims(self) -> dict[str, str]:
        said = {"sub": self.key, "email": self.email, "name": self.name, "locale": self.locale}
        return said | ({"role": self.role} if self.role else {})


SCHEDULE: Final = "/projects/482/schedule"
USERS: Final = {
    user.key: user
    for user in (
        User("owner", "Olivia Acme", "owner@acme.test", None, SCHEDULE),
        User("pm", "Pat Moreno", "pm@acme.test", "pm", SCHEDULE),
        User("field", "Fidel Campos", "field@acme.test", "field", "/projects/482/daily-log", "es"),
        User("client", "Clara Client", "client@acme.test", "client", "/projects/482/portal"),
        User("vendor", "Victor Vendor", "vendor@acme.test", "vendor", "/invoices"),
        User("newcomer", "Nadia New", "nadia@acme.test", "pm", "/projects/482/estimates"),
    )
}
GUEST: Final = "guest"
