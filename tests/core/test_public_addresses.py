import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.public_addresses import is_loopback, is_public, may_be_asked

INSIDE = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254"),
    *("172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.0.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1"),
    *("64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:a00:1::1", "fc00::1"),
    *("fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"),
]
OUTSIDE = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", INSIDE)
def test_what_only_we_can_reach_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_everybody_can_reach_is(address):
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "1.2.3", "0x7f.1", "2130706433", "1.1.1.1/8"])
def test_what_is_no_address_is_not_public(text):
    assert not is_public(text)


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_in_ipv6_changes_nothing(address):
    assert is_public(f"::ffff:{address}") == is_public(str(address))


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine(address):
    assert is_loopback(address)


def test_another_machine():
    assert not any(map(is_loopback, ["10.0.0.1", "localhost", "::2", ""]))


@pytest.mark.parametrize(
    ("url", "kept", "kept_on_loopback"),
    [
        ("https://login.example.com", True, True),
        ("https://login.example.com:8443/realms/a", True, True),
        ("https://[2606:4700:4700::1111]/", True, True),
        ("http://login.example.com", False, False),
        ("http://localhost:9000", False, True),
        ("http://127.0.0.1:9000/a", False, True),
        ("http://[::1]:9000", False, True),
        ("http://localhost.evil.test", False, False),
        ("https://user@login.example.com", False, False),
        ("https://user:pw@login.example.com", False, False),
        ("https://login.example.com/#part", False, False),
        ("https://login.example.com:0", False, False),
        ("https://login.example.com:99999", False, False),
        ("https://login.example.com:x", False, False),
        ("https://[::1", False, False),
        ("https://", False, False),
        ("https:login.example.com", False, False),
        ("//login.example.com", False, False),
        ("ftp://login.example.com", False, False),
        ("file:///etc/passwd", False, False),
        ("", False, False),
    ],
)
def test_which_addresses_may_be_kept(url, kept, kept_on_loopback):
    assert may_be_asked(url, loopback=False) is kept
    assert may_be_asked(url, loopback=True) is kept_on_loopback
