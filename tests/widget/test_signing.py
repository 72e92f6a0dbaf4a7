"""The snippets that the demo's host shows sign what we believe, in each language that is here."""

import shutil
import subprocess
from pathlib import Path

import pytest

from portal.accounts.widget_tokens import verify
from portal.foundation.clock import utcnow
from portal.ops.host import server
from portal.ops.host.people import USERS
from portal.ops.host.server import LANGUAGES, Key, signed

FOLDER = Path(server.__file__).parent / "signing"
KID, SECRET = "a-key", "a secret of the builder's, long enough"
CALLS = {
    "Node": (
        "node",
        "-e",
        "{code}\nconsole.log(helpToken({{sub: 'u', email: 'a@b.example', role: 'pm'}}, "
        "'{kid}', \"{secret}\", 'acme'))",
    ),
    "Ruby": (
        "ruby",
        "-e",
        "{code}\nputs help_token({{sub: 'u', email: 'a@b.example', role: 'pm'}}, "
        "'{kid}', \"{secret}\", 'acme')",
    ),
    "PHP": (
        "php",
        "-r",
        "{code}\necho help_token(['sub' => 'u', 'email' => 'a@b.example', 'role' => 'pm'], "
        "'{kid}', \"{secret}\", 'acme');",
    ),
}


def believed(token):
    keys = {KID: SECRET.encode()}
    return verify(token, keys=keys, builder="acme", at=utcnow(), first_use=lambda *_: True)


def test_python():
    identity = believed(signed(USERS["pm"], Key(KID, SECRET, "acme")))
    assert identity.claims["email"] == "pm@acme.test"


@pytest.mark.parametrize("language", CALLS)
def test_the_others(language):
    program, flag, call = CALLS[language]
    if shutil.which(program) is None:
        pytest.skip(f"no {program} here")
    code = (FOLDER / LANGUAGES[language]).read_text().replace("<?php", "")
    text = call.format(code="@", kid=KID, secret=SECRET).replace("@", code, 1)
    done = subprocess.run([program, flag, text], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert believed(done.stdout.strip()).claims["email"] == "a@b.example"


@pytest.mark.parametrize("file", LANGUAGES.values())
def test_each_is_about_ten_lines(file):
    lines = [line for line in (FOLDER / file).read_text().splitlines() if line.strip()]
    assert len(lines) <= 12
