"""Somebody with a cookie from the sign-in page and with tokens, who asks a running system."""

from dataclasses import dataclass
from typing import Any

import requests

from portal.core.permissions import Actor, Scope
from portal.foundation.web.site import portal_path
from tests.fixtures.processes import GENEROUS
from tests.fixtures.world import PASSWORD
from tests.support.doors import API, BODY, PANEL
from tests.support.visitors import Visitor


@dataclass(frozen=True, slots=True)
class Somebody:
    """What a caller comes with. `tokens` are for everything (None) or for one scope alone."""

    actor: Actor
    company: str  # slug; none for the platform's staff
    tokens: dict[Scope | None, str]
    panel: str = ""  # the token of an open help panel; staff have none

    def __str__(self) -> str:
        return f"{self.actor.role} of {self.company or 'the platform'}"

    @property
    def site(self) -> str:
        return portal_path(self.company if self.actor.is_portal_user else "").rstrip("/")


class Caller(Visitor):
    """Pages are asked for with the cookie, at the own site; the API with the token."""

    def __init__(self, url: str, somebody: Somebody) -> None:
        super().__init__(url + somebody.site)
        self.platform, self.who = url, somebody
        self.sign_in(somebody.actor.email, PASSWORD)
        self.csrf = self.keys("/account")

    def ask(self, method: str, path: str) -> requests.Response:
        if path.startswith(API):
            return self.ask_with(self.who.tokens[None], method, path)
        if path.startswith(PANEL):
            return self.ask_panel(method, path)
        return self.ask_at(self.url, method, path)

    def ask_with(self, token: str, method: str, path: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        body = None if method == "GET" else BODY
        return self._request(method, self.platform + path, json=body, headers=headers)

    def ask_panel(self, method: str, path: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.who.panel}"} if self.who.panel else {}
        data = BODY if method == "POST" else None
        return self._request(method, self.platform + path, data=data, headers=headers)

    def ask_at(self, site: str, method: str, path: str) -> requests.Response:
        data = BODY | self.csrf if method == "POST" else None
        return self._request(method, site + path, data=data)

    def post(self, path: str, **fields: str) -> None:
        """By a form that must be taken."""
        sent = self.send(path, self.csrf | fields)
        assert sent.status_code == 303, f"{path}: {sent.status_code} {sent.text}"

    def _request(self, method: str, address: str, **options: Any) -> requests.Response:
        return self.browser.request(
            method, address, allow_redirects=False, timeout=GENEROUS, **options
        )


class Nobody(Visitor):
    """Who has no account: a cookie of the sign-in page, by which forms are taken."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.csrf = self.keys("/sign-in")

    def ask(self, method: str, path: str) -> requests.Response:
        data = self.csrf if method == "POST" else None
        return self.browser.request(
            method, self.url + path, data=data, allow_redirects=False, timeout=GENEROUS
        )
