import pytest

from portal.policy.loader import load_pack, shipped_packs
from portal.policy.pack import Field, Template
from portal.policy.text import Text
from portal.tickets.models import Ticket
from portal.tickets.service.templates import (
    HalfFilled,
    automatic,
    compose,
    opening,
    placeholders_of,
    prefilled,
)

KNOWN = {"customer_name": "Olive", "agent_name": "Ana", "severity_name": "System down"}


def template(body: str, *fields: Field) -> Template:
    words = Text.of(body)
    return Template("t", Text.of("T"), Text.of("When"), words, "canned", fields)


def field(key: str, *, required: bool = True, prefill: str | None = None) -> Field:
    return Field(key, Text.of(key.title()), required, prefill)


GREETING = template(
    "Hello {customer_name}, {problem}. {hint} {agent_name}",
    field("problem"),
    field("hint", required=False),
)


def written(text="", made_from=GREETING, **values) -> str:
    return compose(made_from, text, values, KNOWN, language="en")


def test_filled_it_is_whole():
    assert written(problem=" it fails ", hint="Reload.") == "Hello Olive, it fails. Reload. Ana"


def test_what_is_optional_may_be_empty():
    assert written(problem="it fails") == "Hello Olive, it fails.  Ana"


def test_the_agents_own_text_counts():
    text = "Dear {customer_name}: {problem}!"
    assert written(text, problem="it fails") == "Dear Olive: it fails!"


@pytest.mark.parametrize(
    ("text", "values", "wanting"),
    [
        ("", {}, ["problem"]),
        ("", {"problem": " \n"}, ["problem"]),
        ("Hello", {"problem": "it fails"}, ["problem"]),  # filled, but not said
        ("{problem} {problem}", {}, ["problem"]),
    ],
)
def test_half_filled_is_refused(text, values, wanting):
    with pytest.raises(HalfFilled) as refused:
        written(text, **values)
    assert [one.key for one in refused.value.fields] == wanting


def test_a_gap_that_nobody_fills_is_named():
    made = template("{mystery} {problem}", field("problem"))
    with pytest.raises(HalfFilled) as refused:
        written("", made, problem="it")
    assert refused.value.gaps == ("mystery",)
    assert refused.value.fields == ()


def test_values_are_put_in_once():
    with pytest.raises(HalfFilled):
        written(problem="{agent_name}")
    assert written("{problem}", template("{problem}", field("problem")), problem="{x}") == "{x}"


def test_the_opening_leaves_the_fields_to_the_agent():
    assert opening(GREETING, KNOWN, language="en") == "Hello Olive, {problem}. {hint} Ana"


def test_an_own_field_of_the_name_of_a_known_value_stays_open():
    made = template("{agent_name}", field("agent_name"))
    assert opening(made, KNOWN, language="en") == "{agent_name}"


def test_prefilling():
    made = template("x", field("who", prefill="owner"), field("how", prefill="severity"))
    assert prefilled(made, KNOWN, owner="Ben") == {"who": "Ben", "how": "System down"}
    assert prefilled(GREETING, KNOWN, owner="Ben") == {}


@pytest.mark.parametrize("key", shipped_packs())
def test_every_shipped_template_can_be_filled_and_only_whole(key):
    pack = load_pack(key)
    severity = pack.severities[pack.default_severity]
    ticket = Ticket(
        number=1042,
        requester_name="Olive",
        subject="Down",
        severity=severity.key,
        plan="",
        team="",
    )
    for made in pack.templates.values():
        for language in ("en", "es"):
            known = automatic(
                pack,
                ticket,
                agent="Ana",
                promise="soon",
                status_url="https://x.test",
                language=language,
            )
            values = {one.key: f"<{one.key}>" for one in made.fields}
            whole = compose(made, "", values, known, language=language)
            assert not [gap for gap in placeholders_of(made) if f"{{{gap}}}" in whole]
            for one in made.fields:
                if one.required:
                    with pytest.raises(HalfFilled):
                        compose(made, "", values | {one.key: ""}, known, language=language)
