"""The inbox, its bell and the settings, as a browser without scripts sees them."""

from uuid import UUID, uuid4

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.notifications.models import Notification
from portal.notifications.service import notify
from tests.fixtures.world import NOW, SignIn, World


def tell(session: Session, *people: Actor, count: int = 1) -> None:
    for number in range(count):
        facts = {"number": 1000 + number, "subject": "<b>Schedule</b> & crews"}
        notify(
            session,
            [person.user_id for person in people],
            "assigned",
            facts=facts,
            url=f"/desk/{1000 + number}",
            at=NOW,
            event_id=uuid4(),
        )
    session.commit()


def bell(client: FlaskClient) -> str:
    return client.get("/notifications/count").get_data(as_text=True)


def test_empty_says_what_to_expect(sign_in: SignIn, world: World) -> None:
    page = sign_in(world.owner).get("/notifications").get_data(as_text=True)
    assert "You are up to date" in page
    assert "/account/notifications" in page


def test_lines_are_worded_and_escaped(session: Session, sign_in: SignIn, world: World) -> None:
    tell(session, world.agent)
    page = sign_in(world.agent).get("/notifications").get_data(as_text=True)
    assert "#1000 is yours: &lt;b&gt;Schedule&lt;/b&gt; &amp; crews" in page


def test_reading_leads_on_and_counts_down(session: Session, sign_in: SignIn, world: World) -> None:
    tell(session, world.agent, count=2)
    client = sign_in(world.agent)
    assert ">2<" in bell(client)
    key = session.scalars(select(Notification.id).order_by(Notification.id)).first()
    answer = client.post(f"/notifications/{key}/reading")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/1000")
    assert ">1<" in bell(client)
    assert client.post("/notifications/readings").status_code == 303
    assert "count" not in bell(client).replace("/notifications/count", "")


def test_looking_reads_nothing(session: Session, sign_in: SignIn, world: World) -> None:
    tell(session, world.agent)
    client = sign_in(world.agent)
    for _again in range(2):
        client.get("/notifications")
    assert ">1<" in bell(client)


def test_bell_counts_to_99(session: Session, sign_in: SignIn, world: World) -> None:
    tell(session, world.agent, count=120)
    assert "99+" in bell(sign_in(world.agent))


def test_other_peoples_lines_do_not_exist(session: Session, sign_in: SignIn, world: World) -> None:
    tell(session, world.agent)
    [key] = session.scalars(select(Notification.id)).all()
    stranger = sign_in(world.second)
    assert "Schedule" not in stranger.get("/notifications").get_data(as_text=True)
    assert stranger.post(f"/notifications/{key}/reading").status_code == 404
    stranger.post("/notifications/readings")
    session.rollback()
    assert session.get_one(Notification, key).read_at is None


def test_pages_and_bad_cursors(session: Session, sign_in: SignIn, world: World) -> None:
    tell(session, world.agent, count=30)
    client = sign_in(world.agent)
    first = client.get("/notifications").get_data(as_text=True)
    assert first.count('/reading"') == 25
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert client.get(older).get_data(as_text=True).count('/reading"') == 5
    assert client.get("/notifications?cursor=nonsense").status_code == 400


def test_a_swap_gets_the_list_alone(session: Session, sign_in: SignIn, world: World) -> None:
    tell(session, world.agent)
    part = sign_in(world.agent).get("/notifications", headers={"HX-Request": "true"})
    assert part.get_data(as_text=True).lstrip().startswith('<div id="inbox"')


def test_signed_out_visitors_are_asked_to_sign_in(app, world: World) -> None:  # type: ignore[no-untyped-def]
    client = app.test_client()
    for path in ("/notifications", "/notifications/count", "/account/notifications", "/mailbox"):
        assert client.get(path).status_code == 302


def test_settings_are_kept(session: Session, sign_in: SignIn, world: World) -> None:
    client = sign_in(world.owner)
    page = client.get("/account/notifications").get_data(as_text=True)
    assert 'name="mail" value="answered"' in page
    assert 'value="escalated"' not in page  # what agents are told of
    answer = client.post("/account/notifications", data={"in_app": ["answered"], "mail": []})
    assert answer.status_code == 303
    page = client.get("/account/notifications").get_data(as_text=True)
    assert page.count(" checked>") == 1  # what is always on is disabled


def test_settings_of_unknown_kinds_change_nothing(sign_in: SignIn, world: World) -> None:
    client = sign_in(world.owner)
    data = {"in_app": ["page_failed", "nonsense"], "mail": ["escalated"]}
    assert client.post("/account/notifications", data=data).status_code == 303
    assert " checked>" not in client.get("/account/notifications").get_data(as_text=True)


def test_alarms_show_that_they_stay_on(sign_in: SignIn, world: World) -> None:
    page = sign_in(world.manager).get("/account/notifications").get_data(as_text=True)
    assert "always on" in page
    assert " disabled" in page


def test_a_line_of_a_kind_that_is_gone_is_left_out(
    session: Session, sign_in: SignIn, world: World
) -> None:
    tell(session, world.agent)
    session.scalars(select(Notification)).one().kind = "of an older version"
    session.commit()
    assert sign_in(world.agent).get("/notifications").status_code == 200


def test_key_of_nothing(sign_in: SignIn, world: World) -> None:
    key = UUID(int=1)
    assert sign_in(world.agent).post(f"/notifications/{key}/reading").status_code == 404
