"""Which screen of the host app an address is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.page_keys import (
    LONGEST_PATTERN,
    BadPattern,
    Near,
    Rule,
    Rules,
    names_a_thing,
    normal,
    pattern,
    read,
)


def rules(*patterns: str) -> Rules:
    """Each pattern is its own page's key."""
    return Rules.of(
        Rule(pattern(text), text, "module", place) for place, text in enumerate(patterns)
    )


def fits(text: str, url: str) -> bool:
    return pattern(text).fits(read(url))


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("/projects/123/schedule", "/projects/{id}/schedule"),
        ("https://app.plan.example/projects/123/schedule", "/projects/{id}/schedule"),
        ("//app.plan.example:8443/Projects/123/Schedule/", "/projects/{id}/schedule"),
        ("app.plan.example/projects/9/schedule?tab=2#top", "/projects/{id}/schedule"),
        ("localhost:3000/projects/9", "/projects/{id}"),
        ("https://ana:pw@app.plan.example/projects/9", "/projects/{id}"),
        ("/projects/0193605c-7a1e-7c3a-9a43-5f0c4d3f6a10/tasks", "/projects/{id}/tasks"),
        ("/p/9f1c2ab7d4/files", "/p/{id}/files"),
        ("/p/deadbeefdeadbeef/files", "/p/{id}/files"),
        ("/projects/harbour-tower-12/budget", "/projects/{id}/budget"),
        ("/diary/2026-11-24", "/diary/{id}"),
        ("/people/ana@acme.test/pay", "/people/{id}/pay"),
        ("/people/Ana%20Ruiz", "/people/{id}"),
        ("/people/a%2Fb", "/people/{id}"),
        ("/v2/projects/7", "/v2/projects/{id}"),
        ("/change_orders/list.html", "/change_orders/list.html"),
        ("/nómina/%C3%A1reas", "/nómina/áreas"),
        ("/N%C3%93MINA", "/nómina"),
        ("/a/./b/../c//d", "/a/c/d"),
        ("/../../etc", "/etc"),
        ("/a\\b", "/a/b"),
        ("/a;jsessionid=12/b", "/a/b"),
        ("#/projects/1/schedule", "#/projects/{id}/schedule"),
        ("/#!/projects/1/schedule?x=1", "#/projects/{id}/schedule"),
        ("https://x.example/app#/projects/1", "/app#/projects/{id}"),
        ("/page#section", "/page"),
        ("/a\x00b\u202e", "/ab"),
        ("/{id}/*/**", "/{id}/{id}/{id}"),
        ("javascript:alert", "/{id}"),
        ("", "/"),
        ("?x=1", "/"),
    ],
)
def test_every_address_has_a_normal_form(url: str, form: str) -> None:
    assert normal(url) == form


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("/projects/{id}/schedule", "https://app.plan.example/projects/123/schedule/?a=b"),
        ("/projects/{project}/schedule", "/projects/9f1c2ab7d4/SCHEDULE"),
        ("/projects/*/schedule", "/projects/harbour/schedule"),
        ("/projects/**", "/projects"),
        ("/projects/**", "/projects/1/a/b/c"),
        ("/**/schedule", "/a/schedule/b/schedule"),
        ("/**/a/**/b/*", "/x/a/y/a/b/b/z"),
        ("**", "/"),
        ("*", "/anything"),
        ("/", "https://app.plan.example"),
        ("#/projects/{id}", "https://x.example/app/#/projects/7"),
        ("/app#/projects/{id}", "/app#!/projects/7"),
        ("/app", "/app#/projects/7"),
        ("app.plan.example/**", "https://APP.plan.example:8443/x"),
        ("https://app.plan.example/x", "//app.plan.example/x"),
        ("*.plan.example/x", "https://eu.app.plan.example/x"),
        ("/board?view=gantt", "/board?a=1&view=Gantt"),
        ("/board?view", "/board?view="),
        ("/board?view=*", "/board?view=list"),
        ("?view=gantt", "/any/where?view=gantt"),
        ("#/board?view=gantt", "/#/board?view=gantt"),
        ("/N%C3%B3mina", "/nómina"),
    ],
)
def test_a_pattern_fits(text: str, url: str) -> None:
    assert fits(text, url)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("/projects/{id}/schedule", "/projects/new/schedule"),
        ("/projects/{id}/schedule", "/projects/1/schedule/print"),
        ("/projects/{id}/schedule", "/x/projects/1/schedule"),
        ("/projects/*", "/projects"),
        ("/projects/*", "/projects/1/2"),
        ("/**/schedule", "/schedule/1"),
        ("/", "/projects"),
        ("#/projects/{id}", "/projects/7"),
        ("#/projects/{id}", "/#projects/7"),
        ("/app#/projects/{id}", "/#/projects/7"),
        ("app.plan.example/x", "/x"),
        ("app.plan.example/x", "https://plan.example/x"),
        ("*.plan.example/x", "https://plan.example/x"),
        ("*.plan.example/x", "https://evilplan.example/x"),
        ("/board?view=gantt", "/board?view=list"),
        ("/board?view=gantt", "/board"),
    ],
)
def test_a_pattern_does_not_fit(text: str, url: str) -> None:
    assert not fits(text, url)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("/a\x00", "empty"),
        ("/a" * 200, "too_long"),
        ("/a" * 41, "many"),
        ("/projects/{id", "braces"),
        ("/projects/{}", "braces"),
        ("/projects/x{id}", "braces"),
        ("/projects/{a b}", "braces"),
        ("/projects/*a", "stars"),
        ("/projects/***", "stars"),
        ("https:///x", "host"),
    ],
)
def test_a_pattern_that_says_nothing_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadPattern) as refused:
        pattern(text)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("better", "worse", "because"),
    [
        ("/projects/new", "/projects/*", "path"),
        ("/projects/{id}", "/projects/*", "path"),
        ("/projects/*", "/projects/**", "path"),
        ("/projects/{id}/**", "/projects/**", "path"),
        ("/projects/7", "/projects/{id}", "path"),
        ("/projects", "/projects/**", "path"),
        ("/projects/**", "/**/7", "path"),
        ("#/projects/{id}", "/app", "route"),
        ("app.plan.example/**", "/projects/7", "host"),
        ("app.plan.example/**", "*.plan.example/projects/7", "host"),
        ("/board?view=gantt", "/board", "query"),
    ],
)
@pytest.mark.parametrize("first", [0, 1])
def test_the_more_specific_rule_counts_wherever_it_stands(
    better: str, worse: str, because: str, first: int
) -> None:
    url = {
        "#/projects/{id}": "/app#/projects/7",
        "/projects/new": "/projects/new",
        "/projects": "/projects",
        "/board?view=gantt": "/board?view=gantt",
    }.get(better, "https://app.plan.example/projects/7")
    found = rules(*((better, worse) if first else (worse, better))).explain(url)
    assert found.rule is not None
    assert (found.rule.page_key, found.because) == (better, because)
    assert [rule.page_key for rule in found.others] == [worse]


def test_of_two_that_say_as_much_the_first_counts() -> None:
    found = rules("/**/tasks/**", "/**/mine/**").explain("/tasks/mine")
    assert (found.rule.page_key, found.because) == ("/**/tasks/**", "position")
    assert rules("/**/mine/**", "/**/tasks/**").page_of("/tasks/mine").page_key == "/**/mine/**"


def test_the_only_rule_and_none_are_said() -> None:
    known = rules("/projects/{id}/schedule", "/people/**", "/projects")
    assert known.explain("/people/7").because == "only"
    nothing = known.explain("/projects/harbour/schedule")
    assert (nothing.rule, nothing.because, nothing.others) == (None, "nothing", ())
    assert nothing.nearly == (Near(known.ordered[1], "{id}", "harbour"),)
    assert known.page_of("/elsewhere") is None
    assert Rules().explain("/").because == "nothing"


@pytest.mark.parametrize("part", ["7", "ab12", "2026-11-24", "a b", "x" * 49, "a" * 16, "_", "-"])
def test_things_have_ids(part: str) -> None:
    assert names_a_thing(part)


@pytest.mark.parametrize("part", ["schedule", "change-orders", "v2", "a", "índice", "a.b_c~d"])
def test_screens_have_words(part: str) -> None:
    assert not names_a_thing(part)


PIECES = [
    "/",
    "//",
    "#/",
    "#!/",
    "?",
    "a",
    "7",
    "..",
    ".",
    "{id}",
    "*",
    "**",
    "%2F",
    "%25",
    "é",
    "İ",
    "ß",
    "ﬁ",
    "\\",
    ";",
    "https://",
    "x.example",
    ":80",
    "@",
    "=",
    "&",
    "%00",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
]
urls = st.text(max_size=400) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(urls)
def test_a_normal_form_is_its_own(url: str) -> None:
    form = normal(url)
    assert normal(form) == form
    assert len(form) <= LONGEST_PATTERN


@given(urls)
def test_a_rule_made_of_a_normal_form_fits(url: str) -> None:
    form = normal(url)
    if len(form) < LONGEST_PATTERN - 50:  # nothing was cut
        assert fits(form, url)


@given(urls, st.lists(urls, max_size=6))
def test_the_rule_that_counts_is_the_first_of_those_that_fit(url: str, others: list[str]) -> None:
    known = rules(*{normal(other) for other in [*others, url]}, "/**")
    found, address = known.explain(url), read(url)
    assert [found.rule, *found.others] == [
        rule for rule in known.ordered if rule.pattern.fits(address)
    ]
    assert known.page_of(url) is found.rule


parts = st.lists(st.sampled_from(["a", "b", "7"]), max_size=7)
wanted = st.lists(st.sampled_from(["a", "b", "{id}", "*", "**"]), max_size=6)


@given(wanted, parts)
def test_it_fits_as_one_would_try_by_hand(wanted: list[str], parts: list[str]) -> None:
    def by_hand(wanted: list[str], parts: list[str]) -> bool:
        if not wanted:
            return not parts
        if wanted[0] == "**":
            return any(by_hand(wanted[1:], parts[taken:]) for taken in range(len(parts) + 1))
        takes = parts and wanted[0] in ("*", parts[0], "{id}" if parts[0] == "7" else "*")
        return bool(takes) and by_hand(wanted[1:], parts[1:])

    assert fits("/" + "/".join(wanted), "/" + "/".join(parts)) == by_hand(wanted, parts)


@pytest.mark.parametrize(
    "url",
    [
        "/a" * 5000,
        "/.." * 5000,
        "/%00" * 3000,
        "#/" + "a/" * 5000,
        "?" + "a=b&" * 3000,
        "x." * 5000,
        "a" * 10_000,
        "/" + "é" * 10_000,
        "https://" + "[" * 10_000,
        "/" + "a-" * 5000,
        "%" * 10_000,
    ],
)
def test_hostile_addresses_cost_little(url: str) -> None:
    known = rules(*("/**/a" * n + "/**/b" for n in range(1, 19)), "/{id}/**", "#/**/a/**/c")
    begun = time.process_time()
    known.explain(url)
    assert normal(normal(url)) == normal(url)
    assert time.process_time() - begun < 0.5
