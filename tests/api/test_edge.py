"""What holds for every address under /api/: who may come, what is refused, and how it is said."""

import json

import pytest

from portal.accounts.models import ApiToken, User
from portal.foundation.tenancy import PLATFORM, see
from tests.fixtures.programs import TICKETS, Program, ticket

PROBLEM = "application/problem+json"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def owner(world, speak):
    return speak(world.owner)


def raw(owner, body, **headers):
    return owner.client.post(TICKETS, data=body, headers=owner.headers | JSON | headers)


def test_whoever_has_no_token_is_told_which_one_is_wanted(speak, world):
    nobody = speak(None)
    for answer in (nobody.get(), nobody.post(TICKETS, ticket()), nobody.move(1, "closed")):
        assert answer.status_code == 401
        assert answer.content_type == PROBLEM
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "Authorization: Bearer" in answer.json["detail"]


def test_tokens_that_are_none_are_refused(app, owner):
    for header in ("Bearer wrong", "Bearer", f"Basic {owner.token}", owner.token, "Bearer \xff"):
        answer = app.test_client().get(TICKETS, headers={"Authorization": header})
        assert answer.status_code == 401, header
        assert answer.content_type == PROBLEM


def test_a_revoked_token_and_a_disabled_person_are_refused(world, speak, runtime, owner):
    def mark(model, column):
        with runtime.writers.begin() as session:
            see(session, PLATFORM)
            for row in session.query(model).all():
                setattr(row, column, row.created_at)

    assert owner.get().status_code == 200
    mark(User, "disabled_at")
    assert owner.get().status_code == 401
    mark(ApiToken, "revoked_at")
    assert owner.get().status_code == 401


def test_a_browser_s_cookie_counts_for_nothing(world, sign_in):
    browser = sign_in(world.owner)
    assert browser.get(TICKETS).status_code == 401
    assert browser.post(TICKETS, json=ticket()).status_code == 401


def test_no_page_s_token_is_needed_beside_one_s_own(app, owner):
    app.config["WTF_CSRF_ENABLED"] = True
    assert owner.post(TICKETS, ticket()).status_code == 201


def test_unknown_addresses_are_problems_too(owner):
    for path in ("/api/", "/api/v1/nothing", f"{TICKETS}/1/2/3"):
        answer = owner.get(path)
        assert (answer.status_code, answer.content_type) == (404, PROBLEM)
        assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_other_methods_are_told_which_there_are(owner):
    made = owner.open()["id"]
    for path, method, allowed in (
        (TICKETS, "DELETE", {"GET", "POST"}),
        (f"{TICKETS}/{made}", "PATCH", {"GET"}),
        (f"{TICKETS}/{made}/messages", "GET", {"POST"}),
        (f"{TICKETS}/{made}/status", "POST", {"PUT"}),
    ):
        answer = owner.client.open(path, method=method, headers=owner.headers)
        assert (answer.status_code, answer.content_type) == (405, PROBLEM)
        assert allowed <= set(answer.headers["Allow"].split(", "))


def test_what_is_not_json_is_refused_by_its_name(owner):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = raw(owner, b"subject=x", **{"Content-Type": kind})
        assert (answer.status_code, answer.content_type) == (415, PROBLEM), kind


NO_JSON = (
    b"",
    b"{",
    b"{'subject': 1}",
    b"\xff\xfe\xfd",
    b"[" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b"9" * 5_000,
)


def test_broken_json_is_refused(owner):
    for body in NO_JSON:
        answer = raw(owner, body)
        assert (answer.status_code, answer.content_type) == (400, PROBLEM), body[:20]


def test_anything_but_an_object_is_refused(owner):
    for body in (b"[]", b"null", b"1", b'"{}"', b'"{\\"subject\\": \\"a\\"}"', b"true", b"NaN"):
        answer = raw(owner, body)
        assert answer.status_code == 422, body
        assert "object" in answer.json["errors"][0]["detail"]


def test_texts_that_no_database_keeps_are_refused(owner):
    for subject in ("\\u0000", "a\\u0000b", "\\ud800", "\\udfff a"):
        answer = raw(owner, f'{{"subject": "{subject}", "description": "x"}}')
        assert answer.status_code == 422, subject
        assert answer.json["errors"][0]["pointer"] == "#/subject"


def test_long_texts_are_refused_by_field(owner):
    long = "x" * 1_000_000
    answer = owner.post(TICKETS, ticket(subject=long, description=long, module=long))
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json["errors"]} == {"subject", "description", "module"}


def test_context_is_bounded_and_storable(owner):
    deep: object = "end"
    for _ in range(300):
        deep = {"a": [deep]}
    for metadata in ({"a": "x" * 20_000}, {"a": deep}, {"a": float("nan")}, {"a": "\ud800"}, []):
        body = json.dumps(ticket(context_metadata=metadata))
        answer = raw(owner, body)
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"] == "context_metadata"
    kept = owner.open(context_metadata={"a\x00": "b\x00", "n": [1, 2.5, None, True, 10**40]})
    assert kept["context_metadata"] == {"a": "b", "n": [1, 2.5, None, True, 10**40]}


def test_only_addresses_that_are_harmless_as_links_are_kept(owner):
    for url in ("javascript:alert(1)", "data:text/html,x", "ftp://host/", "x", " /a", "/a b"):
        assert owner.post(TICKETS, ticket(context_url=url)).status_code == 422, url
    for url in ("https://app.example/projects/7", "/projects/7?tab=schedule"):
        assert owner.open(context_url=url)["context_url"] == url


def test_too_much_at_once_is_refused_before_it_is_read(owner):
    answer = raw(owner, b"x" * (10 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.content_type) == (413, PROBLEM)


def test_everything_wrong_is_named_at_once(owner):
    answer = owner.post(
        TICKETS, {"severity": 1, "attachments": [{"filename": "a"}], "context_metadata": 3}
    )
    assert answer.status_code == 422
    assert {(one["field"], one["pointer"]) for one in answer.json["errors"]} == {
        ("subject", "#/subject"),
        ("description", "#/description"),
        ("severity", "#/severity"),
        ("attachments.0.content", "#/attachments/0/content"),
        ("context_metadata", "#/context_metadata"),
    }
    assert all(one["detail"] for one in answer.json["errors"])


def test_nothing_that_was_sent_comes_back_in_a_refusal(owner):
    answer = owner.post(TICKETS, {"subject": ["correct-horse-9"], "description": "x"})
    assert "correct-horse-9" not in answer.text


def test_what_breaks_on_our_side_says_nothing_of_how(owner, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("correct-horse-9")

    monkeypatch.setattr("portal.tickets.queries.listing.listed", broken)
    answer = owner.get()
    assert (answer.status_code, answer.content_type) == (500, PROBLEM)
    assert "correct-horse-9" not in answer.text


def test_words_are_in_the_language_that_is_asked_for(owner):
    for asked, spanish in (
        ("es", True),
        ("es-MX, en;q=0.5", True),
        ("de, ES;q=0.3", True),
        ("en, es;q=0.9", False),
        ("es;q=0", False),
        ("de", False),
        ("*", False),
    ):
        answer = owner.post(TICKETS, ticket(), **{"Accept-Language": asked})
        assert ("responderemos" in answer.json["promise"]) == spanish, (
            asked,
            answer.json["promise"],
        )


def test_without_a_wish_it_is_the_person_s_language(world, speak, runtime):
    with runtime.writers.begin() as session:
        session.get(User, world.owner.user_id).locale = "es"
    assert "responderemos" in speak(world.owner).open()["promise"]


@pytest.fixture
def narrow(limited):
    """Small limits."""
    limited.config.update(API_READS="3 per minute", API_WRITES="2 per minute")
    return limited


def test_limits_are_told_and_kept_by_token(narrow, app, owner, speak, world):
    program = Program(narrow, owner.token)
    left = [program.get().headers["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = program.get()
    assert (refused.status_code, refused.content_type) == (429, PROBLEM)
    assert refused.headers["RateLimit-Limit"] == "3"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit-Reset"] == refused.headers["Retry-After"]
    assert program.post(TICKETS, ticket()).status_code == 201
    assert Program(narrow, speak(world.pm).token).get().status_code == 200
    assert app.test_client().get(TICKETS).status_code == 401


def test_answers_within_the_limit_ask_nobody_to_come_back_later(narrow, owner):
    answer = Program(narrow, owner.token).get()
    assert "Retry-After" not in answer.headers
    assert 1 <= int(answer.headers["RateLimit-Reset"]) <= 60


def test_limits_can_t_be_got_round_by_another_spelling_of_the_address(narrow, owner):
    program = Program(narrow, owner.token)
    made = [program.post(TICKETS, ticket()) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    assert program.say(made[0].json["id"], "Hello").status_code == 429
    assert program.move(made[0].json["number"], "closed").status_code == 429
