from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from portal.core.secrets import mask
from portal.foundation.markup import Folded, fold_quotes, mentions_in, plain, render
from portal.foundation.markup.parsing import LONGEST, MOST_BRACKETS

Element = tuple[str, dict[str, str | None]]
OWN = "/tickets/1042/attachments/0190abcd-1234-7abc/preview"


class Reader(HTMLParser):
    """Collects the elements and the text as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.words = ""
        self.feed(str(html))  # Markup would escape what is added to it
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def elements(html: str, tag: str) -> list[dict[str, str | None]]:
    return [attributes for name, attributes in Reader(html).elements if name == tag]


BARE = "p br hr h3 h4 h5 h6 blockquote pre code em strong s ul li table thead tbody tr th td"
ALLOWED: dict[str, set[str]] = {
    **{tag: set() for tag in BARE.split()},
    "ol": {"start"},
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "span": {"class"},
}


def assert_harmless(html: str) -> None:
    for tag, attributes in Reader(html).elements:
        assert tag in ALLOWED, html
        assert set(attributes) <= ALLOWED[tag], html
        if tag == "a" and "href" in attributes:
            address = attributes["href"] or ""
            assert address.startswith(("http://", "https://", "mailto:", "tel:", "/")), html
            assert not address.startswith(("//", "/\\")), html
            assert attributes["rel"] == "noopener nofollow ugc"
        if tag == "img":
            assert (attributes["src"] or "").startswith("/"), html
            assert "attachments" in (attributes["src"] or "")
        if tag == "span":
            assert attributes["class"] in ("mention", "masked")


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=data:text/html,x>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<style>@import 'https://evil.example'</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<link rel=stylesheet href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example>",
    "<form action=https://evil.example><button>x</button></form>",
    "<img srcset='https://evil.example 1x'>",
    "<video><source onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php alert(1) ?>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;&#x61;vascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://example.com/1)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\/evil.example)",
    "[x](/logout)",
    "[x](#fragment)",
    "[x](?page=2)",
    "[x](https://a.example 'a\" onmouseover=\"alert(1)')",
    '[x](https://a.example/"onmouseover="alert(1))',
    "<javascript:alert(1)>",
    "<https://a.example/\"onclick='alert(1)'>",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "![x](//evil.example/pixel.png)",
    "![x](data:image/png;base64,AAAA)",
    "![x](/logout)",
    "![x](/attachments/../logout)",
    "![x](/attachments/%2e%2e/logout)",
    "![x](/attachments/12345678?next=//evil.example)",
    '![a" onerror="alert(1)](/attachments/0190abcd-1234)',
    "[![x](https://evil.example/p.png)](https://a.example)",
    "```html\n<script>alert(1)</script>\n```",
    '```" onclick="alert(1)\nx\n```',
    "`<img src=x onerror=alert(1)>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | c |",
    "# <img src=x onerror=alert(1)>",
    "@<img/src=x>",
    "@ana<script>",
    "⟦password⟧<script>alert(1)</script>",
    "⟦<script>alert(1)</script>⟧",
    'https://a.example/"onclick=alert(1)',
    "https://a.example/<script>alert(1)</script>",
    "http://javascript:alert(1)@a.example",
    "a@b.example\"onclick='alert(1)'",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<scr<script>ipt>alert(1)</script>",
    "\ud800<script>",
    "*a*" * 3000 + "<script>alert(1)</script>",
    "[" * (MOST_BRACKETS + 1) + "<script>alert(1)</script>",
    "x" * (LONGEST + 1) + "<img src=x onerror=alert(1)>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_survives(text):
    assert_harmless(render(text))


def test_the_corpus_is_as_large_as_promised():
    assert len(HOSTILE) >= 40


@given(st.text(max_size=200))
def test_any_text_is_harmless(text):
    assert_harmless(render(text))


@given(st.lists(st.sampled_from([*"<>[]()!\"'`*_~|&#:/\\@\n\t ", *HOSTILE[:60]]), max_size=12))
def test_any_mixture_of_hostile_pieces_is_harmless(pieces):
    assert_harmless(render("".join(pieces)))


def test_raw_html_is_shown_as_it_was_typed():
    assert Reader(render("use <b>bold</b> & &amp;")).words.strip() == "use <b>bold</b> & &"


# What works


def test_the_usual_signs():
    html = render("**a** *b* ~~c~~ `d`\n\n> e\n\n- f\n\n3. g\n\n---\n\n```\nh\n```")
    tags = [tag for tag, _ in Reader(html).elements]
    for tag in ("strong", "em", "s", "code", "blockquote", "ul", "li", "hr", "pre"):
        assert tag in tags
    assert elements(html, "ol") == [{"start": "3"}]


def test_the_result_is_not_escaped_again_by_templates():
    assert isinstance(render("a"), Markup)


def test_line_breaks_are_kept():
    assert render("one\r\ntwo") == "<p>one<br>\ntwo</p>\n"


def test_tables():
    html = render("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert len(elements(html, "td")) == 2


def test_headings_stay_below_those_of_the_page():
    html = render("# one\n\n## two\n\n###### six")
    assert [tag for tag, _ in Reader(html).elements] == ["h3", "h4", "h6"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("[x](https://a.example/p?q=1#r)", "https://a.example/p?q=1#r"),
        ("[x](http://a.example)", "http://a.example"),
        ("[x](mailto:ana@a.example)", "mailto:ana@a.example"),
        ("[x](tel:+34612345678)", "tel:+34612345678"),
        ("[plan](/tickets/7/attachments/0190abcd-1234)", "/tickets/7/attachments/0190abcd-1234"),
        ("<https://a.example>", "https://a.example"),
        ("see https://a.example/x.", "https://a.example/x"),
        ("(https://a.example/x)", "https://a.example/x"),
        ("https://a.example/x_(y)", "https://a.example/x_(y)"),
        ("**https://a.example/x**", "https://a.example/x"),
        ("“https://a.example/x”,", "https://a.example/x"),
        ("write to ana+1@a.example.", "mailto:ana+1@a.example"),
        ("![x](https://a.example/p.png)", "https://a.example/p.png"),
    ],
)
def test_links(text, address):
    assert [link["href"] for link in elements(render(text), "a")] == [address]


@pytest.mark.parametrize(
    "text", ["main.py", "example.com", "a@b", "see a/b@c.example/x", "`https://a.example`", "v1.2"]
)
def test_not_everything_is_a_link(text):
    assert elements(render(text), "a") == []


def test_our_own_pictures_are_shown_and_others_become_links():
    html = render(f"![plan]({OWN}) ![cat](https://track.example/cat.png)")
    assert elements(html, "img") == [{"src": OWN, "alt": "plan", "loading": "lazy"}]
    assert [link["href"] for link in elements(html, "a")] == ["https://track.example/cat.png"]
    assert "cat" in Reader(html).words


def test_a_foreign_picture_without_words_shows_its_address():
    assert "https://track.example/p.png" in Reader(render("![](https://track.example/p.png)")).words


def test_a_foreign_picture_inside_a_link_leaves_one_link():
    html = render("[![cat](https://track.example/cat.png)](https://a.example)")
    assert [link["href"] for link in elements(html, "a")] == ["https://a.example"]


# Mentions and masked secrets


def test_mentions_stand_out():
    html = render("Hi @ana.garcia, ask @José-Luis. Mail bo@a.example, not `@code`.")
    assert elements(html, "span") == [{"class": "mention"}] * 2
    assert "@ana.garcia" in html


def test_mentions_are_listed_once_and_in_order():
    text = "@bo and @ana.\n\n- @bo\n\n**@carol** [@link](https://a.example) `@code`\n\n> @quoted"
    assert mentions_in(text) == ["bo", "ana", "carol"]


@pytest.mark.parametrize(
    "text", ["ana@a.example", "a@b", "@", "@ ana", "@@", "https://a.example/@ana", "```\n@ana\n```"]
)
def test_what_is_no_mention(text):
    assert mentions_in(text) == []


def test_a_wall_of_signs_mentions_nobody():
    assert mentions_in("[" * 50_000 + " @ana") == []


def test_masked_secrets_stand_out_in_the_reader_s_words():
    text = mask("my password: Hunter2! fails").text
    assert elements(render(text), "span") == [{"class": "masked"}]
    assert "password removed" in render(text)
    spanish = {"password": "contraseña eliminada"}
    assert "contraseña eliminada" in render(text, masked=lambda kind: spanish[kind])


def test_masked_words_are_escaped():
    assert "<b>" not in render("⟦password⟧", masked=lambda kind: "<b>")


def test_a_masked_secret_in_a_link_stands_out_too():
    assert elements(render("[⟦api token⟧](https://a.example)"), "span") == [{"class": "masked"}]


# Bounds


KNOTS = [
    *("[", "![", "](", "[a](", "[a]: /b\n", "*", "*a ", "**a ", "_a*", "~~a", "`", "``a`"),
    *("> ", ">", "- ", "  - a\n", "1. ", "| ", "|-|\n", "<", "<a", "&", "&#", "\\", "#", "\t"),
    *("http://a.", "https://a.example/((", "www.a", "a@b.c ", "a@", "@a", "@", "⟦", "⟦password⟧"),
    *("On a\n", "On a wrote:\n", "From: a\n", "_" * 20 + "\n", "--", "x\n", "(", "\n", " ", "a"),
]


@pytest.mark.parametrize("piece", KNOTS)
@pytest.mark.parametrize("work", [render, plain, mentions_in, fold_quotes])
@pytest.mark.timeout(30)
def test_fifty_thousand_signs_are_soon_done(work, piece):
    """Half a second at worst; without bounds, some of these take a minute."""
    work((piece * 50_000)[:50_000])


def test_a_text_too_knotty_for_markdown_is_shown_as_typed():
    html = render("[" * 50_000 + "\n**b** <i>")
    assert html.endswith("<br>\n**b** &lt;i&gt;</p>")
    assert plain(" [" + "[" * 50_000) == "[" * 50_001


def test_deep_quotes_and_lists_are_bounded():
    html = render("> " * 5000 + "a\n\n" + "".join("  " * n + "- a\n" for n in range(100)))
    assert len(elements(html, "blockquote")) <= 20
    assert len(elements(html, "ul")) <= 20


# Text for letters


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**Hi** *Ana*,\nsecond ~~line~~", "Hi Ana,\nsecond line"),
        ("# Title\n\ntext", "Title\n\ntext"),
        ("[our guide](https://a.example/g)", "our guide (https://a.example/g)"),
        ("https://a.example/g", "https://a.example/g"),
        ("[**bold** link](https://a.example)", "bold link (https://a.example)"),
        ("ana@a.example", "ana@a.example"),
        ("- a\n- b\n  - c", "- a\n- b\n  - c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n  more", "- a\n  more"),
        ("> a\n> b\n\nc", "> a\n> b\n\nc"),
        ("> > a", "> > a"),
        ("> - a\n> - b", "> - a\n> - b"),
        ("```\ncode\n  more\n```", "code\n  more"),
        ("a `b` c", "a b c"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n\nend", "a | b\n1 | 2\n\nend"),
        ("a\n\n---\n\nb", "a\n\n---\n\nb"),
        ("@ana ⟦password⟧", "@ana ⟦password⟧"),
        ("![plan](https://a.example/p.png)", "plan (https://a.example/p.png)"),
        ("a < b & c > d", "a < b & c > d"),
        ("\\*a\\* &copy;", "*a* ©"),
        ("<b>x</b>", "<b>x</b>"),
        ("1. a\n\n   b\n\n2. c", "1. a\n\n   b\n\n2. c"),
        ("", ""),
    ],
)
def test_plain_text(markdown, text):
    assert plain(markdown) == text


@given(st.text(max_size=200))
def test_any_text_can_be_made_plain(text):
    assert "\x00" not in plain(text)


@given(st.lists(st.text("abcñ ", min_size=1).filter(str.strip), min_size=1, max_size=5))
def test_words_without_signs_are_kept(paragraphs):
    words = [" ".join(paragraph.split()) for paragraph in paragraphs]
    assert plain("\n\n".join(words)) == "\n\n".join(words)


# Quotes


QUOTE = "> Hello Ana,\n> is it fixed?\n>\n> Bo"
ATTRIBUTIONS = [
    "On Tue, Nov 24, 2026 at 10:30 AM Bo <bo@a.example> wrote:",
    "On Tue, Nov 24, 2026 at 10:30 AM Bo Builder\n<bo@a.example> wrote:",
    "El mar, 24 nov 2026 a las 10:30, Bo (<bo@a.example>) escribió:",
    "El 24/11/2026 a las 10:30, Bo escribió:",
    "Le mar. 24 nov. 2026 à 10:30, Bo a écrit :",
    "Am 24.11.2026 um 10:30 schrieb Bo Builder:",
    "Em ter., 24 de nov. de 2026, Bo escreveu:",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_introduced_quote_is_folded_with_its_introduction(attribution):
    folded = fold_quotes(f"Yes, thanks!\n\nAna\n\n{attribution}\n\n{QUOTE}\n")
    assert folded == Folded("Yes, thanks!\n\nAna", f"{attribution}\n\n{QUOTE}")


@pytest.mark.parametrize(
    "divider",
    [
        "-----Original Message-----",
        "----- Mensaje original -----",
        "---------- Forwarded message ----------",
        "From: Bo <bo@a.example>\nSent: Tuesday, November 24, 2026 10:30",
        "De: Bo\nEnviado el: martes, 24 de noviembre de 2026 10:30",
        "**From:** Bo\n**Date:** Tuesday",
        "________________________________",
    ],
)
def test_everything_below_a_divider_is_folded(divider):
    old = f"{divider}\nSubject: Help\n\nIs it fixed?"
    assert fold_quotes(f"Yes!\n\n{old}") == Folded("Yes!", old)


def test_a_long_quote_without_introduction_is_folded():
    quote = "\n".join(f"> line {n}" for n in range(10))
    assert fold_quotes(f"Yes!\n\n{quote}") == Folded("Yes!", quote)


@pytest.mark.parametrize(
    "text",
    [
        "Just words.",
        "",
        "What does this mean?\n\n> Error 500",
        f"On Tue, 24 Nov 2026, Bo wrote:\n\n{QUOTE}\n\nYes, it is!",
        f"{QUOTE}\n\nYes, it is!",
        f"{ATTRIBUTIONS[0]}\n\n{QUOTE}",
        "\n".join(f"> line {n}" for n in range(10)),
        "From: the north\nwe can't see it",
        "On Monday Bo wrote:\nI will come",
    ],
)
def test_what_speaks_about_quotes_or_answers_below_them_stays_whole(text):
    assert fold_quotes(text) == Folded(text, "")


@given(st.text("a>\n On wrote:-_", max_size=200))
def test_folding_loses_no_word(text):
    folded = fold_quotes(text)
    assert (folded.fresh + folded.quoted).split() == text.split() or (
        "".join((folded.fresh + folded.quoted).split()) == "".join(text.split())
    )


def test_addresses_of_every_rendered_link_can_be_parsed():
    for text in HOSTILE:
        for link in elements(render(text), "a"):
            assert urlsplit(link["href"] or "").scheme in ("http", "https", "mailto", "tel", "")
