"""What nobody sends by mistake, on all three ways in: refused or kept, and served harmlessly."""

import base64
import io
import json
import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.foundation import outbox
from portal.foundation.runtime import Runtime
from portal.tickets.guests import token_for
from portal.tickets.models import Attachment, Ticket
from tests.fixtures.programs import TICKETS, Program, Speak, ticket
from tests.fixtures.world import NOW, SignIn, World

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("noon")]

LEADS = re.compile(r"(?i)\s*(javascript|vbscript|data:t)")
TAKEN, REFUSED = {201, 303}, {400, 413, 422}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.domain)</script>"
ZIP = b"PK\x03\x04 no picture"

SCRIPTS = {
    "script": "<script>alert(1)</script>",
    "handler": "<img src=x onerror=alert(1)>",
    "svg": "<svg/onload=alert(1)>",
    "attribute": '" autofocus onfocus=alert(1) x="',
    "title": "</title></textarea></style><script>alert(1)</script>",
    "link": "[here](javascript:alert(1)) <javascript:alert(1)>",
    "picture": "![x](javascript:alert(1)) ![x](data:text/html;base64,PHNjcmlwdD4=)",
    "reference": "[x]: javascript:alert(1)\n\n[x]",
    "entity": "&lt;script&gt;alert(1)&lt;/script&gt; &#106;avascript:alert(1)",
    "template": "{{ 'zq' * 4 }} ${'zq'.repeat(4)} {% raw %}",
    "frame": "<iframe srcdoc='<script>alert(1)</script>'></iframe><base href=//evil.test>",
    "meta": "<meta http-equiv=refresh content='0;url=//evil.test'><form action=//evil.test>",
}
WALLS = {
    "quotes": ">" * 5000 + " deep",
    "lists": "\n".join("  " * level + "- x" for level in range(200)),
    "stars": "*" * 5000 + "x" + "*" * 5000,
    "brackets": "[" * 5000 + "](" * 5000,
    "ticks": "`" * 20_000,
    "right to left": "\u202egnp.exe \u2066\u200b",
    "control": "a\x01b\x07c\x1bd",
}
NAMES = {
    "path": "../../../etc/passwd.txt",
    "drive": "C:\\windows\\system32\\x.txt",
    "control": "a\r\nX-Evil: 1\t\x1b.txt",
    "right to left": "report\u202etxt.exe",
    "handler": "<img src=x onerror=alert(1)>.txt",
    "quote": 'a";filename="evil.html',
    "long": "x" * 250 + ".txt",
    "dots": "....",
}


class Nasty(HTMLParser):
    """What in a page could run or lead away, unless it has the page's own nonce."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        runs = tag == "script" and "nonce" not in given and given.get("type") != "application/json"
        foreign = tag in {"object", "embed", "base", "meta", "form"} and "evil" in str(given)
        handlers = [name for name in given if name.startswith("on")]
        places = [given.get(name, "") for name in ("href", "src", "action", "formaction")]
        leads = [place for place in places if LEADS.match(place)]
        if runs or foreign or handlers or leads or not self._is_shut(given):
            self.found.append(f"<{tag} {given}>")
        self.found += Nasty(given["srcdoc"]).found if "srcdoc" in given else []

    def _is_shut(self, given: dict[str, str]) -> bool:
        """A letter is shown in a frame of its own, in which nothing runs."""
        return "srcdoc" not in given or "allow-scripts" not in given.get("sandbox", "allow-scripts")


def assert_harmless(answer: TestResponse) -> None:
    assert answer.status_code == 200, answer.status
    assert not Nasty(answer.text).found
    assert "zqzqzqzq" not in answer.text, "it was calculated"
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def only_ticket(session: Session) -> Ticket:
    session.rollback()
    return session.scalars(select(Ticket)).one()


Way = Callable[[str, str], TestResponse]


@pytest.fixture(params=["form", "api", "contact"])
def way(
    request: pytest.FixtureRequest, app: Flask, world: World, sign_in: SignIn, speak: Speak
) -> Way:
    """Sends subject and body; the stranger's letter has them in one."""
    if request.param == "api":
        program = speak(world.owner)
        return lambda subject, body: program.post(
            TICKETS, ticket(subject=subject, description=body)
        )
    if request.param == "contact":
        who = {"name": "Ana", "email": "ana@example.com"}
        return lambda subject, body: _spelled(
            app.test_client(), "/contact", who | {"body": f"{subject}\n{body}"}
        )
    browser = sign_in(world.owner)
    chosen = {"category": "bug", "severity": "P3", "with_context": "y"}
    return lambda subject, body: _spelled(
        browser, "/tickets/new", chosen | {"subject": subject, "body": body}
    )


def _spelled(browser: FlaskClient, path: str, fields: dict[str, str]) -> TestResponse:
    """Also what is no text: half a character is its three bytes."""
    data = urlencode(fields, errors="surrogatepass")
    return browser.post(path, data=data, content_type="application/x-www-form-urlencoded")


def assert_harmless_everywhere(
    app: Flask, runtime: Runtime, session: Session, world: World, sign_in: SignIn
) -> None:
    """On each page that shows it: the customer's, the guest's, the agent's, the letters."""
    found = only_ticket(session)
    while outbox.drain(runtime.writers, runtime.subscribers, at=NOW):
        pass
    agent, owner = sign_in(world.agent), sign_in(world.owner)
    for path in ("/queue", f"/desk/{found.number}", "/notifications"):
        assert_harmless(agent.get(path))
    lead = sign_in(world.manager)
    letters = re.findall(r"/mailbox/[0-9a-f-]{36}", lead.get("/mailbox").text)
    for path in ("/mailbox", *sorted(set(letters))):
        assert_harmless(lead.get(path))
    if found.requester_id is None:
        assert_harmless(app.test_client().get(f"/requests/{token_for(found)}"))
        return
    for path in ("/", "/tickets", f"/tickets/{found.number}"):
        assert_harmless(owner.get(path))


@pytest.mark.parametrize("text", [*SCRIPTS.values(), *WALLS.values()], ids=[*SCRIPTS, *WALLS])
def test_words(
    way: Way,
    text: str,
    app: Flask,
    runtime: Runtime,
    session: Session,
    world: World,
    sign_in: SignIn,
) -> None:
    answer = way(" ".join(text.split())[:290], text)
    assert answer.status_code in TAKEN, answer.text
    assert_harmless_everywhere(app, runtime, session, world, sign_in)


@pytest.mark.parametrize(
    "text",
    ["x" * 1_000_000, "a\x00b", "\x00", "\ud800", "\udfff\ud800 x"],
    ids=lambda t: repr(t[:4]),
)
def test_texts_that_fit_nowhere(way: Way, text: str, session: Session) -> None:
    answer = way(text, "words")
    assert answer.status_code in TAKEN | REFUSED
    if answer.status_code in TAKEN:
        found = only_ticket(session)
        assert "\x00" not in found.subject + found.description
        (found.subject + found.description).encode()
        assert len(found.subject) <= 300


CAPTURED = {
    "deep": "[" * 100_000,
    "deep object": '{"a":' * 5_000 + "1" + "}" * 5_000,
    "handler": json.dumps({"browser": SCRIPTS["handler"], "page_url": "javascript:alert(1)"}),
    "quote": json.dumps({"browser": SCRIPTS["attribute"], "viewport": SCRIPTS["title"]}),
    "errors": json.dumps(
        {"errors": [{"message": SCRIPTS["script"], "at": SCRIPTS["handler"]}] * 9}
    ),
    "surrogate": '{"browser": "\\ud800", "locale": "\\u0000"}',
}


@pytest.mark.parametrize("captured", CAPTURED.values(), ids=CAPTURED)
def test_what_a_browser_tells(
    captured: str,
    app: Flask,
    runtime: Runtime,
    session: Session,
    world: World,
    sign_in: SignIn,
) -> None:
    said = {"subject": "x", "body": "y", "category": "bug", "severity": "P3", "with_context": "y"}
    sent = sign_in(world.owner).post(
        "/tickets/new", data=said | {"captured": captured, "url": "javascript:alert(1)"}
    )
    assert sent.status_code == 303
    assert_harmless_everywhere(app, runtime, session, world, sign_in)


def test_what_a_program_tells(
    app: Flask,
    runtime: Runtime,
    session: Session,
    world: World,
    sign_in: SignIn,
    speak: Speak,
) -> None:
    told = {vector: vector for vector in SCRIPTS.values()}
    answer = speak(world.owner).post(TICKETS, ticket(context_metadata=told, module="<b onx=1>"))
    assert answer.status_code == 201
    assert_harmless_everywhere(app, runtime, session, world, sign_in)


# Files


@pytest.fixture
def attach(world: World, sign_in: SignIn, speak: Speak) -> Callable[..., TestResponse]:
    """By the form or by a program."""
    browser, program = sign_in(world.owner), speak(world.owner)

    def send(by: str, name: str, content: bytes) -> TestResponse:
        if by == "form":
            return _multipart(browser, name, content)
        file = {"filename": name, "content": base64.b64encode(content).decode()}
        return program.post(TICKETS, ticket(attachments=[file]))

    return send


def _multipart(browser: FlaskClient, name: str, content: bytes) -> TestResponse:
    """Spelled by hand: the test client would clean the name."""
    said = {"subject": "With a file", "body": "Kept words", "category": "bug", "severity": "P3"}
    parts = [
        f'--cut\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in said.items()
    ]
    quoted = name.replace("\\", "\\\\").replace('"', "%22").replace("\r\n", "%0D%0A")
    head = f'--cut\r\nContent-Disposition: form-data; name="attachments"; filename="{quoted}"'
    parts.append(
        f"{head}\r\nContent-Type: text/html\r\n\r\n".encode() + content + b"\r\n--cut--\r\n"
    )
    return browser.post(
        "/tickets/new", data=b"".join(parts), content_type="multipart/form-data; boundary=cut"
    )


@pytest.mark.parametrize("by", ["form", "api"])
@pytest.mark.parametrize(
    ("name", "content"),
    [("logo.svg", SVG), ("page.html", HTML), *((name, b"words") for name in NAMES.values())],
    ids=["svg", "html", *NAMES],
)
def test_files(
    by: str,
    content: bytes,
    name: str,
    attach: Callable[..., TestResponse],
    app: Flask,
    runtime: Runtime,
    session: Session,
    world: World,
    sign_in: SignIn,
) -> None:
    answer = attach(by, name, content)
    assert answer.status_code in TAKEN, answer.text
    found = only_ticket(session)
    file = session.scalars(select(Attachment)).one()
    assert not re.search(r"[/\\\x00-\x1f\u202e]", file.filename)
    assert file.filename.strip(".")
    assert_harmless_everywhere(app, runtime, session, world, sign_in)
    place = f"/tickets/{found.number}/attachments/{file.id}"
    served = sign_in(world.owner).get(place, buffered=True)
    assert served.data == content
    assert served.mimetype == "text/plain"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in served.headers["Content-Security-Policy"]
    assert "X-Evil" not in served.headers


@pytest.mark.parametrize("by", ["form", "api"])
@pytest.mark.parametrize(
    ("name", "content"),
    [("evil.png", ZIP), ("evil.png", SVG), ("evil.jpg", HTML), ("none.png", b"\x89PNG\r\n\x1a\n")],
    ids=["zip", "svg", "html", "half"],
)
def test_pictures_that_are_none(
    by: str, name: str, content: bytes, attach: Callable[..., TestResponse], session: Session
) -> None:
    answer = attach(by, name, content)
    assert answer.status_code == 422
    assert name in answer.text
    assert session.scalars(select(Ticket)).all() == []
    assert by == "api" or "Kept words" in answer.text


@pytest.mark.parametrize(("by", "status"), [("form", 422), ("api", 413)])
def test_thirty_megabytes(
    by: str, status: int, attach: Callable[..., TestResponse], session: Session, runtime: Runtime
) -> None:
    answer = attach(by, "film.mov", b"x" * 30_000_000)
    assert answer.status_code == status
    assert session.scalars(select(Ticket)).all() == []
    kept = (runtime.settings.data / "files").rglob("*")
    assert [path for path in kept if path.is_file()] == []
    assert by == "api" or "Kept words" in answer.text


def test_a_form_that_is_larger_than_any_file_keeps_its_words(
    attach: Callable[..., TestResponse], session: Session, runtime: Runtime
) -> None:
    answer = attach("form", "film.mov", b"x" * 60_000_000)
    assert answer.status_code == 422
    assert "film.mov” is larger than 25 MB and was not kept." in unescape(answer.text)
    assert "Kept words" in answer.text
    kept = (runtime.settings.data / "files").rglob("*")
    assert [path for path in kept if path.is_file()] == []


def test_more_than_is_read_of_any_form(
    attach: Callable[..., TestResponse], session: Session, app: Flask
) -> None:
    answer = attach("form", "film.mov", b"x" * 110_000_000)
    assert answer.status_code == 413
    assert "Everything sent at once may be 105 MB at most." in answer.text
    assert session.scalars(select(Ticket)).all() == []


def test_a_file_where_none_is_asked_for(app: Flask, session: Session) -> None:
    letter = {"name": "Ana", "email": "ana@example.com", "body": "Words"}
    files = {"attachments": (io.BytesIO(SVG), "x.svg")}
    sent = app.test_client().post("/contact", data=letter | files)
    assert sent.status_code == 303
    assert session.scalars(select(Attachment)).all() == []


def test_json_nested_beyond_reason(world: World, speak: Speak) -> None:
    program: Program = speak(world.owner)
    deep = '{"a":' * 2_000 + "1" + "}" * 2_000
    for body in (f'{{"subject": {"[" * 50_000}', deep, f'{{"context_metadata": {deep}}}'):
        headers = program.headers | {"Content-Type": "application/json"}
        assert program.client.post(TICKETS, data=body, headers=headers).status_code in REFUSED
