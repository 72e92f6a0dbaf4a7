import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from portal.policy.commands import policy
from tests.policy.small import written

ASKED = {
    "--pack": "module-46",
    "--plan": "business",
    "--severity": "P1",
    "--channel": "phone",
    "--at": "2026-11-24T03:00:00Z",
}


def run(*arguments):
    return CliRunner().invoke(policy, [str(argument) for argument in arguments])


def explained(*flags, **changed):
    asked = ASKED | {f"--{name}": value for name, value in changed.items()}
    pairs = [part for name, value in asked.items() if value is not None for part in (name, value)]
    return run("explain", *pairs, *flags)


def test_check_says_ok(tmp_path):
    result = run("check", written(tmp_path))
    assert result.exit_code == 0
    assert result.output.startswith("OK: small.toml is small, version 1 (severities: 2, plans: 2,")


def test_check_lists_every_fault(tmp_path):
    path = written(tmp_path, ('gold = "1h"', 'gold = "4x"'), ('version = "1"', "version = 1"))
    result = run("check", path)
    assert result.exit_code == 1
    assert "small.toml: pack.version: 1 is not a text" in result.output
    assert "small.toml: targets[1].respond.gold: '4x' is no target" in result.output


def test_check_of_a_missing_file(tmp_path):
    result = run("check", tmp_path / "none.toml")
    assert result.exit_code == 1
    assert "none.toml: can't be read" in result.output


def test_explain_for_programs():
    result = explained("--json")
    assert result.exit_code == 0
    found = json.loads(result.output)
    assert found["respond_by"] == "2026-11-24T04:00:00Z"
    assert found["promise"] == (
        "We'll answer by Mon 23 Nov, 23:00 (New York time), on your Business plan."
    )
    assert found["steps"][0]["do"] == "page"


def test_explain_for_people():
    result = explained(zone="Europe/Madrid")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "Four severities, four plans (module-46 1)"
    assert lines[1] == "P1 System down · Business · Phone · Tue 24 Nov, 04:00"
    assert lines[3] == "We'll answer by Tue 24 Nov, 05:00, on your Business plan."
    assert lines[4] == "within 1 hour · 24/7 · respond_by 2026-11-24T04:00:00Z"
    assert lines[5] == "! Phone is closed right now and opens Tue 24 Nov, 14:00."
    assert lines[8].startswith("Tue 24 Nov, 04:00  page ")


def test_explain_in_spanish():
    result = explained("--json", lang="es")
    found = json.loads(result.output)
    assert found["language"] == "es"
    assert "Te responderemos" in found["promise"]
    assert "ingeniero de guardia" in found["steps"][0]["why"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"severity": "S0"}, "it has: P1, P2, P3, P4"),
        ({"plan": "gold"}, "it has: starter, professional, business, enterprise"),
        ({"plan": None}, "it has: starter, professional, business, enterprise"),
        ({"channel": "fax"}, "it has: in_app, email, chat"),
        ({"pack": "nothing"}, "it has: buildr-plannr, engineers, luneo, module-46, studiovault"),
        ({"at": "2026-11-24T03:00:00"}, "has no time zone; write e.g. 2026-11-24T10:30:00-05:00"),
        ({"at": "tomorrow"}, "'tomorrow' is not a time; write e.g."),
        ({"at": None}, "Missing option '--at'"),
        ({"zone": "Nowhere"}, "Nowhere"),
        ({"lang": "fr"}, "'fr' is not one of 'en', 'es'"),
    ],
)
def test_a_wrong_question_is_told_what_is_right(changed, message):
    result = explained(**changed)
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.parametrize("at", ["9999-12-31T23:59:00Z", "0001-01-01T00:00:00+14:00"])
def test_the_ends_of_time_are_refused_in_words(at):
    result = explained(at=at)
    assert result.exit_code == 2
    assert "Error: " in result.output


def test_a_pack_without_plans_needs_no_plan():
    result = explained(pack="luneo", plan=None)
    assert result.exit_code == 0
    assert "on your" not in result.output


def test_explain_takes_a_file(tmp_path):
    path = written(tmp_path)
    result = explained("--json", pack=str(path), plan="gold", severity="high", channel="email")
    assert json.loads(result.output)["respond_by"] == "2026-11-24T04:00:00Z"


def test_explain_refuses_an_unsound_file(tmp_path):
    path = written(tmp_path, ('gold = "1h"', 'gold = "4x"'))
    result = explained(pack=str(path))
    assert result.exit_code == 1
    assert "small.toml: targets[1].respond.gold" in result.output


def test_the_commands_need_no_framework_and_no_database():
    code = (
        "import sys; import portal.policy.commands;"
        "found = {'flask', 'sqlalchemy', 'redis', 'holidays'} & set(sys.modules);"
        "sys.exit(', '.join(found) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
