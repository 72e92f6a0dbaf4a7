"""The editor in the hands of owners, of two at once, and of people who have no business there."""

import io
import re

import pytest
from PIL import Image

from portal.branding import service
from portal.branding.look import Look
from portal.foundation.tenancy import see
from tests.fixtures.world import NOW, closed_to

pytestmark = pytest.mark.usefixtures("noon")
FORM = {"seen": "0", "primary": "#b4532a", "accent": "#8a3b1c", "languages": ["en", "es"]}


def logo(colour="#b4532a"):
    made = io.BytesIO()
    Image.new("RGB", (300, 60), colour).save(made, "PNG")
    made.seek(0)
    return made, "logo.png"


def saved(session, world):
    session.rollback()
    see(session, world.acme.id)
    return service.current(session, world.acme.id)


def test_an_owner_saves_and_the_portal_looks_so(app, session, world, sign_in):
    owner = sign_in(world.owner)
    form = FORM | {"name": "Acme Care", "footer": "Since 1962", "logo": logo()}
    form |= {"label_1": "Privacy", "url_1": "https://acme.example/privacy"}
    answer = owner.post("/company/brand", data=form)
    assert answer.status_code == 303
    page = app.test_client().get("/b/acme/").text
    for seen in ("Acme Care", "Since 1962", 'href="https://acme.example/privacy"', "<img"):
        assert seen in page
    sheet = re.search(r'"(/b/acme/brand/[0-9a-f]+\.css)"', page)[1]
    assert "--brand:light-dark(#b4532a" in app.test_client().get(sheet).text


def test_nobody_else_edits(world, sign_in):
    for who in (world.pm, world.client, world.agent, world.admin):
        client = sign_in(who)
        for path in ("/company/brand", "/company/brand/versions"):
            assert client.get(path).status_code == closed_to(who), who.role
        assert client.post("/company/brand", data=FORM).status_code == closed_to(who)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("primary", "reddish", "six digits"),
        ("primary", "#fff;}body{display:none", "six digits"),
        ("accent", "", "six digits"),
        ("name", "x" * 81, "80 characters"),
        ("contact_email", "nobody", "care@acme.example"),
        ("contact_email", "a@b.co\r\nBcc: x@y.z", "care@acme.example"),
        ("contact_phone", "call me", "phone number"),
        ("url_1", "http://acme.example", "https://"),
        ("url_1", "javascript:alert(1)", "https://"),
        ("url_1", "https://me:secret@acme.example", "https://"),
        ("url_1", "https://acme.example:99999", "https://"),
        ("languages", [], "one language"),
        ("footer", "x" * 301, "300 characters"),
    ],
)
def test_bad_input_is_named_and_what_was_typed_stays(session, world, sign_in, field, value, words):
    form = FORM | {"welcome_en": "Typed with care", field: value}
    answer = sign_in(world.owner).post("/company/brand", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Typed with care" in answer.text
    assert saved(session, world).version == 0


def test_a_script_for_a_logo_is_refused_and_explained(session, world, sign_in):
    svg = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    form = FORM | {"name": "Kept words", "logo": (svg, "logo.png")}
    answer = sign_in(world.owner).post("/company/brand", data=form)
    assert answer.status_code == 422
    assert "can run code" in answer.text
    assert "Kept words" in answer.text
    assert saved(session, world).version == 0


def test_a_logo_outlives_a_refused_form(session, world, sign_in):
    owner = sign_in(world.owner)
    answer = owner.post("/company/brand", data=FORM | {"logo": logo(), "accent": "x"})
    kept = re.search(r'name="logo_kept" value="([^"]+)"', answer.text)[1]
    owner.post("/company/brand", data=FORM | {"logo_kept": kept})
    assert saved(session, world).look.logo.upload == kept
    owner.post("/company/brand", data=FORM | {"seen": "1", "logo_kept": kept, "logo_gone": "1"})
    assert saved(session, world).look.logo is None


def test_another_builders_logo_is_nobodys(app, world, sign_in):
    sign_in(world.owner).post("/company/brand", data=FORM | {"logo": logo()})
    page = app.test_client().get("/b/acme/").text
    path = re.search(r'src="/b/acme(/brand/[0-9a-f]+\.png)"', page)[1]
    own = app.test_client().get(f"/b/acme{path}")
    assert (own.status_code, own.content_type) == (200, "image/png")
    assert own.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in own.headers["Cache-Control"]
    assert "Set-Cookie" not in own.headers
    assert app.test_client().get(f"/b/birch{path}").status_code == 404
    assert app.test_client().get(path).status_code == 404
    assert sign_in(world.owner).get(path).status_code == 200
    assert sign_in(world.stranger).get(path).status_code == 404


def test_the_preview_is_corrected_and_says_why(session, world, sign_in):
    asked = "/company/brand?primary=%23ffd400&accent=%23ffd400&welcome_en=Hello+there"
    answer = sign_in(world.owner).get(asked, headers={"HX-Request": "true"})
    assert 'id="brand-preview"' in answer.text
    assert "<form" not in answer.text
    assert "Hello there" in answer.text
    assert "#ffd400 is only 1.2:1 on the light page. Links get #806a00 (4.5:1)." in answer.text
    sheet = sign_in(world.owner).get("/company/brand/sample.css?primary=%23ffd400&accent=x").text
    assert ".brand-sample{" in sheet
    assert "--brand:light-dark(#ffd400,#ffd400)" in sheet
    assert saved(session, world).version == 0


def test_preview_without_script_keeps_nothing(session, world, sign_in):
    form = FORM | {"name": "Only a look", "preview": "1"}
    answer = sign_in(world.owner).post("/company/brand", data=form)
    assert answer.status_code == 200
    assert answer.text.count("Only a look") >= 3
    assert saved(session, world).version == 0


def test_the_second_admin_is_told_and_chooses(session, world, sign_in):
    first, second = sign_in(world.owner), sign_in(world.owner)
    first.post("/company/brand", data=FORM | {"name": "First", "footer": "From the first"})
    form = FORM | {"name": "Second", "welcome_en": "From the second", "logo": logo()}
    answer = second.post("/company/brand", data=form)
    assert answer.status_code == 409
    for words in ("First", "Second", "From the first", "From the second"):
        assert words in answer.text
    assert saved(session, world).look.name == "First"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    assert hidden["seen"] == "1"
    chosen = {"take_name": "saved", "take_footer": "saved", "take_welcome_en": "typed"}
    again = second.post("/company/brand", data=hidden | {"languages": ["en", "es"]} | chosen)
    assert again.status_code == 303
    look = saved(session, world).look
    assert (look.name, look.footer, look.welcome_en) == (
        "First",
        "From the first",
        "From the second",
    )
    assert look.logo.upload == hidden["logo_kept"]


def test_undo(session, world, sign_in):
    owner = sign_in(world.owner)
    owner.post("/company/brand", data=FORM | {"name": "One"})
    owner.post("/company/brand", data=FORM | {"seen": "1", "name": "Two"})
    page = owner.get("/company/brand/versions").text
    assert "Version 2" in page
    assert "Changed: Name shown" in page
    back = owner.post("/company/brand/versions/1/restoration", data={"seen": "2"})
    assert back.status_code == 303
    assert saved(session, world).look.name == "One"
    assert (
        owner.post("/company/brand/versions/9/restoration", data={"seen": "3"}).status_code == 404
    )
    stale = owner.post("/company/brand/versions/2/restoration", data={"seen": "2"})
    assert stale.status_code == 409


def test_fields_that_the_form_does_not_have_change_nothing(session, world, sign_in):
    form = FORM | {"version": "9", "builder_id": str(world.birch.id), "slug": "birch", "plan": "x"}
    sign_in(world.owner).post("/company/brand", data=form)
    assert saved(session, world).version == 1
    see(session, world.birch.id)
    assert service.current(session, world.birch.id).look == Look()


def test_a_visitor_is_offered_the_portals_languages_alone(app, session, world, sign_in):
    sign_in(world.owner).post("/company/brand", data=FORM | {"languages": ["es"]})
    page = app.test_client().get("/b/acme/", headers={"Accept-Language": "en"})
    assert '<html lang="es"' in page.text
    assert 'name="locale" value="en"' not in page.text
    assert '<html lang="en"' in app.test_client().get("/b/birch/").text


def test_it_says_when_it_was(world, sign_in, session):
    see(session, world.acme.id)
    service.save(session, world.acme.id, Look(name="A"), seen=0, by=world.owner, at=NOW)
    session.commit()
    assert world.owner.name in sign_in(world.owner).get("/company/brand").text
