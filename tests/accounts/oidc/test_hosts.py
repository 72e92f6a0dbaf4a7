"""Single sign-on at a portal's own hosts: the addresses that are shown are those that are used."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from portal.branding.models import Domain
from tests.accounts.oidc.conftest import SECRET, query_of
from tests.fixtures.world import NOW, Browser

pytestmark = pytest.mark.usefixtures("noon")
PORT = "8000"
PATH = f"http://127.0.0.1:{PORT}/b/acme"
BELOW = f"http://acme.portals.test:{PORT}"
OWN = f"http://support.acme.example:{PORT}"
ROOTS = [PATH, BELOW, OWN]
STATES = {"support": "verified", "new": "pending", "gone": "lapsed", "wrong": "failed"}


@pytest.fixture
def settings(settings):
    return replace(settings, portal_domain="portals.test")


@pytest.fixture
def hosts(session, world):
    """One of Acme's in each state, and one of another builder's."""
    about = {"token": "t", "created_at": NOW}
    session.add_all(
        Domain(builder_id=world.acme.id, host=f"{name}.acme.example", state=state, **about)
        for name, state in STATES.items()
    )
    session.add(
        Domain(builder_id=world.birch.id, host="help.birch.example", state="verified", **about)
    )
    session.commit()


@pytest.fixture
def connection(connect, hosts, world, provider):
    made = connect(world.owner, audiences=("client",))
    places = [f"{root}/sign-in/sso/{made.id}/callback" for root in ROOTS]
    provider.register(made.client_id, SECRET, places)
    return made


class AtHost(Browser):
    """A browser that is at the host of the address that it is given, or where it was last."""

    root = ""

    def open(self, *args, **options):
        return super().open(*args, base_url=self.root, **options)


@pytest.fixture
def at_host(app, visit_from):
    def enter(root):
        parts = urlsplit(root)
        visitor = visit_from("acme" if parts.path else "")
        if not parts.path:
            visitor.client = AtHost(app, app.response_class)
            visitor.client.root = root
        return visitor

    return enter


def shown(page, kind):
    return re.findall(rf'id="{kind}-\d+"[^>]*value="([^"]+)"', page) or re.findall(
        rf'value="([^"]+)"[^>]*id="{kind}-\d+"', page
    )


def test_every_address_at_which_the_portal_answers_is_shown(connection, world, sign_in):
    page = sign_in(world.owner).get(f"/company/sign-on/{connection.id}").text
    place = f"/sign-in/sso/{connection.id}"
    assert shown(page, "start") == [f"{root}{place}" for root in ROOTS]
    assert shown(page, "back") == [f"{root}{place}/callback" for root in ROOTS]
    assert shown(page, "leaving") == [f"{root}{place}/logout" for root in ROOTS]
    assert "birch.example" not in page


def test_for_people_who_sign_in_at_the_platform_it_is_the_platforms(connect, hosts, world, sign_in):
    made = connect(world.owner)
    page = sign_in(world.owner).get(f"/company/sign-on/{made.id}").text
    assert shown(page, "back") == [f"http://127.0.0.1:{PORT}/sign-in/sso/{made.id}/callback"]
    assert "has addresses of its own" not in page


@pytest.mark.parametrize("root", ROOTS)
def test_one_comes_back_to_where_one_began(connection, known, at_host, root):
    visitor = at_host(root)
    where = visitor.set_out(connection, target="/tickets" if root != PATH else "/b/acme/tickets")
    back = visitor.choose(where, "client")
    assert query_of(where)["redirect_uri"] == f"{root}/sign-in/sso/{connection.id}/callback"
    assert back.startswith(f"{root}/sign-in/sso/")
    assert visitor.come_back(back).location.endswith("/tickets")
    assert visitor.client.get("/tickets").status_code == 200


@pytest.mark.parametrize(("began", "ends"), [(OWN, BELOW), (BELOW, OWN), (PATH, OWN), (OWN, PATH)])
def test_what_was_begun_at_one_host_ends_at_no_other(connection, known, at_host, began, ends):
    """Also where a browser brings along the session of the first."""
    first, second = at_host(began), at_host(ends)
    back = urlsplit(first.choose(first.set_out(connection), "client"))
    answer = second.client.get(f"/sign-in/sso/{connection.id}/callback?{back.query}")
    assert "begun in another browser" in second.told(answer)
    cookies = "; ".join(f"{one.key}={one.value}" for one in first.client._cookies.values())
    carried = second.client.get(
        f"/sign-in/sso/{connection.id}/callback?{back.query}", headers={"Cookie": cookies}
    )
    assert "/sign-in" in carried.location
    assert second.client.get("/tickets").status_code == 302


@pytest.mark.parametrize("host", ["new.acme.example", "gone.acme.example", "help.birch.example"])
def test_at_other_hosts_the_connection_is_not_there(connection, at_host, host):
    visitor = at_host(f"http://{host}:{PORT}")
    answer = visitor.client.get(f"/sign-in/sso/{connection.id}")
    assert answer.status_code == (404 if "birch" in host else 400)
