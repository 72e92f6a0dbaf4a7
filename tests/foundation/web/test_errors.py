"""Pages for what went wrong: what somebody wrote is handed back, to be sent once more."""

import errno
import io
import re
from html import unescape

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal.foundation.web.access import public
from portal.foundation.web.database import db
from tests.fixtures.world import SignIn, World

WORDS = 'Nobody can "open"\r\nthe <schedule> & all.'
PRESS = "a" * 32


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    @app.post("/take")
    @public("a form whose database is busy, at first")
    def take() -> str:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    @app.post("/break")
    @public("a form that breaks")
    def breaks() -> str:
        raise RuntimeError("no luck")

    @app.post("/collide")
    @public("a form of which two are sent at once")
    def collide() -> str:
        db().execute(text("create table twins (name text primary key, age int not null)"))
        db().execute(text("insert into twins values ('one', 1)"))
        row = {"name": request.args["name"], "age": request.args.get("age")}
        db().execute(text("insert into twins values (:name, :age)"), row)
        return ""

    @app.post("/full")
    @public("a form for which there is no room")
    def full() -> str:
        raise OSError(int(request.args["number"]), "no")

    @app.post("/read")
    @public("a form that reads what it is sent")
    def read() -> str:
        return str(len(request.form))

    return app.test_client()


def fields(page: str) -> list[tuple[str, str]]:
    """What the page's button would send."""
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return [(unescape(name), unescape(value)) for name, value in hidden]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/take", 503), ("/break", 500), ("/collide?name=one&age=2", 503), ("/collide?name=two", 500)],
)
def test_what_was_written_can_be_sent_once_more(
    client: FlaskClient, path: str, status: int
) -> None:
    sent = {"subject": "Down", "body": WORDS, "press": PRESS, "kept": ["1", "2"]}
    answer = client.post(path, data=sent)
    assert answer.status_code == status
    assert fields(answer.text) == [
        ("subject", "Down"),
        ("body", WORDS),
        ("press", PRESS),
        ("kept", "1"),
        ("kept", "2"),
    ]
    address = path.partition("?")[0]
    assert f'<form class="stack" method="post" action="{address}">' in answer.text
    assert "What you wrote is kept on this page" in answer.text


def test_a_database_that_is_away_is_asked_once(
    sign_in: SignIn, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page that says so would ask again who is signed in, wait as long and fail."""
    asked = []

    def away(*_arguments: object) -> None:
        asked.append(1)
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    browser = sign_in(world.owner)
    monkeypatch.setattr("portal.accounts.queries.person_of_login", away)
    answer = browser.post("/tickets/new", data={"body": WORDS})
    assert answer.status_code == 503
    assert fields(answer.text) == [("body", WORDS)]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("number", "status"), [(errno.ENOSPC, 503), (errno.EFBIG, 503), (errno.ENOENT, 500)]
)
def test_a_full_disk_is_no_fault_of_ours(client: FlaskClient, number: int, status: int) -> None:
    answer = client.post(f"/full?number={number}", data={"body": WORDS})
    assert answer.status_code == status
    assert fields(answer.text) == [("body", WORDS)]


def test_busy_says_when_to_come_back(client: FlaskClient) -> None:
    assert int(client.post("/take", data={"body": "x"}).headers["Retry-After"]) > 0


def test_a_password_is_never_handed_back(client: FlaskClient) -> None:
    answer = client.post("/take", data={"email": "ana@acme.test", "password": "hunter2secret"})
    assert answer.status_code == 503
    assert "hunter2secret" not in answer.text
    assert fields(answer.text) == []


def test_where_nothing_was_written_there_is_nothing_to_send(client: FlaskClient) -> None:
    assert "<form" not in client.post("/take").text
    assert "<form" not in client.post("/take", json={"body": "x"}).text


def test_a_form_that_can_not_be_read_is_no_second_fault(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_FORM_MEMORY_SIZE"] = 10
    answer = client.post("/break", data={"body": "x" * 1000}, content_type="multipart/form-data")
    assert answer.status_code == 500
    assert "<form" not in answer.text


def test_more_than_we_read_names_the_limit_and_leads_back(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 200_000
    sent = {"body": WORDS, "attachments": (io.BytesIO(b"x" * 200_000), "film.mov")}
    came = {"Referer": "http://localhost/tickets/new?press=1"}
    answer = client.post("/read", data=sent, headers=came)
    assert answer.status_code == 413
    assert "Everything sent at once may be 200 kB at most." in answer.text
    assert 'href="http://localhost/tickets/new?press=1"' in answer.text
    assert "drafts are kept" in answer.text


def test_a_text_beyond_all_names_its_own_limit(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_FORM_MEMORY_SIZE"] = 3_000
    sent = {"body": "x" * 4_000, "attachments": (io.BytesIO(b"x"), "a.txt")}
    answer = client.post("/read", data=sent)
    assert answer.status_code == 413
    assert "A text may be 3.0 kB at most." in answer.text
    assert "Back to what you wrote" not in answer.text


@pytest.mark.parametrize(
    "referer", ["http://evil.example/", "javascript://localhost/%0aalert(1)", "//localhost/", "x"]
)
def test_no_other_page_is_led_back_to(app: Flask, client: FlaskClient, referer: str) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 10
    answer = client.post("/read", data={"body": WORDS}, headers={"Referer": referer})
    assert answer.status_code == 413
    assert "Back to what you wrote" not in answer.text
