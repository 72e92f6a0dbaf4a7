"""People who fill in forms of a running system, without a script."""

import re
from html import unescape

import requests

from tests.fixtures.processes import GENEROUS

FIELD = re.compile(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
WORDS = "Nobody on site can open the schedule.\nSince seven."


class Visitor:
    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = requests.Session()

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_error: object) -> None:
        self.browser.close()

    def get(self, path: str) -> requests.Response:
        return self.browser.get(self.url + path, timeout=GENEROUS)

    def sign_in(self, email: str, password: str) -> None:
        sent = self.send("/sign-in", self.keys("/sign-in") | {"email": email, "password": password})
        assert sent.status_code == 303, sent.text

    def keys(self, path: str) -> dict[str, str]:
        """What the form of this page sends of itself."""
        found = self.hidden(self.get(path))
        return {name: found[name] for name in ("csrf_token", "press") if name in found}

    def hidden(self, page: requests.Response) -> dict[str, str]:
        return {unescape(name): unescape(value) for name, value in FIELD.findall(page.text)}

    def send(
        self, path: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]] | None = None
    ) -> requests.Response:
        return self.browser.post(
            self.url + path, data=fields, files=files, allow_redirects=False, timeout=GENEROUS
        )

    def report(self, subject: str, **files: tuple[str, bytes]) -> requests.Response:
        """By the form of those who are signed in."""
        chosen = {"category": "bug", "severity": "P2"}
        fields = self.keys("/tickets/new") | chosen | {"subject": subject, "body": WORDS}
        return self.send("/tickets/new", fields, files)

    def write(self, first_line: str) -> requests.Response:
        """By the form of those who have no account."""
        who = {"name": "Ana", "email": "ana@example.com"}
        return self.send(
            "/contact", self.keys("/contact") | who | {"body": f"{first_line}\n{WORDS}"}
        )

    def send_again(self, path: str, page: requests.Response) -> requests.Response:
        """Press the button of the page that hands the words back."""
        return self.send(path, self.hidden(page))
