import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.secrets import MARKER, marker, mask

ROOT = Path(__file__).resolve().parents[2]

# Made here out of parts, so that no scanner takes this file for a leak.
PEM = "-----BEGIN {0}PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n" * 6
PEM += "aB3=\n-----END {0}PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
GITHUB = "ghp_" + "a1B2" * 9
AWS = "AKIA" + "IOSFODNN7EXAMPLE"
STRIPE = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"

SECRETS = [
    # (kind, text, what must be gone)
    ("password", "password: hunter2", "hunter2"),
    ("password", "My password is Hunter2! and it fails", "Hunter2!"),
    ("password", "Password:\nSummer2024!", "Summer2024!"),
    ("password", "**Password:** Summer2024", "Summer2024"),
    ("password", "user: ana\npwd=swordfish\n", "swordfish"),
    ("password", "password: swordfish", "swordfish"),
    ("password", "the password for the portal is Tr0ub4dor&3.", "Tr0ub4dor&3"),
    ("password", "Mi contraseña es Verano2024 y no entra", "Verano2024"),
    ("password", "contraseña: casa1234", "casa1234"),
    ("password", "Contrasena = ladrillo", "ladrillo"),
    ("password", "la clave del wifi: Obra-2024-norte", "Obra-2024-norte"),
    ("password", "mi pin es 4821.", "4821"),
    ("password", "Usuario y contraseña: ana / Verano2024!", "Verano2024!"),
    ("password", "login/pass: ana@example.com / Hunter22", "Hunter22"),
    ("password", '{"user": "ana", "password": "correct horse"}', "correct horse"),
    ("password", '{\\"password\\":\\"hunter2\\",\\"x\\":1}', "hunter2"),
    ("password", "{'db': {'password': 'a\\'b9'}}", "b9"),
    ("password", "DB_PASSWORD=s3cr3t-and-long\nDEBUG=1", "s3cr3t-and-long"),
    ("password", "Server=db;User Id=app;Password=Pa55;Timeout=3", "Pa55"),
    ("password", "<password>hunter2</password>", "hunter2"),
    ("password", "mysql --password Hunter2 -h db", "Hunter2"),
    ("password", "mysql -u root -pHunter2 -h db", "Hunter2"),
    ("password", "curl -u ana:hunter2 https://example.com", "hunter2"),
    ("password", "postgres://app:s3cr3t@db.example.com/app", "s3cr3t"),
    ("password", "see https://ana:p%40ss@example.com/x?y=1", "p%40ss"),
    ("password", "passphrase: `correct horse battery`", "correct horse battery"),
    ("password", "> password: Hunter2!\n> thanks", "Hunter2!"),
    ("api_token", "SECRET_KEY=django-insecure-abc", "django-insecure-abc"),
    ("api_token", "export API_KEY='abc123def456'", "abc123def456"),
    ("api_token", '"clientSecret": "abc-123-def"', "abc-123-def"),
    ("api_token", "x-api-key: 9f8e7d6c5b4a", "9f8e7d6c5b4a"),
    ("api_token", "GET /hook?token=abcdef123456&page=2", "abcdef123456"),
    ("api_token", "Authorization: Bearer abc123.def456-ghi789", "abc123.def456-ghi789"),
    ("api_token", "-H 'Authorization: Basic YW5hOmh1bnRlcjI='", "YW5hOmh1bnRlcjI="),
    ("api_token", "used bearer 0123456789abcdef0123 there", "0123456789abcdef0123"),
    ("api_token", f"we pushed {GITHUB} by mistake", GITHUB),
    ("api_token", "github_pat_" + "11ABCDEFG0" * 5, "11ABCDEFG0"),
    ("api_token", "glpat-" + "xY9_zQ8-" * 3, "xY9_zQ8-"),
    ("api_token", "xoxb-" + "123456789012-abcdefABCDEF", "abcdefABCDEF"),
    ("api_token", "hooks.slack.com/services/" + "T0AAAAAAA/B0BBBBBBB/" + "x1" * 12, "x1x1"),
    ("api_token", STRIPE, STRIPE),
    ("api_token", "whsec_" + "a1B2" * 8, "a1B2"),
    ("api_token", "AIza" + "SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY", "SyD-9tSrke72"),
    ("api_token", "sk-" + "aB3dEf6H" * 5, "aB3dEf6H"),
    ("api_token", "sk-proj-" + "aB3_dEf6H-" * 4, "aB3_dEf6H-"),
    ("api_token", "SG." + "a1B2c3D4e5F6g7H8i9J0k1." + "x" * 43, "a1B2c3D4"),
    ("api_token", "npm_" + "a1B2" * 9, "a1B2"),
    ("api_token", f"id {AWS}, secret follows", AWS),
    ("api_token", "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY", "wJalrXUtnFEMI"),
    ("api_token", "AccountKey=abc+def/123==;EndpointSuffix=x", "abc+def/123=="),
    ("api_token", "bot 123456789:AA" + "x1Y2z3" * 5 + "abc", "x1Y2z3"),
    ("session_cookie", "Cookie: session=abc123def; theme=dark", "abc123def"),
    ("jwt", f"the token {JWT} expired", "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"),
    ("private_key", PEM.format("RSA "), "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"),
    ("private_key", PEM.format("OPENSSH ").replace("\n", "\\n"), "MIIEvQIBADANBgkqhkiG"),
    ("private_key", PEM.format("").split("aB3=")[0], "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"),
    (
        "private_key",
        "Private-Lines: 2\n" + "AAAAgQDz3v9" * 5 + "\n" + "AAAAgQDz3v9" * 5,
        "AgQDz3v9",
    ),
    ("card_number", "my card 4111 1111 1111 1111 was charged twice", "4111"),
    ("card_number", "4111111111111111", "4111"),
    ("card_number", "5555-5555-5555-4444 exp 12/27", "5555"),
    ("card_number", "Amex 3782 822463 10005", "822463"),
    ("card_number", "tarjeta 4111 1111\n1111 1111", "4111"),
    ("card_number", "order 12 4111 1111 1111 1111 please", "4111"),
    ("card_number", "4111 1111 1111 1111 123", "4111"),
    ("card_number", "6011000990139424", "6011"),
    ("card_number", "2223003122003222", "2223"),
    ("card_code", "4111 1111 1111 1111, CVV 123", "123"),
]


@pytest.mark.parametrize(("kind", "text", "gone"), SECRETS)
def test_secrets_are_masked(kind, text, gone):
    masked = mask(text)
    assert gone not in masked.text
    assert marker(kind) in masked.text
    assert kind in [finding.kind for finding in masked.findings]


@pytest.mark.parametrize(("kind", "text", "gone"), SECRETS)
@pytest.mark.parametrize("frame", ["```\n{}\n```", "    {}", "Hola,\r\n{}\r\nGracias", "“{}”"])
def test_secrets_are_masked_wherever_they_stand(kind, text, gone, frame):
    assert gone not in mask(frame.replace("{}", text)).text


HARMLESS = [
    "I forgot my password",
    "I forgot my password. Please reset it.",
    "Forgot password",
    "My password is not working",
    "The password is incorrect, it says.",
    "Password: required",
    "Password reset for ana@example.com",
    "password: expired",
    "Where do I change the password for the client portal?",
    "The password reset link goes to https://app.example.com/reset",
    "Passwords must have 12 characters",
    "Password: must be at least 12 characters",
    '{"password": ["is too short"], "email": "ana@example.com"}',
    '{"password": "is too short"}',
    "if (password == userInput) { login(); }",
    "const token = getToken();",
    "password = os.environ['PW']",
    "token: string;",
    "SECRET_KEY=\nDEBUG=true",
    "API_KEY=${API_KEY}",
    "password: ********",
    "password: <your password>",
    "The token expired yesterday, can I get a new one?",
    "max_tokens=4096, tokenizer=default",
    "The secret of a good roof is the flashing.",
    "Our passport number is not needed",
    "Passing loads: 2 kN/m2",
    "Olvidé mi contraseña",
    "Mi contraseña no funciona desde ayer",
    "La contraseña es incorrecta",
    "¿Cómo cambio la contraseña del portal de clientes?",
    "Contraseña: obligatoria",
    "La clave es mantener el calendario al día",
    "Palabra clave: cemento",
    "El pin de la bisagra está roto",
    "La clave: paciencia.",
    "Call me at +1 (415) 555-0132 or 415-555-0199",
    "Llámame al +34 612 345 678 o al 91 555 12 34",
    "Phones: 4155 550 132, 4155 550 133, 4155 550 134",
    "Invoice INV-2024-001234 of 2024-11-24 for $4,111.11",
    "Factura 2024/00123456789, importe 12.345,67 €",
    "Order 4111111111111112 is late",  # the check digit is wrong
    "PO 1234567890123456",
    "Tracking 9400 1000 0000 0000 0000 00",
    "Ticket id 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "sha256 " + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "Meet 2026-11-24 10:30–11:45, room 4111",
    "IBAN ES91 2100 0418 4502 0005 1332",
    "1600 Amphitheatre Parkway, Mountain View, CA 94043",
    "Calle de Alcalá 45, 28014 Madrid, 2º izq.",
    "GPS 40.416775, -3.703790",
    "VIN 1HGCM82633A004352, plate 4821 KLM",
    "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    "0000 0000 0000 0000",
    "see https://example.com:8080/path?email=ana@example.com",
    "git@github.com:example/house.git",
    "npm run build && docker run -u 1000:1000 app",
    "class sk-fading-circle-container-item",
    "glass-partition-walls-2024-revision-b",
    "the bearer responsibilities are shared",
    "Authorization: pending approval by the manager",
    "my file starts with -----BEGIN RSA PRIVATE KEY----- and I can't import it",
    "Milliseconds 1732443000000 and 1732443000001",
    "Beam 4x4x16, 5105 1051 mm",
    "Cookie: the site shows a banner",
    "Password last changed: 12/11/2026",
    "access key: with the janitor",
    "Boarding starts 12:45, gate B12",
    "token: ⟦api token⟧",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_words_are_left_alone(text):
    assert mask(text).text == text
    assert mask(text).findings == ()


def test_the_tables_are_as_large_as_promised():
    assert len(SECRETS) >= 30
    assert len(HARMLESS) >= 40


def test_only_the_secret_goes_and_the_words_around_it_stay():
    masked = mask(f"Hi, I pushed {GITHUB} to `main`.\npassword: Hunter2!, thanks")
    assert masked.text == "Hi, I pushed ⟦api token⟧ to `main`.\npassword: ⟦password⟧, thanks"


def test_the_rest_of_an_address_stays():
    assert mask("postgres://app:s3cr3t@db/x").text == "postgres://app:⟦password⟧@db/x"


def test_a_token_after_its_name_is_one_finding():
    masked = mask(f"API_KEY={STRIPE}")
    assert masked.text == "API_KEY=⟦api token⟧"
    assert len(masked.findings) == 1


def test_findings_point_at_their_markers():
    masked = mask(f"a {GITHUB} b 4111 1111 1111 1111 c password: Hunter2!")
    assert [found.kind for found in masked.findings] == ["api_token", "card_number", "password"]
    for found in masked.findings:
        assert masked.text[found.start : found.end] == marker(found.kind)


def test_a_confirmed_false_positive_stays_and_the_others_go():
    text = f"part password: Hunter2! and {GITHUB}"
    first, _ = mask(text).findings
    masked = mask(text, frozenset({first.fingerprint}))
    assert masked.text == "part password: Hunter2! and ⟦api token⟧"
    assert [found.kind for found in masked.findings] == ["api_token"]


def test_a_fingerprint_belongs_to_the_secret_not_to_its_place_or_spacing():
    def fingerprint(text: str) -> str:
        return mask(text).findings[0].fingerprint

    assert fingerprint("4111 1111 1111 1111") == fingerprint("card: 4111-1111-1111-1111!")
    assert fingerprint("password: Hunter2!") != fingerprint("password: Hunter3!")


def test_a_fingerprint_depends_on_the_key_and_gives_nothing_away():
    [plain] = mask("password: Hunter2!").findings
    [keyed] = mask("password: Hunter2!", key=b"installation").findings
    assert plain.fingerprint != keyed.fingerprint
    assert re.fullmatch(r"[0-9a-f]{16}", keyed.fingerprint)
    confirmed = frozenset({keyed.fingerprint})
    assert mask("password: Hunter2!", confirmed, key=b"installation").findings == ()


@pytest.mark.parametrize(("kind", "text", "gone"), SECRETS)
def test_masking_twice_changes_nothing_more(kind, text, gone):
    once = mask(text).text
    assert mask(once).text == once


def test_markers_are_recognised_when_shown():
    found = MARKER.findall(mask(f"{GITHUB} 4111111111111111 password: Hunter2!").text)
    assert found == ["api token", "card number", "password"]


@given(st.text(max_size=300))
def test_any_text_is_survived_and_findings_fit(text):
    masked = mask(text)
    assert bool(masked.findings) == (masked.text != text)
    for found in masked.findings:
        assert masked.text[found.start : found.end] == marker(found.kind)
    for before, after in pairwise(masked.findings):
        assert before.end <= after.start


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_key_is_found_in_any_company(before, after):
    assert GITHUB not in mask(f"{before} {GITHUB} {after}").text


def test_lone_surrogates_are_survived():
    assert mask("password: Hunt\ud8002!").text == "password: ⟦password⟧"


HOSTILE = [
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG",
    "-----BEGIN ",
    "-----",
    "- ----",
    "A" * 64 + "\n",
    "eyJ",
    "eyJhbGciOiJIUzI1NiJ9.",
    "eyJhbGci." + "a" * 30 + "\n",
    "1",
    "1 ",
    "4111 ",
    "4111 1111 1111 1111 ",
    "password",
    "password:",
    "password: ",
    "password for ",
    "password for a b c d e f ",
    'password="',
    "password='\\",
    '\\"',
    "a://",
    "a://b:",
    "://b:c@",
    "secret_",
    "token=",
    "_",
    "a-",
    "clave de acceso ",
    "authorization: ",
    "bearer ",
    "cookie: ",
    "mysql ",
    "mysqldump -p",
    " -u a:",
    "user/password: ",
    "user and password: a / ",
    "sk-",
    "⟦",
    "\n",
    " ",
    "> ",
    "cvv ",
]


SIZE = 512_000
CPU_SECONDS = 6
"""A search that grows with the text takes a tenth of this; a quadratic one several times it."""


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_grows_no_faster_than_the_text(piece):
    """In a process of its own that the system stops when it computes for too long."""
    program = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_CPU, ({CPU_SECONDS}, {CPU_SECONDS}))\n"
        "from portal.core.secrets import mask\n"
        f"piece = {piece!r}\n"
        f"mask((piece * ({SIZE} // len(piece) + 1))[:{SIZE}])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert done.returncode == 0, "stopped by the system: the work outgrew the text"


def test_a_megabyte_is_survived():
    hostile = "".join((piece * 30_000)[: 1_000_000 // len(HOSTILE)] for piece in HOSTILE)
    assert len(mask(hostile).text) > 0
