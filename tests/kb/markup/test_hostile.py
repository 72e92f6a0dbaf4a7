import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kb.markup import LONGEST, render
from portal.kb.markup.showing import at_root
from tests.foundation.test_markup import HOSTILE as OF_TICKETS
from tests.kb.markup.reading import FILE, PICTURE, Page, assert_harmless, known

HANDLERS = [
    f"<{tag} {handler}=alert(1)>x</{tag}>"
    for tag in ("p", "kbd", "details", "table", "a", "img", "li", "summary", "video")
    for handler in ("onclick", "ONTOGGLE", "onpointerrawupdate")
]
OURS = [
    "<a href='corbel:/logout'>x</a>",
    "[x](corbel:/logout)",
    "<corbel:/logout>",
    "![x](corbel:/kb/files/x)",
    'title="corbel:/x"',
    '`href="corbel:/logout"`',
    '[x](https://a.example "corbel:/x")',
    '<abbr title="corbel:/x">x</abbr>',
    "[x](/kb/files/../../logout)",
    f"![x](/kb/files/{FILE}/../../../logout)",
    f"![x](/kb/files/{FILE}/%2e%2e%2f)",
    f'![x]({PICTURE} "\\"><script>alert(1)</script>")',
    f'![x" onerror="alert(1)]({PICTURE})',
    f"<img src='{PICTURE}' srcset='https://evil.example 1x' onerror=alert(1)>",
    f"<img src={PICTURE} style=position:fixed width=9999 class=broken-link>",
    "[x](/kb/../logout)",
    "[x](/sign-out)",
    '[x](/kb/en/a"onclick=alert(1))',
    '[x](setup#"><script>alert(1)</script>)',
    '[x](#"><script>alert(1)</script>)\n\n## a {#"><script>}',
    '<div class="callout callout--danger">x</div>',
    '<p class="button button--primary">Pay</p>',
    '<span class="badge">x</span>',
    '<kbd class="visually-hidden">x</kbd>',
    '<p id="main">x</p>',
    '<img name="body" id="cookie" src=x>',
    "## x {#body}",
    "## x {#__proto__}",
    '## x {#a" onclick=alert(1)}',
    "## x {#a}\n\n## y {#a}",
    "## note-1\n\nx[^1]\n\n[^1]: y",
    "<h2 id=a>x</h2>\n\n## a",
    '<a href="#x" hx-get="/tickets" hx-trigger="load">x</a>',
    '<p data-hx-post="/sign-out" hx-on:click="alert(1)">x</p>',
    '<p data-video="x" data-dialog="y" role="alert" aria-hidden="true">x</p>',
    '<a href="https://a.example" target="_top" download ping="https://b.example">x</a>',
    '<form action="/tickets" method="post"><input name="x"><button>Go</button></form>',
    '<button formaction="javascript:alert(1)">x</button>',
    "<td>x</td></table></div></div></main><script>alert(1)</script>",
    '<td colspan="999999999" rowspan="-1">x</td>',
    '<ol start="99999999999999999999">',
]
DIRECTIVES = [
    ":::note[<script>alert(1)</script>]\nx\n:::",
    ":::note[<img src=x onerror=alert(1)>]\nx\n:::",
    ':::"><script>\nx\n:::',
    ':::note{onclick="alert(1)" .button #main}\nx\n:::',
    ":::details[</summary><script>alert(1)</script>]\nx\n:::",
    ":::tabs\n::tab[<img src=x onerror=alert(1)>]\nx\n:::",
    "::tab[alone]",
    ":::tabs\n:::",
    ":::tabs\n::tab[]\n:::",
    ":::steps\nno list\n:::",
    '::video["><script>alert(1)</script>]',
    "::video[../../logout]",
    "::video[]",
    ":::",
    "::::::::::::::::",
    ":::note",
    ":::note\n::::tip\n:::::info\nx",
    "> :::note\n> x\n\ny\n:::",
    "- :::note\n:::\n- x",
    "1. a\n:::steps\n2. b\n:::",
    '```js" onclick="alert(1)\nx\n```',
    '```js title="\\"><script>alert(1)</script>"\nx\n```',
    "```<script>\nx\n```",
    "| <script>alert(1)</script> | <td onclick=alert(1)> |\n|---|---|\n| </table><script> | x |",
    "[^<script>]: x\n\ny[^<script>]",
    "[^1]: [^1]\n\nx[^1]",
    "<script>\n:::note\nx\n:::\n</script>",
    "<style>\n.callout { display: none }\n</style>\ntext",
    "<textarea>\n</textarea><img src=x onerror=alert(1)>",
    "<title></title><img src=x onerror=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<select><option><script>alert(1)</script></select>",
    "<b <script>alert(1)</script>>x</b>",
    "<kbd title='a>b' onclick='alert(1)'>x</kbd>",
    "<kbd\x00onclick=alert(1)>x</kbd>",
    "<a href='&#x6A;avascript:alert(1)'>x</a>",
    "<a href=' java\nscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href=vbscript:x>y</a>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe src='//evil.example'></iframe>",
    "<video src=x onerror=alert(1)><source src='data:video/mp4,x'></video>",
    "<embed src='https://evil.example/x.swf'>",
    "<object data='data:text/html,x'><img src=x onerror=alert(1)></object>",
    "<p><table><p><a href='https://a.example'><table><a>",
    "<pre>\n\n<code><script>alert(1)</script>",
    "{/* x */} <Tabs><script>alert(1)</script></Tabs> {alert(1)}",
    "\ud800\udfff\ufffe\x00<script>alert(1)</script>",
    "\u202e<script>alert(1)</script>",
]
HOSTILE = [*OF_TICKETS, *HANDLERS, *OURS, *DIRECTIVES]


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) >= 150


@pytest.mark.parametrize("source", HOSTILE)
def test_no_fragment_does_harm(source: str) -> None:
    wraps = (
        "{}",
        ":::note[T]\n{}\n:::",
        "- {}\n\n> {}\n",
        "## {}",
        "| a |\n|---|\n| {} |",
        "<p>{}</p>",
    )
    for wrap in wraps:
        assert_harmless(render(wrap.replace("{}", source), links=known).html)


@pytest.mark.parametrize("source", HOSTILE)
def test_only_what_the_renderer_wrote_gets_the_root_of_a_site(source: str) -> None:
    html = render(source, links=known).html
    for _, attributes in Page(str(at_root(html, "https://site.example"))).elements:
        for name, value in attributes.items():
            assert "site.example" not in value or (
                name in ("href", "src") and value.startswith("https://site.example/kb/")
            )


def test_what_authors_type_of_our_mark_stays_as_they_typed_it() -> None:
    html = render('a="corbel:/b" `c="corbel:/d"` <abbr title="corbel:/e">f</abbr>').html
    page = Page(str(at_root(html, "/b/acme")))
    assert 'a="corbel:/b" c="corbel:/d"' in page.words
    assert page.all("abbr") == [{"title": "corbel:/e"}]


PIECES = st.sampled_from(
    [
        *("<", ">", '"', "'", "=", "`", "```\n", "[", "](", ")", "!", "#", "\n", "\n\n", " ", "|"),
        *(":::", ":::note", "::tab[", ":::tabs\n", "- ", "1. ", "> ", "    ", "{#", "}", "[^1]"),
        *("<a href=", "<img src=", "<script", "</", "<details>", "<!--", "-->", "<table><tr><td>"),
        *("javascript:", "data:", "corbel:/", "onclick=", "class=", "id=", "&#106;", "&lt;", "\\"),
        *("setup", "/kb/en/setup", PICTURE, "https://a.example/", "body", "\x00", "\ud800", "é"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_nothing_that_is_put_together_does_harm(source: str) -> None:
    rendered = render(source, links=known)
    assert_harmless(rendered.html)
    assert "corbel:" not in str(at_root(rendered.html, "")).replace("corbel:/", "", 0) or (
        "corbel:" in source
    )


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_no_text_does_harm(source: str) -> None:
    assert_harmless(render(source, links=known).html)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=30))
def test_no_word_is_lost(word: str) -> None:
    for wrap in (
        "{}",
        ":::what[{}]",
        ":::tabs\n::tab[{}]\n",
        "<what>{}</what>",
        "- [x] {}",
        "::: {}",
    ):
        assert word in Page(render(wrap.replace("{}", word)).html).words


KNOTTY = {
    "brackets": "[" * 50_000,
    "few brackets": "[" * 2_400,
    "pictures": "![" * 2_400,
    "links": "[a](b) " * 9_000,
    "ten megabytes": "many words and more\n" * 500_000,
    "one word": "a" * LONGEST,
    "quotes": "> " * 5_000 + "deep",
    "lists": "".join(f"{'  ' * depth}- a\n" for depth in range(500)),
    "stars": "*a **b " * 4_000,
    "unclosed directives": ":::note\n" * 19_000,
    "unclosed tabs": ":::tabs\n::tab[a]\n" * 9_000,
    "columns": "|a" * 1_000 + "|\n" + "|-" * 1_000 + "|\n" + "|b\n" * 5_000,
    "rows": "|a|b|\n|-|-|\n" + "|1|2|\n" * 9_900,
    "notes": "".join(f"[^{i}]: x\n\n" for i in range(2_000)) + "x[^1]" * 2_000,
    "the same heading": "# a\n" * 19_000,
    "half tags": ('<a "' * 200 + "\n\n") * 100,
    "comments": "<!--" * 2_400,
    "svg": ("<svg>" * 200 + "\n\n") * 100,
    "addresses": ("https://example.com/a " * 800 + "\n\n") * 20,
    "bold": "<b>" * 2_400,
    "colons": ":" * LONGEST,
    "spaces": " " * LONGEST,
}


@pytest.mark.parametrize("name", KNOTTY)
def test_the_work_is_bounded(name: str) -> None:
    began = time.process_time()
    rendered = render(KNOTTY[name], links=known)
    assert time.process_time() - began < 10, "a wall far away; each takes less than two seconds"
    assert_harmless(rendered.html[:200_000].rpartition("<")[0])


@pytest.mark.parametrize(
    "source", ["> " * 200 + "deep", "- " * 200 + "deep", "[" * 50_000 + "deep"]
)
def test_what_is_too_deep_is_shown_as_it_was_typed(source: str) -> None:
    rendered = render(source)
    assert "deep" in Page(rendered.html).words
    assert [problem.kind for problem in rendered.problems] == ["as_typed"]
