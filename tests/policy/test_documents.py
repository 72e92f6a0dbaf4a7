"""Reading files and putting a pack together with what it extends."""

import pytest

from portal.policy.documents import LARGEST, InvalidPack, merged, read_document
from portal.policy.loader import load_file
from tests.policy.small import written


def refused(path):
    with pytest.raises(InvalidPack) as error:
        load_file(path)
    return str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[pack", "pack.toml: line 1, at the end: "),
        (b'a = 1\nb = "x', "pack.toml: line 2, at the end: "),
        (b"a = 1\na = 2\n", "pack.toml: line 2, column "),
        (b"\xff\xfe", "pack.toml: is not UTF-8"),
        (b"", "pack.toml: pack.zone: missing"),
        (b"pack = 3", "pack.toml: pack: 3 is not a table"),
        (b"plans = 3", "plans: is not a list of tables; write [[plans]]"),
        (b"#" * (LARGEST + 1), "pack.toml: is larger than"),
    ],
)
def test_a_broken_file_says_where(tmp_path, content, message):
    path = tmp_path / "pack.toml"
    path.write_bytes(content)
    assert message in refused(path)


def test_a_missing_file_and_a_folder(tmp_path):
    assert refused(tmp_path / "none.toml") == "none.toml: can't be read: No such file or directory"
    (tmp_path / "folder.toml").mkdir()
    assert "folder.toml: can't be read" in refused(tmp_path / "folder.toml")


@pytest.mark.parametrize(
    ("extends", "message"),
    [
        ('"nothing"', 'extends: there is no pack "nothing" here or among the shipped'),
        ('"../secret"', "extends: write the key of a pack"),
        ("3", "extends: write the key of a pack"),
        ('"small"', "extends: goes round in a circle: small → small"),
    ],
)
def test_what_is_extended_must_be_there(tmp_path, extends, message):
    path = written(tmp_path, ('extends = "common"', f"extends = {extends}"))
    assert message in refused(path)


def test_a_circle_of_two(tmp_path):
    path = written(tmp_path, ('extends = "common"', 'extends = "other"'))
    (tmp_path / "other.toml").write_text('extends = "small"')
    assert "small → other → small" in refused(path)


def test_a_pack_may_extend_a_shipped_one(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(
        'extends = "module-46"\n[pack]\nkey = "ours"\nzone = "Europe/Madrid"\n'
        '[calendars.office]\nholidays = "ES"\n'
    )
    pack = load_file(path)
    assert pack.key == "ours"
    assert pack.calendars["office"].zone == "Europe/Madrid"
    assert str(pack.rule_for("P1", "starter", "email").respond) == "4h"


def test_a_neighbour_goes_before_a_shipped_pack(tmp_path):
    (tmp_path / "common.toml").write_text("[lifecycle]\nreopen_days = 30\n")
    document = read_document(written(tmp_path))
    assert document["lifecycle"] == {"reopen_days": 30}
    assert "wording" not in document


def test_own_values_win_and_entries_merge_by_key():
    inherited = {
        "a": {"x": 1, "y": 1},
        "rows": [{"key": "one", "v": 1, "w": 1}, {"key": "two", "v": 2}],
        "plain": [1, 2],
    }
    own = {
        "a": {"y": 2},
        "rows": [{"key": "three"}, {"key": "one", "v": 9}],
        "plain": [3],
        "new": 1,
    }
    assert merged(inherited, own) == {
        "a": {"x": 1, "y": 2},
        "rows": [{"key": "three"}, {"key": "one", "v": 9, "w": 1}, {"key": "two", "v": 2}],
        "plain": [3],
        "new": 1,
    }
    assert inherited["rows"][0]["v"] == 1


def test_without_leaves_out(tmp_path):
    left_out = ('extends = "common"', 'extends = "common"\nwithout = { intents = ["docs"] }')
    pack = load_file(written(tmp_path, left_out))
    assert "docs" not in pack.intents
    assert "billing" in pack.intents


@pytest.mark.parametrize(
    ("without", "message"),
    [
        ('{ intents = ["moon"] }', 'without.intents: there is no "moon" to leave out'),
        ('{ moons = ["a"] }', "without.moons: nothing of that kind is inherited"),
        ('["intents"]', "without: write e.g."),
    ],
)
def test_what_is_left_out_must_be_there(tmp_path, without, message):
    change = ('extends = "common"', f'extends = "common"\nwithout = {without}')
    assert message in refused(written(tmp_path, change))


def test_without_needs_something_to_leave_out_from(tmp_path):
    path = tmp_path / "alone.toml"
    path.write_text('without = { intents = ["docs"] }')
    assert refused(path) == "alone.toml: without: only a pack that extends another leaves out"


def test_leaving_out_what_others_need_is_found(tmp_path):
    change = ('extends = "common"', 'extends = "common"\nwithout = { teams = ["legal"] }')
    assert 'categories.legal.teams: there is no team "legal"' in refused(written(tmp_path, change))
