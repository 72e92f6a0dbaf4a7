"""The host's own web server: pages, who is signed in, and the token that it signs for them."""

import html
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from portal.ops.host.people import GUEST, USERS, User
from portal.ops.host.screens import SCREENS, screen_at
from portal.ops.host.signing.sign import help_token

HERE: Final = Path(__file__).resolve().parent
COOKIE: Final = "girder_user"
LANGUAGES: Final = {"Python": "sign.py", "Node": "sign.js", "Ruby": "sign.rb", "PHP": "sign.php"}
FILES: Final = {"/girder.css": "text/css", "/girder.js": "text/javascript"}
LONGEST_FORM: Final = 4096
PLAIN: Final = '<script src="/girder.js" defer></script>'
WAYS: Final = {  # in which a page gets its help, by what `?help=` says
    "script": '<script src="/girder.js" defer data-root="$help" data-builder="$company"></script>',
    "tag": f'{PLAIN}\n<script async src="$help/widget/corbel.js" data-builder="$company"'
    ' data-identify="/help-token" data-tours></script>',
    "none": PLAIN,
}


@dataclass(frozen=True, slots=True)
class Key:
    """What the builder's administrator copied from the page of widget keys."""

    kid: str
    secret: str
    company: str


class Host(ThreadingHTTPServer):
    """`help_root` is where Corbel is; `key_file` appears when the demo is seeded."""

    daemon_threads = True

    def __init__(self, door: socket.socket, help_root: str, key_file: Path) -> None:
        super().__init__(("", 0), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = door
        self.server_address = door.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.help_root, self.key_file = help_root, key_file

    def key(self) -> Key:
        return Key(**json.loads(self.key_file.read_text("utf-8")))

    @property
    def policy(self) -> str:
        """Strict; the two places where Corbel's origin stands are all that the widget needs."""
        return (
            "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
            f"script-src 'self' {self.help_root}; frame-src {self.help_root}; "
            "style-src 'self'; img-src data:; connect-src 'self'"
        )


class Handler(BaseHTTPRequestHandler):
    server: Host
    server_version = "Girder"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path in FILES:
            self._send((HERE / "pages" / path[1:]).read_text("utf-8"), FILES[path])
        elif path == "/help-token":
            self._token()
        elif path == "/":
            user = self._user()
            self._go(user.home if user else "/welcome")
        elif path == "/signing":
            self._page("How your server signs", _signing(), None)
        elif (found := screen_at(path)) is not None:
            self._page(found.title, found.html, found.module)
        else:
            self._page("Not found", "<p>There is no such page.</p>", None, HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Signs in as somebody, which is one click here."""
        length = min(int(self.headers.get("Content-Length") or 0), LONGEST_FORM)
        form = parse_qs(self.rfile.read(length).decode("utf-8", "replace"))
        key = form.get("user", [GUEST])[0]
        user = USERS.get(key)
        cookie = f"{COOKIE}={key if user else GUEST}; Path=/; HttpOnly; SameSite=Lax"
        self._go(user.home if user else "/welcome", {"Set-Cookie": cookie})

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: what the demo prints is Corbel's."""

    def _user(self) -> User | None:
        kept = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        return USERS.get(kept.value if kept else "pm")

    def _token(self) -> None:
        """Nothing for a guest. Only pages of this origin are answered."""
        user = self._user()
        if user is None or self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            self._answer(HTTPStatus.NO_CONTENT, {})
            return
        self._send(signed(user, self.server.key()), "text/plain")

    def _page(
        self, title: str, content: str, module: str | None, status: HTTPStatus = HTTPStatus.OK
    ) -> None:
        user = self._user()
        asked = parse_qs(urlsplit(self.path).query).get("help", [""])[0]
        where = {"help": html.escape(self.server.help_root), "company": "acme"}
        values = {
            "title": title,
            "scripts": Template(WAYS.get(asked, WAYS["script"])).substitute(where),
            "content": content,
            "module": module or "",
            "language": user.locale if user else "en",
            "name": html.escape(user.name if user else "Nobody is signed in"),
            "users": _options(user),
            "nav": _nav(urlsplit(self.path).path),
        }
        body = Template((HERE / "pages" / "girder.html").read_text("utf-8"))
        self._send(body.substitute(values), "text/html", status)

    def _send(self, text: str, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        body = text.encode()
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(body))}
        self._answer(status, headers)
        self.wfile.write(body)

    def _go(self, path: str, headers: Mapping[str, str] | None = None) -> None:
        self._answer(HTTPStatus.SEE_OTHER, {"Location": path, **(headers or {})})

    def _answer(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        always = {
            "Content-Security-Policy": self.server.policy,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        if "Content-Length" not in headers:
            headers = {**headers, "Content-Length": "0"}
        for name, value in (always | dict(headers)).items():
            self.send_header(name, value)
        self.end_headers()


def signed(user: User, key: Key) -> str:
    """By the very snippet that the host's page shows."""
    said = user.claims()
    return str(help_token(said, key.kid, key.secret, key.company))  # type: ignore[no-untyped-call]


def _options(user: User | None) -> str:
    chosen = user.key if user else GUEST
    known = [(one.key, f"{one.name} ({one.key})") for one in USERS.values()]
    return "".join(
        f'<option value="{key}"{" selected" if key == chosen else ""}>{html.escape(label)}</option>'
        for key, label in [*known, (GUEST, "Nobody (guest)")]
    )


def _nav(path: str) -> str:
    links = [(screen.path, screen.label) for screen in SCREENS if screen.label]
    return "".join(
        f'<a href="{href}"{" aria-current=page" if href == path else ""}>{label}</a>'
        for href, label in [*links, ("/signing", "Signing")]
    )


def _signing() -> str:
    parts = [
        f"<h2>{name}</h2><pre><code>"
        f"{html.escape((HERE / 'signing' / file).read_text('utf-8').strip())}</code></pre>"
        for name, file in LANGUAGES.items()
    ]
    what = (
        "<p>Your server answers at an address of its own, here <code>/help-token</code>, with a "
        "token for whoever is signed in: <code>help_token({sub, email, name, role, locale}, "
        "kid, secret, company)</code>. The secret never leaves it.</p>"
    )
    return what + "".join(parts)


def serve() -> None:
    """On a door that somebody else has opened; until it is told to stop."""
    door = socket.socket(fileno=int(os.environ["CORBEL_HOST_FD"]))
    folder = Path(os.environ["CORBEL_DATA"])
    root = os.environ["CORBEL_BASE_URL"]
    Host(door, root, folder / "host-key.json").serve_forever()
