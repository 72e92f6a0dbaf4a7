"""What editors do on their pages, and what becomes of what they type."""

import io
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.accounts.models import AuditEntry
from portal.core.permissions import Role
from portal.guidance.models import Orientation, Press, Screen, Term
from tests.fixtures.world import NOW, Person, SignIn, World, closed_to
from tests.guidance.making import article, screen, term, tour, video

SCREEN = {
    "title-en": "Schedule",
    "title-es": "Planificación",
    "module": "scheduling",
    "page_key": "scheduling.board",
    "patterns": "/projects/{id}/schedule\n\n#/p/{id}/schedule",
    "seen": "0",
}
TERM = {
    "key": "estimating.markup",
    "module": "estimating",
    "term-en": "Markup",
    "definition-en": "What you add to the cost.",
    "usage-en": "20 % of 100 makes 120.",
    "seen": "0",
}
TOUR = {
    "module": "scheduling",
    "steps": "1",
    "title-0-en": "Welcome",
    "text-0-en": "Begin here.",
    "target-0": "",
    "published": "1",
    "seen": "0",
}


@pytest.fixture
def editor(world: World, sign_in: SignIn) -> FlaskClient:
    return sign_in(world.manager)


def only(session: Session, model: type[Any]) -> Any:
    session.rollback()
    session.expire_all()
    return session.query(model).one()


PATHS = [
    *("/guidance", "/guidance/screens/new", "/guidance/tester", "/guidance/unknown"),
    *("/guidance/terms", "/guidance/terms/new", "/guidance/orientations"),
    *("/guidance/orientations/new", "/guidance/exchange", "/guidance/guidance.json"),
]


@pytest.mark.parametrize("path", PATHS)
def test_only_those_who_manage_guidance_come_in(
    path: str, world: World, sign_in: SignIn, editor: FlaskClient
) -> None:
    assert editor.get(path).status_code == 200
    for actor in (world.agent, world.owner, world.client):
        assert sign_in(actor).get(path).status_code == closed_to(actor)


def test_a_screen_is_added_changed_and_removed(session: Session, editor: FlaskClient) -> None:
    answer = editor.post("/guidance/screens", data=SCREEN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/guidance")
    made = only(session, Screen)
    assert made.titles == {"en": "Schedule", "es": "Planificación"}
    page = editor.get(f"/guidance/screens/{made.id}").text
    assert "/projects/{id}/schedule\n#/p/{id}/schedule" in page
    changed = SCREEN | {"seen": str(made.version), "patterns": "/schedule"}
    assert editor.post(f"/guidance/screens/{made.id}", data=changed).status_code == 303
    assert "/schedule" in editor.get("/guidance").text
    asked = editor.get(f"/guidance/screens/{made.id}/removal")
    assert "Remove Schedule?" in asked.text
    assert editor.post(f"/guidance/screens/{made.id}/removal").status_code == 303
    session.rollback()
    assert session.query(Screen).count() == 0
    acts = [one.act for one in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert acts == ["screen.added", "screen.saved", "screen.removed"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"patterns": "/projects/{id"}, "braces hold one name"),
        ({"patterns": "/a*"}, "a star is a part of its own"),
        ({"patterns": "/taken"}, "belongs to other"),
        ({"page_key": "other"}, "Another screen has this key."),
        ({"page_key": "<script>"}, "Use small letters"),
        ({"title-en": "", "title-es": ""}, "Say in one language at least"),
        ({"title-en": "x" * 200}, "120 characters at most"),
        ({"patterns": "\n".join(f"/{n}" for n in range(60))}, "50 addresses at most"),
    ],
)
def test_what_can_not_be_saved_stays_on_the_page(
    session: Session, editor: FlaskClient, typed: dict[str, str], said: str
) -> None:
    screen(session, "/taken", page_key="other")
    session.commit()
    answer = editor.post("/guidance/screens", data=SCREEN | typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Planificación" in answer.text or "title-es" in typed
    assert '<script>"' not in answer.text


def test_articles_are_found_as_readers_find_them_and_unpublished_ones_by_their_title(
    session: Session, editor: FlaskClient
) -> None:
    shown = article(session, "gantt", titles={"en": "Plan with a Gantt chart"})
    hidden = article(session, "later", titles={"en": "A chart to come"}, is_published=False)
    session.commit()

    def found(words: str) -> list[str]:
        text = editor.post("/guidance/screens", data=SCREEN | {"do": "find", "find": words}).text
        return re.findall(r"pin-article:([0-9a-f-]{36})", text)

    assert found("how do I plan with gnatt") == [str(shown)]
    assert found("chart") == [str(hidden), str(shown)]


def test_articles_and_videos_are_found_pinned_and_put_in_order(
    session: Session, editor: FlaskClient
) -> None:
    first, second = (str(article(session, slug)) for slug in ("gantt-chart", "gantt-print"))
    film = str(video(session, "gantt-film"))
    session.commit()
    found = editor.post("/guidance/screens", data=SCREEN | {"do": "enter", "find": "gantt"})
    assert found.status_code == 200
    assert all(f"pin-article:{one}" in found.text for one in (first, second))
    assert f"pin-video:{film}" in found.text
    by_address = SCREEN | {"do": "find", "find": "https://x.example/kb/en/gantt-print#top"}
    assert f"pin-article:{second}" in editor.post("/guidance/screens", data=by_address).text
    typed: dict[str, Any] = SCREEN | {
        "topics": [first, "no id", first],
        "do": f"pin-article:{second}",
    }
    assert editor.post("/guidance/screens", data=typed).text.index(first) > 0
    moved = editor.post(
        "/guidance/screens", data=SCREEN | {"topics": [first, second], "do": "down-article:0"}
    ).text
    assert moved.index(f'value="{second}"') < moved.index(f'value="{first}"')
    for odd in ("down-article:9", "up-article:-1", "remove-article:x", "nonsense", "pin-video:x"):
        assert editor.post("/guidance/screens", data=SCREEN | {"do": odd}).status_code == 200
    saved = SCREEN | {"topics": [second, first], "videos": [film]}
    assert editor.post("/guidance/screens", data=saved).status_code == 303
    made = only(session, Screen)
    assert (made.topic_ids, made.video_ids) == ([second, first], [film])


def test_the_second_of_two_who_save_is_told_and_may_replace(
    session: Session, editor: FlaskClient
) -> None:
    editor.post("/guidance/screens", data=SCREEN)
    made = only(session, Screen)
    path, seen = f"/guidance/screens/{made.id}", {"seen": str(made.version)}
    assert editor.post(path, data=SCREEN | seen | {"title-en": "Plan"}).status_code == 303
    late = editor.post(path, data=SCREEN | seen | {"title-en": "Board"})
    assert late.status_code == 409
    assert "What people call it" in late.text
    assert "Board" in late.text
    again = SCREEN | {"title-en": "Board", "seen": str(made.version + 1)}
    assert f'name="seen" value="{made.version + 1}"' in late.text
    assert editor.post(path, data=again).status_code == 303
    assert only(session, Screen).titles["en"] == "Board"


def test_screens_change_places(session: Session, editor: FlaskClient) -> None:
    one, _other = screen(session, "/a", page_key="a"), screen(session, "/b", page_key="b")
    session.commit()
    for where, order in (("up", "ab"), ("down", "ba"), ("down", "ba"), ("up", "ab")):
        answer = editor.post(f"/guidance/screens/{one.id}/place", data={"where": where})
        assert answer.status_code == 303
        page = editor.get("/guidance").text
        assert (page.index("<code>a</code>") < page.index("<code>b</code>")) == (order == "ab")


def test_the_tester_says_which_and_why_and_what_is_shown(
    session: Session, editor: FlaskClient
) -> None:
    topic = article(session, "gantt", titles={"en": "Gantt", "es": "Diagrama"})
    screen(session, topics=[topic])
    screen(session, "/projects/**", page_key="projects", module="")
    term(session, "scheduling.lag")
    tour(session)
    session.commit()
    ask = {"url": "https://app.example/projects/7/schedule", "language": "es", "role": "field"}
    page = editor.get("/guidance/tester", query_string=ask).text
    for said in ("Planificación", "/projects/{id}/schedule", "/projects/**", "Diagrama", "Hola"):
        assert said in page
    assert "It says more about the path" in page
    by_key = editor.get("/guidance/tester", query_string={"url": "scheduling.board"}).text
    assert "the key of the screen itself" in by_key
    near = editor.get("/guidance/tester", query_string={"url": "/projectz/7/schedule"}).text
    assert "No rule fits" in near
    assert "wants projects where there is projectz" in near
    assert "Make it a screen" in near
    for role in ("client", "", "nobody"):
        hidden = editor.get("/guidance/tester", query_string=ask | {"role": role, "language": "xx"})
        assert ("Gantt" in hidden.text) == (role != "client")
    hostile = editor.get("/guidance/tester", query_string={"url": "<script>x\x00" + "/a" * 9000})
    assert hostile.status_code == 200
    assert "<script>x" not in hostile.text


def test_unknown_addresses_become_screens(
    session: Session, world: World, editor: FlaskClient
) -> None:
    made = screen(session)
    for visitor, path in (("a", "/budget/{id}"), ("b", "/budget/{id}"), ("a", "/known")):
        session.add(Press(path=path, visitor=visitor, at=NOW, builder_id=world.acme.id))
    session.commit()
    page = editor.get("/guidance/unknown").text
    assert "/budget/{id}" in page
    assert "pattern=/budget/%7Bid%7D" in page
    new = editor.get("/guidance/screens/new", query_string={"pattern": "/budget/{id}"}).text
    assert "/budget/{id}</textarea>" in new
    taken = {"pattern": "/known", "screen": str(made.id)}
    assert editor.post("/guidance/unknown", data=taken).status_code == 303
    assert '<code class="pattern">/known' not in editor.get("/guidance/unknown").text
    for data, status in (
        ({"pattern": "/x{", "screen": str(made.id)}, 422),
        ({"pattern": "/x", "screen": "nonsense"}, 422),
        ({"pattern": "/x", "screen": "00000000-0000-7000-8000-000000000000"}, 404),
    ):
        assert editor.post("/guidance/unknown", data=data).status_code == status


def test_a_word_is_explained_changed_and_removed(session: Session, editor: FlaskClient) -> None:
    assert editor.post("/guidance/terms", data=TERM).status_code == 303
    made = only(session, Term)
    assert set(made.texts) == {"en"}
    assert "Missing: Español" in editor.get("/guidance/terms").text
    topic = str(article(session, "markup-explained"))
    session.commit()
    path, both = (
        f"/guidance/terms/{made.id}",
        {"term-es": "Margen", "definition-es": "Lo que sumas"},
    )
    found = editor.post(path, data=TERM | {"do": "enter", "find": "markup"}).text
    assert f"pin-article:{topic}" in found
    data = TERM | both | {"seen": str(made.version), "topics": topic}
    assert editor.post(path, data=data).status_code == 303
    assert editor.post(path, data=data | {"term-en": "Other"}).status_code == 409
    changed = only(session, Term)
    assert (set(changed.texts), str(changed.topic_id)) == ({"en", "es"}, topic)
    assert "Missing" not in editor.get("/guidance/terms").text
    assert editor.get(f"{path}/removal").status_code == 200
    assert editor.post(f"{path}/removal").status_code == 303
    assert editor.get(path).status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"key": ""}, "Use small letters"),
        ({"key": "known"}, "Another term has this key."),
        ({"term-en": ""}, "Say what it is called."),
        ({"definition-en": ""}, "Say what it means."),
        ({"definition-en": "x" * 700}, "600 characters at most"),
        ({"term-en": "", "definition-en": ""}, "Say in one language at least"),
    ],
)
def test_a_word_that_explains_nothing_is_refused(
    session: Session, editor: FlaskClient, typed: dict[str, str], said: str
) -> None:
    term(session, "known")
    session.commit()
    answer = editor.post("/guidance/terms", data=TERM | typed)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_first_steps_are_worked_on_and_saved(session: Session, editor: FlaskClient) -> None:
    more = editor.post("/guidance/orientations", data=TOUR | {"do": "add-step"})
    assert "title-1-en" in more.text
    two = TOUR | {"steps": "2", "title-1-en": "Second", "target-1": "scheduling.lag"}
    moved = editor.post("/guidance/orientations", data=two | {"do": "down-step:0"}).text
    assert moved.index("Second") < moved.index("Welcome")
    assert (
        "Second"
        not in editor.post("/guidance/orientations", data=two | {"do": "remove-step:1"}).text
    )
    assert editor.post("/guidance/orientations", data=two).status_code == 303
    made = only(session, Orientation)
    assert [step["target"] for step in made.steps] == ["", "scheduling.lag"]
    assert made.is_published
    twice = editor.post("/guidance/orientations", data=TOUR)
    assert "has first steps already" in twice.text
    path = f"/guidance/orientations/{made.id}"
    assert "scheduling.lag" in editor.get(path).text
    seen = {"seen": str(made.version)}
    assert editor.post(f"{path}/edition").status_code == 303
    assert only(session, Orientation).edition == 2
    stale = editor.post(path, data=TOUR | seen)
    assert stale.status_code == 409
    fresh = only(session, Orientation).version
    assert editor.post(path, data=TOUR | {"seen": str(fresh)}).status_code == 303
    assert editor.get(f"{path}/removal").status_code == 200
    assert editor.post(f"{path}/removal").status_code == 303
    session.rollback()
    assert session.query(Orientation).count() == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"module": ""}, "Choose a module."),
        ({"steps": "0"}, "Add one step at least."),
        ({"steps": "many"}, "Add one step at least."),
        ({"title-0-en": ""}, "Give this step a title."),
        ({"target-0": "no key"}, "Use small letters"),
    ],
)
def test_first_steps_that_lead_nowhere_are_refused(
    editor: FlaskClient, typed: dict[str, str], said: str
) -> None:
    answer = editor.post("/guidance/orientations", data=TOUR | typed)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_previews_show_what_is_typed_and_keep_nothing(
    session: Session, editor: FlaskClient
) -> None:
    htmx = {"HX-Request": "true"}
    words = editor.post("/guidance/terms/preview", data=TERM, headers=htmx)
    assert "20 % of 100 makes 120." in words.text
    assert "<form" not in words.text
    steps = editor.post("/guidance/orientations/preview", data=TOUR, headers=htmx)
    assert "1 / 1" in steps.text
    assert session.query(Term).count() + session.query(Orientation).count() == 0


def test_all_of_it_goes_out_and_comes_back(session: Session, editor: FlaskClient) -> None:
    topic, film = article(session, "gantt"), video(session, "film")
    screen(session, topics=[topic], videos=[film])
    term(session, "scheduling.lag", topic_id=topic)
    tour(session)
    session.commit()
    out = editor.get("/guidance/guidance.json")
    assert "attachment" in out.headers["Content-Disposition"]
    same = take_in(editor, out.data)
    assert "0 added, 0 changed, 3 were so already." in same.text
    content = json.loads(out.data)
    content["screens"][0]["articles"] = ["gantt", "nowhere"]
    content["screens"].append(
        {"page_key": "new", "title": {"en": "New"}, "addresses": ["/projects/{id}/schedule"]}
    )
    content["terms"][0]["es"] = {"term": "Retardo", "definition": "Días"}
    changed = take_in(editor, json.dumps(content).encode())
    assert "1 added, 1 changed, 2 were so already." in changed.text
    assert "<code>nowhere</code>" in changed.text
    assert "address of another screen <code>/projects/{id}/schedule</code>" in changed.text
    toml = b'[[terms]]\nkey = "a"\nen = {term = "A", definition = "B"}\n'
    assert "1 added" in take_in(editor, toml).text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a file."),
        (b"\xff\xfe", "neither JSON nor TOML"),
        (b"{", "neither JSON nor TOML"),
        (b"[" * 50_000, "neither JSON nor TOML"),
        (b'{"a": ' * 50_000, "neither JSON nor TOML"),
        (b'{"other": 1}', "There are no screens"),
        (b'{"screens": 1}', "screens: not what it should be"),
        (b'{"screens": [{"page_key": 7}]}', "screens[0].page_key: not what it should be"),
        (b'{"screens": [{"title": {"en": "A"}}]}', "screens[0].page_key: missing"),
        (b'{"screens": [{"page_key": "a"}]}', "screens[0].title: missing"),
        (
            b'{"screens": [{"page_key": "a", "title": {"en": "A"}, "addresses": ["/{"]}]}',
            "screens[0].addresses[0]: no address",
        ),
        (b'{"terms": [{"key": "a"}]}', "terms[0].en.term: missing"),
        (b'{"orientations": [{"module": "m"}]}', "orientations[0].steps: missing"),
    ],
)
def test_a_file_that_makes_no_sense_changes_nothing(
    editor: FlaskClient, content: bytes, said: str
) -> None:
    answer = take_in(editor, content)
    assert (answer.status_code, said in answer.text) == (422, True)


def take_in(editor: FlaskClient, content: bytes) -> Any:
    data = {"file": (io.BytesIO(content), "guidance.json")}
    return editor.post("/guidance/exchange", data=data)


def test_nobody_else_can_save(world: World, sign_in: SignIn, person: Person) -> None:
    for actor in (world.agent, world.owner, person(Role.PM, world.acme)):
        client = sign_in(actor)
        for path, data in (
            ("/guidance/screens", SCREEN),
            ("/guidance/terms", TERM),
            ("/guidance/orientations", TOUR),
        ):
            assert client.post(path, data=data).status_code == 403
