"""Origins as people type them."""

import pytest

from portal.core.origins import BadOrigin, is_local, normalised


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://app.acme.example", "https://app.acme.example"),
        (" HTTPS://App.Acme.Example:443/ ", "https://app.acme.example"),
        ("https://app.acme.example:8443", "https://app.acme.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("http://[::1]:5000", "http://[::1]:5000"),
        ("http://acme.localhost:5000", "http://acme.localhost:5000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_it_is_kept_as_browsers_say_it(typed, origin):
    assert normalised(typed) == origin


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("app.acme.example", "scheme"),
        ("//app.acme.example", "scheme"),
        ("ftp://app.acme.example", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("null", "scheme"),
        ("http://app.acme.example", "insecure"),
        ("http://localhost.acme.example", "insecure"),
        ("https://*.acme.example", "wildcard"),
        ("*", "wildcard"),
        ("https://me:you@app.acme.example", "user"),
        ("https://app.acme.example/path", "path"),
        ("https://app.acme.example?x", "path"),
        ("https://app.acme.example#x", "path"),
        ("https://app.acme.example:99999", "port"),
        ("https://app.acme.example:x", "port"),
        ("https://app.acme.example; script-src *", "characters"),
        ("https://a b", "characters"),
        ("https://a\nb", "characters"),
        ("https://a..b", "characters"),
        ("https://-a.example", "characters"),
        ("https://" + "a" * 300, "too_long"),
        ("https://" + "a" * 70 + ".example", "characters"),
    ],
)
def test_what_is_no_origin_is_refused_with_the_reason(typed, reason):
    with pytest.raises(BadOrigin) as refused:
        normalised(typed)
    assert refused.value.reason == reason


def test_which_are_of_somebodys_own_machine():
    assert is_local("http://localhost:3000")
    assert is_local("https://127.0.0.1")
    assert is_local("http://[::1]:80")
    assert not is_local("https://localhost.acme.example")
