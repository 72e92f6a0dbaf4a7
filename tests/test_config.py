"""Settings that mean something other than what is written."""

from datetime import timedelta

import pytest

from portal.config import Settings, SettingsError


def test_days_that_things_are_kept() -> None:
    usual = Settings.from_env({})
    assert usual.events_kept == timedelta(days=30)
    assert usual.letters_kept == timedelta(days=90)
    assert usual.readings_kept == timedelta(days=365)
    own = Settings.from_env({"CORBEL_KEEP_EVENTS_DAYS": "7", "CORBEL_KEEP_LETTERS_DAYS": "0"})
    assert own.events_kept == timedelta(days=7)
    assert own.letters_kept is None


@pytest.mark.parametrize("days", ["-1", "a week", "99999"])
def test_days_that_are_none(days: str) -> None:
    with pytest.raises(SettingsError, match=r"CORBEL_KEEP_EVENTS_DAYS: .* is not a whole number"):
        Settings.from_env({"CORBEL_KEEP_EVENTS_DAYS": days})


def test_what_portals_are_called_follows_from_the_platform() -> None:
    usual = Settings.from_env({"CORBEL_BASE_URL": "https://help.example:8443"})
    assert usual.portal_target == "help.example"
    assert usual.portal_mail_from == "support@corbel.test"
    assert usual.mail_allowing == "include:corbel.test"
    own = Settings.from_env(
        {
            "CORBEL_PORTAL_DOMAIN": ".Homes.example.",
            "CORBEL_PORTAL_MAIL_FROM": "care@mail.homes.example",
        }
    )
    assert own.portal_target == own.portal_domain == "homes.example"
    assert own.mail_allowing == "include:mail.homes.example"
    assert own.portal_root("acme") == "http://acme.homes.example:8000"
    assert own.portal_path_root("acme") == "http://127.0.0.1:8000/b/acme"
    told = Settings.from_env({"CORBEL_PORTAL_TARGET": "Edge.example.", "CORBEL_MAIL_SPF": "ip4:1"})
    assert (told.portal_target, told.mail_allowing) == ("edge.example", "ip4:1")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DNS", "dns.example:53", "an address and a port"),
        ("DNS", "127.0.0.1", "an address and a port"),
        ("DNS", "127.0.0.1:70000", "an address and a port"),
        ("PORTAL_MAIL_FROM", "Care <care@homes.example>", "a bare e-mail address"),
        ("PORTAL_MAIL_FROM", "homes.example", "a bare e-mail address"),
    ],
)
def test_names_that_are_none(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=f"CORBEL_{name}: .* is not {words}"):
        Settings.from_env({f"CORBEL_{name}": value})


@pytest.mark.parametrize("value", ["127.0.0.1:53", "[::1]:5353"])
def test_a_name_server(value: str) -> None:
    assert Settings.from_env({"CORBEL_DNS": value}).dns == value
