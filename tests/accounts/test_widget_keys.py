"""Keys of the widget: shown once, replaced without a gap, taken away at once."""

import re
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import select

from portal.accounts.models import AuditEntry, SpentWidgetToken, WidgetKey
from portal.accounts.service import widget_keys
from portal.accounts.widget_tokens import Reason, Refused, verify
from tests.fixtures.world import NOW

pytestmark = pytest.mark.usefixtures("noon")
PLACE = "/company/keys"


def made(answer):
    """Name and secret, from the one page that shows it."""
    kid, plain = re.findall(r'class="key-text">([^<]+)<', answer.text)[:2]
    return kid, plain


def signed(kid, plain, at=NOW, jti="one"):
    claims = {
        "iss": "acme",
        "aud": "acme",
        "sub": "user-7",
        "jti": jti,
        "iat": int(at.timestamp()),
        "exp": int(at.timestamp()) + 60,
    }
    return jwt.encode({"alg": "HS256", "kid": kid}, claims, OctKey.import_key(plain))


@pytest.fixture
def ask(session, world):
    """As the widget will: with the builder's keys that count, each token once."""

    def verified(token, at=NOW, builder=None):
        builder = builder or world.acme
        session.rollback()
        return verify(
            token,
            keys=widget_keys.counting(session, builder.id, at=at),
            builder=builder.slug,
            at=at,
            first_use=lambda jti, until: widget_keys.spend(session, builder.id, jti, until),
        )

    return verified


def test_what_the_builders_server_signs_is_believed_once(world, sign_in, ask):
    kid, plain = made(sign_in(world.owner).post(PLACE))
    token = signed(kid, plain)
    assert ask(token).subject == "user-7"


def test_an_id_counts_once_a_builder(session, world):
    until = NOW + timedelta(minutes=5)
    assert widget_keys.spend(session, world.acme.id, "one", until)
    assert not widget_keys.spend(session, world.acme.id, "one", until)
    assert widget_keys.spend(session, world.birch.id, "one", until)


def test_the_secret_is_shown_once_and_sealed(world, sign_in, session):
    client = sign_in(world.owner)
    kid, plain = made(client.post(PLACE))
    page = client.get(PLACE).text
    assert kid in page
    assert plain not in page
    assert plain not in session.scalars(select(WidgetKey)).one().sealed


def test_an_old_key_counts_until_the_new_one_is_everywhere(world, sign_in, ask, noon):
    client = sign_in(world.owner)
    old = made(client.post(PLACE))
    new = made(client.post(f"{PLACE}/rotation", data={"overlap": "3600"}))
    assert old[0] != new[0]
    assert "Being replaced" in client.get(PLACE).text
    late = NOW + timedelta(hours=1) - timedelta(seconds=1)
    assert ask(signed(*old, at=late), at=late).kid == old[0]
    with pytest.raises(Refused) as refused:
        ask(signed(*old, at=NOW + timedelta(hours=1)), at=NOW + timedelta(hours=1))
    assert refused.value.reason is Reason.KEY
    assert ask(signed(*new, at=late), at=late).kid == new[0]


def test_a_revoked_key_signs_nothing(world, sign_in, ask, session):
    client = sign_in(world.owner)
    kid, plain = made(client.post(PLACE))
    session.rollback()
    key = session.scalars(select(WidgetKey.id)).one()
    assert f"Revoke the key {kid}?" in client.get(f"{PLACE}/{key}/revocation").text
    assert client.post(f"{PLACE}/{key}/revocation").location == PLACE
    with pytest.raises(Refused) as refused:
        ask(signed(kid, plain))
    assert refused.value.reason is Reason.KEY
    session.rollback()
    acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["widget_key.created", "widget_key.revoked"]


def test_a_builders_key_means_nothing_to_another(world, sign_in, ask):
    kid, plain = made(sign_in(world.owner).post(PLACE))
    with pytest.raises(Refused) as refused:
        ask(signed(kid, plain), builder=world.birch)
    assert refused.value.reason is Reason.KEY


def test_another_builders_key_is_not_there(world, sign_in, session):
    sign_in(world.owner).post(PLACE)
    session.rollback()
    key = session.scalars(select(WidgetKey.id)).one()
    stranger = sign_in(world.stranger)
    assert stranger.get(f"{PLACE}/{key}/revocation").status_code == 404
    assert stranger.post(f"{PLACE}/{key}/revocation").status_code == 404
    assert "No keys yet" in stranger.get(PLACE).text


@pytest.mark.parametrize("overlap", ["", "-1", "x", "99999999"])
def test_an_overlap_that_is_not_offered_is_refused(world, sign_in, session, overlap):
    client = sign_in(world.owner)
    client.post(PLACE)
    answer = client.post(f"{PLACE}/rotation", data={"overlap": overlap})
    assert answer.status_code == 422
    assert len(session.scalars(select(WidgetKey)).all()) == 1


@pytest.mark.parametrize("name", ["pm", "client", "agent", "admin"])
def test_only_who_runs_a_company_has_keys(world, sign_in, name):
    assert sign_in(getattr(world, name)).get(PLACE).status_code in {403, 404}


def test_spent_ids_are_forgotten_with_their_tokens(session, runtime, world):
    widget_keys.spend(session, world.acme.id, "one", NOW)
    session.commit()
    assert widget_keys.forget_spent(runtime.writers, NOW) == 0
    assert widget_keys.forget_spent(runtime.writers, NOW + timedelta(seconds=1)) == 1
    session.rollback()
    assert session.scalars(select(SpentWidgetToken)).all() == []
