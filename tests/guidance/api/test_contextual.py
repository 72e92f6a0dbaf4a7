"""The help of a screen for programs."""

from sqlalchemy.orm import Session

from portal.accounts import service as accounts
from portal.core.audience import Audience
from portal.core.permissions import Scope
from portal.foundation.runtime import Runtime
from portal.foundation.tenancy import PLATFORM, see
from tests.fixtures.programs import Program, Speak
from tests.fixtures.world import NOW, World
from tests.guidance.making import article, screen, term, tour, video

PATH = "/api/v1/support/kb/contextual"


def test_it_says_all_that_belongs_to_a_screen(session: Session, world: World, speak: Speak) -> None:
    topic = article(session, "lag", titles={"en": "Lag", "es": "Retardo"})
    article(session, "ours", audience=Audience.STAFF)
    video(session, "first-schedule")
    screen(session, topics=[topic])
    term(session, "scheduling.lag", topic_id=topic)
    tour(session)
    session.commit()
    answer = speak(world.owner).get(PATH, url="/projects/7/schedule", lang="es")
    assert answer.status_code == 200
    told = answer.json
    assert (told["page_key"], told["module"], told["title"]) == (
        *("scheduling.board", "scheduling", "Planificación"),
    )
    assert [(one["slug"], one["language"], one["pinned"]) for one in told["articles"]] == [
        ("lag", "es", True)
    ]
    assert told["articles"][0]["url"] == "http://127.0.0.1:8000/kb/es/lag"
    assert [one["slug"] for one in told["videos"]] == ["first-schedule"]
    assert told["terms"][0]["article_url"].endswith("/kb/es/lag")
    assert told["orientation"]["steps"][1]["target"] == "scheduling.lag"
    by_key = speak(world.owner).get(PATH, page_key="scheduling.board", lang="es").json
    assert by_key == told


def test_clients_are_led_to_their_builders_portal(
    session: Session, world: World, speak: Speak
) -> None:
    article(session, "pay", role_tags=["client"], audience=Audience.CUSTOMERS)
    article(session, "builders")
    screen(session)
    session.commit()
    told = speak(world.client).get(PATH, url="/projects/7/schedule").json
    assert [one["url"] for one in told["articles"]] == ["http://127.0.0.1:8000/b/acme/kb/en/pay"]


def test_what_is_no_question_is_refused(world: World, speak: Speak) -> None:
    program = speak(world.owner)
    for wrong in (
        {"url": "/a" * 3000},
        {"url": "/\x00"},
        {"role": "boss"},
        {"lang": "../en"},
        {"adress": "/"},
    ):
        assert program.get(PATH, **wrong).status_code == 422, wrong
    assert program.get(PATH).json["articles"] == []
    assert speak(None).get(PATH).status_code == 401


def test_a_token_needs_the_scope(app: object, runtime: Runtime, world: World) -> None:
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        narrow, wide = (
            accounts.create_token(session, world.owner.email, "x", at=NOW, scopes=[scope]).plain
            for scope in (Scope.READ_TICKETS, Scope.READ_HELP)
        )
    assert Program(app, narrow).get(PATH).status_code == 403
    assert Program(app, wide).get(PATH).status_code == 200
