"""A pack is sound or refused whole, with every fault named by file, key and reason."""

import dataclasses
from datetime import date

import pytest

from portal.policy.documents import InvalidPack, read_document
from portal.policy.loader import build_pack, load_file, load_pack, pack_from_source, shipped_packs
from portal.policy.pack import UnknownName
from tests.policy.small import SMALL, written


def problems(tmp_path, *changes):
    with pytest.raises(InvalidPack) as refused:
        load_file(written(tmp_path, *changes))
    return list(refused.value.problems)


def problem(tmp_path, *changes):
    found = problems(tmp_path, *changes)
    assert len(found) == 1, found
    return found[0]


def test_five_packs_ship():
    assert shipped_packs() == ("buildr-plannr", "engineers", "luneo", "module-46", "studiovault")


@pytest.mark.parametrize("key", shipped_packs())
def test_a_shipped_pack_is_named_like_its_file(key):
    assert load_pack(key).key == key


@pytest.mark.parametrize("name", ["common", "nothing", "Module-46"])
def test_what_is_not_shipped_is_refused_by_name(name):
    with pytest.raises(UnknownName, match="module-46"):
        load_pack(name)


def test_a_pack_is_read_once_a_process(tmp_path):
    path = written(tmp_path)
    assert load_pack(path) is load_pack(path)


def test_the_small_pack_is_sound(tmp_path):
    pack = load_file(written(tmp_path))
    assert str(pack.rule_for("high", "gold", "email").respond) == "1h"
    assert pack.rule_for("high", "gold", "email").hours is None
    assert pack.rule_for("low", "gold", "chat").hours == "office"


def test_a_pack_can_not_be_changed(tmp_path):
    pack = load_file(written(tmp_path))
    with pytest.raises(dataclasses.FrozenInstanceError):
        pack.version = "2"


def test_the_error_names_file_key_and_reason(tmp_path):
    with pytest.raises(InvalidPack) as refused:
        load_file(written(tmp_path, ('gold = "1h"', 'gold = "4x"')))
    assert str(refused.value).startswith("small.toml: targets[1].respond.gold: '4x' is no target")
    assert "4h" in str(refused.value)


def test_all_faults_are_listed_together(tmp_path):
    found = problems(
        tmp_path,
        ('version = "1"', 'version = "one two"'),
        ('gold = "1h"', 'gold = "soon"'),
        ('tone = "low"', 'tone = "purple"'),
        ('channels = ["email", "chat"]', 'channels = ["email", "telex"]'),
    )
    assert {entry.partition(":")[0] for entry in found} == {
        "pack.version",
        "severities.low.tone",
        "plans.gold.channels",
        "targets[1].respond.gold",
    }


@pytest.mark.parametrize(
    ("old", "new", "path", "reason"),
    [
        # the head
        ('zone = "Europe/Madrid"', 'zone = "Europe/Madird"', "pack.zone", "no time zone"),
        ('zone = "Europe/Madrid"', "", "pack.zone", "missing"),
        ('version = "1"', "version = 1", "pack.version", "1 is not a text"),
        ('version = "1"\n', "", "pack.version", "missing"),
        ('key = "small"', 'key = "a b"', "pack.key", "is not a key"),
        ('hours = "office"', 'hours = "nights"', "pack.hours", 'there is no calendar "nights"'),
        ('default_severity = "low"', "", "pack.default_severity", "write the key of a severity"),
        ("[pack]", "[pack]\ncolour = 3", "pack.colour", "unknown key"),
        ("[pack]", "[pack]\ndefault_severty = 3", "pack.default_severty", "default_severity"),
        ("[escalation]", "[escalations]\n[escalation]", "escalations", '"escalation"?'),
        # languages
        ('es = "Pequeño"', 'fr = "Petit"', "pack.title.es", "language is missing"),
        ('{ en = "Small", es = "Pequeño" }', '"Small"', "pack.title", "has no languages"),
        ('es = "Alta"', 'es = ""', "severities.high.name.es", "language is missing"),
        (
            'es = "Alta"',
            'es = "Alta", english = "x"',
            "severities.high.name.english",
            "no language",
        ),
        # calendars
        ("09:00-13:00", "09:00-14:30", "calendars.office.weekly.mon-fri", "overlap"),
        ("09:00-13:00", "13:00-09:00", "calendars.office.weekly.mon-fri", "closes before it opens"),
        ("09:00-13:00", "09:00-25:00", "calendars.office.weekly.mon-fri", "'25:00'"),
        ("09:00-13:00", "from nine", "calendars.office.weekly.mon-fri", "09:00-12:30"),
        ("mon-fri", "monday", "calendars.office.weekly.monday", "mon, tue, … sun, or mon-fri"),
        ("mon-fri", "fri-mon", "calendars.office.weekly.fri-mon", "runs backwards"),
        ("{ mon-fri", '{ wed = "closed", mon-fri', "calendars.office.weekly.mon-fri", "wed has"),
        (
            "[calendars.always]",
            'holidays = "XX"\n[calendars.always]',
            "calendars.office.holidays",
            '"XX"',
        ),
        (
            "[calendars.always]",
            'closed = ["soon"]\n[calendars.always]',
            "calendars.office.closed",
            "not a date",
        ),
        (
            "[calendars.always]",
            'special = { xmas = "closed" }\n[calendars.always]',
            "calendars.office.special.xmas",
            "not a date",
        ),
        ("always = true", "always = true\ncloses = 1", "calendars.always.closes", "unknown key"),
        (
            "always = true",
            'always = true\nholidays = "US"',
            "calendars.always.always",
            "no other hours",
        ),
        ("always = true", "", "calendars.always", "never opens"),
        # plans, channels, severities
        ('channels = ["email"]', "channels = []", "plans.basic.channels", "at least one"),
        ('key = "gold"', 'key = "gold"\naliases = ["basic"]', "plans", "more than one plan"),
        (
            'key = "gold"',
            'key = "gold"\ncatch_all = 1',
            "plans.gold.catch_all",
            "1 is not true or false",
        ),
        (
            'tone = "low"',
            'tone = "low"\npage = "often"',
            "severities.low.page",
            "never, after_hours, always",
        ),
        ('tone = "low"', 'tone = "low"\nlast_tier = 0', "severities.low.last_tier", "from 1 to 9"),
        (
            'tone = "low"',
            'tone = "low"\nowners = ["nobody"]',
            "severities.low.owners",
            'no team "nobody"',
        ),
        (
            'tone = "low"',
            'tone = "low"\nsuggested_by = ["rain"]',
            "severities.low.suggested_by",
            'no situation "rain"',
        ),
        # promises
        ('respond = "8h"', "respond = 8", "targets[2].respond", "8 is not a text"),
        ('respond = "8h"', 'update = "8h"', "targets[2].respond", "missing"),
        ('respond = "8h"', 'respond = "8h"\nplan = "iron"', "targets[2].plan", 'no plan "iron"'),
        (
            'respond = "8h"',
            'respond = "8h"\nchannel = ["fax"]',
            "targets[2].channel",
            'no channel "fax"',
        ),
        (
            'respond = "8h"',
            'respond = "8h"\nhours = "noon"',
            "targets[2].hours",
            'no calendar "noon"',
        ),
        ('respond = "8h"', 'respond = "next review"', "targets[2].respond", "[review]"),
        (
            'respond = "8h"',
            'respond = "8h"\n\n[[targets]]\nrespond = "9h"',
            "targets[3]",
            "never reached",
        ),
        (
            '{ basic = "4h", gold = "1h" }',
            '{ basic = "4h" }',
            "targets[1].respond",
            'no figure for the plan "gold"',
        ),
        ('gold = "1h"', 'gold = "1h", iron = "2h"', "targets[1].respond.iron", "no such plan"),
        (
            '{ basic = "4h", gold = "1h" }',
            '"1 business day"',
            "targets[1].respond",
            "business days need hours",
        ),
        # escalation and the rest
        ("warn_at = 0.75", "warn_at = 1.5", "escalation.warn_at", "between 0 and 1"),
        ("warn_at = 0.75", "warn_at = 0.75\nagain_every = -1", "escalation.again_every", "above 0"),
        (
            'reached_by = ["created"]',
            'reached_by = ["dreamt"]',
            "stages.in.reached_by",
            'no mark "dreamt"',
        ),
        ('reached_by = ["created"]', "", "stages.in.reached_by", "missing"),
        (
            "[escalation]",
            "[lifecycle]\nreopen_days = 1000\n[escalation]",
            "lifecycle.reopen_days",
            "from 0 to 365",
        ),
        (
            "[escalation]",
            '[referrals]\nrespond = "x"\n[escalation]',
            "referrals.respond",
            "is no target",
        ),
        (
            "[escalation]",
            "[incidents]\nfollow_up_days = [1, -7]\n[escalation]",
            "incidents.follow_up_days",
            "whole numbers",
        ),
        (
            "[escalation]",
            '[review]\nweekday = "payday"\ntime = "10:00"\n[escalation]',
            "review.weekday",
            '"payday"',
        ),
        (
            "[escalation]",
            '[review]\nweekday = "mon"\ntime = "late"\n[escalation]',
            "review.time",
            "not a time",
        ),
    ],
)
def test_one_fault(tmp_path, old, new, path, reason):
    found = problem(tmp_path, (old, new))
    assert found.startswith(f"{path}: "), found
    assert reason in found, found


TEMPLATE = """
[[templates]]
key = "hello"
name = { en = "Hello", es = "Hola" }
when = { en = "First", es = "Primero" }
body = { en = "Hello {customer_name}, {what}", es = "Hola {customer_name}, {what}" }

[[templates.fields]]
key = "what"
label = { en = "What", es = "Qué" }
"""


@pytest.mark.parametrize(
    ("old", "new", "path", "reason"),
    [
        ('en = "Hello {customer_name}, {what}"', 'en = "Hello"', "en", "{what} does not appear"),
        ('es = "Hola {customer_name}, {what}"', 'es = "{what} {wat}"', "es", "nothing fills {wat}"),
    ],
)
def test_templates_and_their_fields_agree_in_every_language(tmp_path, old, new, path, reason):
    spoiled = TEMPLATE.replace(old, new)
    assert spoiled != TEMPLATE
    found = problem(tmp_path, ("[escalation]", f"{spoiled}\n[escalation]"))
    assert found.startswith(f"templates.hello.body.{path}: ")
    assert reason in found


def test_a_sound_template(tmp_path):
    pack = load_file(written(tmp_path, ("[escalation]", f"{TEMPLATE}\n[escalation]")))
    assert [field.key for field in pack.templates["hello"].fields] == ["what"]


def test_without_what_is_common_one_line_says_how_to_come_by_it(tmp_path):
    bare = tmp_path / "bare.toml"
    bare.write_text(SMALL.replace('extends = "common"', ""))
    with pytest.raises(InvalidPack) as refused:
        load_file(bare)
    assert [line for line in refused.value.problems if line.startswith("wording")] == [
        'wording: missing; begin the file with extends = "common", which brings it'
    ]


def test_wording_may_use_only_its_own_gaps(tmp_path):
    worded = '[wording]\nanswer_by = { en = "By {time}", es = "Antes del {when}" }\n[escalation]'
    found = problem(tmp_path, ("[escalation]", worded))
    assert found == ("wording.answer_by.en: nothing fills {time}; known are on_plan, target, when")


def test_a_phrase_nobody_could_say_is_refused(tmp_path):
    signal = '[[signals]]\nkey = "security"\nkeywords.en = ["!!"]\n[escalation]'
    assert "has no word to listen for" in problem(tmp_path, ("[escalation]", signal))


@pytest.mark.parametrize(
    ("old", "gap"),
    [
        ('\n[[targets]]\nrespond = "8h"\n', "nothing covers low on the plan basic by any channel"),
        ('respond = "8h"', "nothing covers low on the plan gold by chat, phone, "),
    ],
)
def test_every_combination_needs_an_answer(tmp_path, old, gap):
    by_mail = 'respond = "8h"\nchannel = ["email", "in_app"]'
    new = by_mail if old.startswith("respond") else ""
    assert any(gap in entry for entry in problems(tmp_path, (old, new)))


@pytest.mark.parametrize("array", ["plans", "severities", "stages"])
def test_no_pack_without(tmp_path, array):
    document = read_document(written(tmp_path))
    del document[array]
    with pytest.raises(InvalidPack, match=f"{array}: missing"):
        build_pack(document, "small.toml")


def test_a_key_stands_once(tmp_path):
    assert "already taken" in str(problems(tmp_path, ('key = "gold"', 'key = "basic"')))


def test_an_entry_needs_its_key(tmp_path):
    assert any(
        "plans[2].key: missing" in entry for entry in problems(tmp_path, ('key = "gold"\n', ""))
    )


def test_only_one_plan_takes_the_rest(tmp_path):
    both = (
        ('key = "basic"', 'key = "basic"\ncatch_all = true'),
        ('key = "gold"', 'key = "gold"\ncatch_all = true'),
    )
    assert problem(tmp_path, *both) == "plans: only one plan can be the catch_all"


def test_a_limit_is_on_a_channel_of_the_plan(tmp_path):
    limit = 'channels = ["email"]\n[[plans.limits]]\nchannel = "sms"\ntext = { en = "x", es = "x" }'
    found = problem(tmp_path, ('channels = ["email"]', limit))
    assert found == 'plans.basic.limits: "sms" is not among the channels of the plan'


EMERGENCY = """
[emergency]
name = { en = "Night", es = "Noche" }
text = { en = "Night", es = "Noche" }
plans = ["gold"]
severities = ["high"]
respond = "30min"
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('respond = "30min"', 'respond = "48h..72h"', "emergency.respond: "),
        ('respond = "30min"', 'respond = "same day"', "emergency.respond: "),
        ('respond = "30min"', "", "emergency.respond: missing"),
        ('["gold"]', '["iron"]', "emergency.plans: there is no plan"),
    ],
)
def test_an_emergency_needs_one_length_of_time(tmp_path, old, new, found):
    spoiled = EMERGENCY.replace(old, new)
    assert problem(tmp_path, ("[escalation]", f"{spoiled}\n[escalation]")).startswith(found)


def test_special_and_closed_days(tmp_path):
    days = (
        'weekly = { mon-fri = "09:00-13:00, 14:00-18:00" }',
        'weekly = { mon-fri = "09:00-18:00" }\nholidays = "ES-MD"\nclosed = [2026-12-24]\n'
        'special = { 2026-12-31 = "09:00-12:00", 2026-12-27 = "10:00-11:00" }',
    )
    calendar = load_file(written(tmp_path, days)).calendars["office"].calendar
    assert calendar.hours(date(2026, 12, 24)) == ()
    assert calendar.hours(date(2026, 12, 25)) == ()
    assert len(calendar.hours(date(2026, 12, 27))) == 1
    assert calendar.hours(date(2026, 12, 31)) != calendar.hours(date(2026, 12, 30))
    assert calendar.hours(date(2026, 5, 2)) == ()  # a holiday of Madrid alone, and a Saturday


def test_digest_follows_meaning_not_looks(tmp_path):
    plain = load_file(written(tmp_path))
    commented = load_file(written(tmp_path, ("[escalation]", "# a word\n\n[escalation]")))
    changed = load_file(written(tmp_path, ('respond = "8h"', 'respond = "9h"')))
    assert plain.digest == commented.digest
    assert plain.digest != changed.digest


@pytest.mark.parametrize("key", shipped_packs())
def test_a_pack_comes_back_whole_from_its_source(key):
    pack = load_pack(key)
    again = pack_from_source(pack.source, "again")
    assert again == pack
    assert again.digest == pack.digest
