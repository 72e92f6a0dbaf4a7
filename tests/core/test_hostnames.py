import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.branding.names import normalised, shown
from portal.core.hostnames import BadHost, BadSlug, check_slug

OURS = ("corbel.example", "portals.example")


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("support.acme.com", "support.acme.com"),
        (" Support.ACME.com. ", "support.acme.com"),
        ("support.acmé.com", "support.xn--acm-dma.com"),
        ("ａｃｍｅ.com", "acme.com"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("例え.jp", "xn--r8jz45g.jp"),
        ("россия.рф", "xn--h1alffa9f.xn--p1ai"),
        ("сеть.рф", "xn--e1axe4b.xn--p1ai"),
        ("ελλάδα.gr", "xn--hxakic4aa.gr"),
        ("acme.co.uk", "acme.co.uk"),
        ("acme.github.io", "acme.github.io"),
        ("notcorbel.example", "notcorbel.example"),
        ("corbel.example.com", "corbel.example.com"),
    ],
)
def test_a_name_becomes_what_the_dns_has(typed, host):
    assert normalised(typed, OURS) == host
    assert normalised(host, OURS) == host


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("https://acme.com", "scheme"),
        ("acme.com/help", "path"),
        ("acme.com\\help", "path"),
        ("acme.com?x", "path"),
        ("acme.com:443", "port"),
        ("me@acme.com", "user"),
        ("*.acme.com", "wildcard"),
        ("10.0.0.7", "number"),
        ("[::1]", "number"),
        ("::1", "number"),
        ("2130706433", "number"),
        ("0x7f.1", "number"),
        ("acme.123", "number"),
        ("acme", "single"),
        ("localhost", "single"),
        ("acme.localhost", "reserved"),
        ("printer.local", "reserved"),
        ("a.onion", "reserved"),
        ("a" * 64 + ".com", "too_long"),
        (".".join(["a" * 60] * 5) + ".com", "too_long"),
        ("x" * 10_000, "too_long"),
        ("a..com", "characters"),
        ("-acme.com", "characters"),
        ("acme-.com", "characters"),
        ("ac me.com", "characters"),
        ("acme_care.com", "characters"),
        ("acme.com\r\nHost: evil", "characters"),
        ("acme\0.com", "characters"),
        ("acme%2ecom", "characters"),
        ("corbel.example", "ours"),
        ("evil.corbel.example", "ours"),
        ("acme.portals.example", "ours"),
        ("co.uk", "registry"),
        ("com.mx", "registry"),
        ("github.io", "registry"),
    ],
)
def test_what_is_no_host_of_theirs_is_refused(typed, reason):
    with pytest.raises(BadHost) as refused:
        normalised(typed, OURS)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "reason", "character", "script"),
    [
        ("аcme.com", "mixed", "а", "Cyrillic"),
        ("www.аpple.com", "mixed", "а", "Cyrillic"),
        ("acmе.com", "mixed", "е", "Cyrillic"),
        ("gοogle.com", "mixed", "ο", "Greek"),
        ("асе.com", "disguise", "а", "Cyrillic"),
        ("xn--80ak6aa92e.com", "disguise", "а", "Cyrillic"),  # reads "apple"
    ],
)
def test_a_homograph_is_refused_and_its_letter_named(typed, reason, character, script):
    with pytest.raises(BadHost) as refused:
        normalised(typed)
    assert refused.value.reason == reason
    assert (refused.value.facts["character"], refused.value.facts["script"]) == (character, script)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_host_or_refused(text):
    try:
        host = normalised(text)
    except BadHost:
        return
    assert host.isascii()
    assert host == host.lower()
    assert len(host) <= 253
    assert "." in host
    assert normalised(host) == host


def test_people_read_it_as_it_was_meant():
    assert shown("xn--mnchen-3ya.de") == "münchen.de"
    assert shown("acme.com") == "acme.com"
    assert shown("xn--.com") == "xn--.com"


@pytest.mark.parametrize("slug", ["acme", "a", "acme-homes", "builder-00042", "7hills"])
def test_slugs_that_may_be(slug):
    check_slug(slug)


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("", "characters"),
        ("Acme", "characters"),
        ("-acme", "characters"),
        ("acme-", "characters"),
        ("ac.me", "characters"),
        ("acmé", "characters"),
        ("xn--acm-dma", "characters"),
        ("a" * 61, "characters"),
        ("www", "reserved"),
        ("mail", "reserved"),
        ("api", "reserved"),
    ],
)
def test_slugs_that_may_not(slug, reason):
    with pytest.raises(BadSlug) as refused:
        check_slug(slug)
    assert refused.value.reason == reason
