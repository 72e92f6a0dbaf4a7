import pytest

from portal.kb.markup import Link, Rendered, render
from tests.kb.markup.reading import FILE, PAPER, PICTURE, TOPIC, Page, known


def shown(source: str, language: str = "en") -> Rendered:
    return render(source, language=language, links=known)


def page(source: str, language: str = "en") -> Page:
    return Page(shown(source, language).html)


def kinds(rendered: Rendered) -> list[str]:
    return [problem.kind for problem in rendered.problems]


# headings


def test_headings_have_ids_from_their_words_and_make_the_outline() -> None:
    assert shown("## Set up *it*\n\n### `config` & more\n\n##### Deep").outline == [
        {"level": 2, "id": "set-up-it", "text": "Set up it"},
        {"level": 3, "id": "config--more", "text": "config & more"},
    ]


def test_the_same_heading_twice_has_two_ids() -> None:
    outline = shown("## Same\n\n## Same\n\n## Same 1\n\n## Same").outline
    assert [heading["id"] for heading in outline] == ["same", "same-1", "same-1-1", "same-2"]


@pytest.mark.parametrize("given", ["{#my-id}", "{ #my-id }"])
def test_an_id_can_be_given(given: str) -> None:
    rendered = shown(f"## Title {given}\n\n[there](#my-id)")
    assert rendered.outline == [{"level": 2, "id": "my-id", "text": "Title"}]
    assert '<a href="#my-id">there</a>' in rendered.html


@pytest.mark.parametrize("name", ["body", "Main", "toasts", "constructor", "note-1", "tabs-2"])
def test_no_id_is_one_of_our_pages_or_the_browser(name: str) -> None:
    rendered = shown(f"## {name} {{#{name}}}\n\n[there](#{name})")
    assert rendered.outline[0]["id"] != name
    assert f'<a href="#{rendered.outline[0]["id"]}">there</a>' in rendered.html


def test_words_of_any_language_make_an_id() -> None:
    assert shown("## ¿Cómo añado una obra?").outline[0]["id"] == "cómo-añado-una-obra"
    assert shown("## 🚀").outline[0]["id"] == "section"


def test_the_title_of_the_page_stays_the_only_one_of_its_level() -> None:
    rendered = shown("# One\n\n## Two")
    assert [heading["level"] for heading in rendered.outline] == [2, 3]
    assert "<h1" not in rendered.html


# links


def test_links_to_articles_are_found_in_all_ways_of_writing_them() -> None:
    rendered = shown("[a](/kb/setup) [b](/kb/es/setup#x) [c](setup) [d](gone)")
    assert [a["href"] for a in Page(rendered.html).all("a")] == [
        "corbel:/kb/en/setup",
        "corbel:/kb/es/setup#x",
        "corbel:/kb/en/setup",
    ]
    assert '<span class="broken-link">d</span>' in rendered.html
    assert rendered.links == [
        Link("/kb/setup", TOPIC, ""),
        Link("/kb/es/setup#x", TOPIC, "x"),
        Link("setup", TOPIC, ""),
        Link("gone", None, ""),
    ]
    assert kinds(rendered) == ["broken_link"]


def test_what_is_asked_is_asked_once() -> None:
    asked = []
    render(
        "[a](setup) [b](setup#x) ![](gone) ::video[v]", links=lambda all: asked.append(all) or {}
    )
    assert len(asked) == 1
    assert len(asked[0]) == 2


def test_links_that_lead_outside_give_no_rank_away() -> None:
    assert page("[a](https://example.com/ä?b=1) https://example.org/x").all("a") == [
        {"href": "https://example.com/%C3%A4?b=1", "rel": "nofollow noopener"},
        {"href": "https://example.org/x", "rel": "nofollow noopener"},
    ]


def test_anchors_within_the_page_are_checked() -> None:
    rendered = shown("[a](#there) [b](#nowhere)\n\n## There")
    assert [a["href"] for a in Page(rendered.html).all("a")] == ["#there"]
    assert kinds(rendered) == ["broken_anchor"]


def test_problems_have_the_line() -> None:
    rendered = shown("a\n\n- b\n- [x](gone)\n\n:::note\n[y](javascript:alert(1))\n:::")
    assert [(one.line, one.kind) for one in rendered.problems] == [
        (4, "broken_link"),
        (7, "refused_link"),
    ]


# pictures, files, videos


def test_a_picture_has_its_size_and_loads_when_it_is_needed() -> None:
    rendered = shown(f"See ![A plan]({PICTURE}) here")
    (picture,) = Page(rendered.html).all("img")
    assert picture["src"] == f"corbel:{PICTURE}"
    assert (picture["width"], picture["height"]) == ("640", "400")
    assert picture["loading"] == "lazy"
    assert [str(file) for file in rendered.files] == [FILE]


def test_a_picture_alone_with_a_title_is_a_figure() -> None:
    html = shown(f'![A plan]({PICTURE} "The **plan**")').html
    assert html.startswith('<figure class="figure"><img ')
    assert "<figcaption>The **plan**</figcaption></figure>" in html


def test_a_file_that_is_no_picture_is_offered() -> None:
    html = shown(f"![Our plan](/kb/files/{PAPER}/plan.pdf)").html
    assert html == f'<p><a href="corbel:/kb/files/{PAPER}/plan.pdf">Our plan</a></p>\n'


def test_pictures_of_others_become_links() -> None:
    rendered = shown("![A plan](https://example.com/p.png)")
    assert "<img" not in rendered.html
    assert '<a href="https://example.com/p.png"' in rendered.html
    assert kinds(rendered) == ["outside_picture"]


def test_a_missing_picture_leaves_its_words() -> None:
    rendered = shown("![A plan](/img/plan.png)")
    assert Page(rendered.html).words.strip() == "A plan"
    assert kinds(rendered) == ["missing_file"]


def test_a_video_is_a_link_with_a_mark() -> None:
    rendered = shown("::video[daily-log]")
    assert rendered.videos == ["daily-log"]
    assert rendered.html == (
        '<p class="video" data-video="daily-log">'
        '<a href="corbel:/kb/en/videos/daily-log">A film</a></p>\n'
    )
    assert kinds(shown("::video[gone]")) == ["missing_video"]


# directives


@pytest.mark.parametrize("kind", ["note", "tip", "info", "caution", "warning", "danger"])
def test_callouts_have_a_kind_and_a_title(kind: str) -> None:
    html = shown(f":::{kind}\nText\n:::").html
    assert f'class="callout callout--{kind}" role="note"' in html
    assert f'<p class="callout__title">{kind.title()}</p>' in html


def test_titles_that_an_article_did_not_bring_are_in_its_language() -> None:
    assert "Advertencia" in page(":::warning\nTexto\n:::", "es").words


@pytest.mark.parametrize(
    "opening", [":::tip[Use `x`]", ":::tip Use `x`", "::: tip Use `x`", ":::tip[Use `x`]{.c}"]
)
def test_titles_are_written_in_either_way(opening: str) -> None:
    html = shown(f"{opening}\nText\n:::").html
    assert '<p class="callout__title">Use <code>x</code></p>' in html


def test_callouts_stand_in_one_another() -> None:
    for source in (
        "::::note\n:::tip\na\n:::\nb\n::::\nc",
        ":::note\n:::tip\na\n:::\nb\n:::\nc",
        "::::note\n:::tip\na\n\n::::\nc",
    ):
        html = shown(source).html
        assert html.index("callout--note") < html.index("callout--tip") < html.index("<p>a")
        assert html.endswith("</div></div>\n<p>c</p>\n")


def test_fences_in_code_are_code() -> None:
    html = shown(":::note\n```md\n:::\n```\nstill\n:::\nafter").html
    assert html.index("<p>still</p>") < html.index("</div></div>") < html.index("<p>after</p>")


def test_directives_stand_in_lists() -> None:
    html = shown("1. One\n\n   :::tip\n   Text\n   :::\n2. Two").html
    assert html.count("<li>") == 2
    assert html.index("callout--tip") < html.index("</li>")


def test_what_nobody_closed_ends_with_the_text() -> None:
    assert shown(":::note\n:::tip\ntext").html.endswith("<p>text</p>\n</div></div>\n</div></div>\n")


def test_steps_are_a_list() -> None:
    assert shown(":::steps\n1. One\n2. Two\n:::").html.startswith('<div class="steps"><ol><li>')


def test_tabs_are_parts_with_a_label_each() -> None:
    html = shown(":::tabs\nBefore\n\n::tab[npm]\nA\n\n:::note\nx\n:::\n::tab[yarn]\nB\n:::").html
    assert html.startswith('<div class="tabs"><p>Before</p>')
    assert html.count('<section class="tab">') == 2
    assert '<p class="tab__label">yarn</p><p>B</p>' in html


def test_details_have_a_summary() -> None:
    html = shown(":::details[More]\nText\n:::").html
    assert html == "<details><summary>More</summary><p>Text</p>\n</details>\n"
    assert "Detalles" in shown(":::details\nText\n:::", "es").html


def test_what_nobody_knows_shows_its_words() -> None:
    rendered = shown(":::youtube[A film]\nText\n:::")
    assert rendered.html == "<p><strong>A film</strong></p>\n<p>Text</p>\n"
    assert kinds(rendered) == ["unknown_directive"]


# code, tables, lists, notes


def test_code_has_its_language_and_title() -> None:
    html = shown('```js title="app.js" {1,3}\nlet a = "<b>"\n```').html
    assert html == (
        '<figure class="code"><figcaption>app.js</figcaption><pre tabindex="0" '
        'data-language="js"><code>let a = "&lt;b&gt;"\n</code></pre></figure>\n'
    )


def test_tables_can_be_moved_on_narrow_screens() -> None:
    html = shown("| a | b |\n|--:|:-:|\n| 1 | 2 |").html
    assert 'class="table-wrap" role="group" tabindex="0" aria-label="Table"' in html
    assert '<th scope="col" class="end">a</th>' in html
    assert '<td class="centre">2</td>' in html


def test_tasks_say_whether_they_are_done() -> None:
    spans = page("- [x] a\n- [ ] b\n- c", "es").all("span")
    assert [span["aria-label"] for span in spans] == ["Terminado", "Por hacer"]


def test_notes_lead_there_and_back() -> None:
    html = shown("a[^1] b[^1]\n\n[^1]: The note").html
    assert html.count('href="#note-1"') == 2
    assert '<li id="note-1">' in html
    assert 'href="#noteref-1-0"' in html
    assert 'href="#noteref-1-1"' in html


# HTML of the author's


def test_a_safe_part_of_html_works() -> None:
    source = (
        "Press <kbd>Ctrl</kbd>, H<sub>2</sub>O, <abbr title='x'>y</abbr><br>z\n\n"
        "<details open><summary>S</summary>\n\n*inside*\n\n</details>"
    )
    html = shown(source).html
    for part in (
        "<kbd>Ctrl</kbd>",
        "<sub>2</sub>",
        '<abbr title="x">y</abbr><br>',
        "<details open",
    ):
        assert part in html
    assert "<em>inside</em>" in html


def test_html_can_point_at_what_is_ours() -> None:
    rendered = shown(f'<p align="center"><a href="setup"><img src="{PICTURE}" alt="A"></a></p>')
    assert f'<a href="corbel:/kb/en/setup"><img src="corbel:{PICTURE}" alt="A"' in rendered.html


def test_a_film_of_others_becomes_a_link() -> None:
    html = shown('<iframe src="https://www.youtube.com/embed/x"></iframe>').html
    assert '<a href="https://www.youtube.com/embed/x"' in html


def test_html_that_ends_what_it_did_not_begin_ends_nothing() -> None:
    html = shown(":::note\n</div></div></aside>\n\ntext\n:::").html
    assert html.index("<p>text</p>") < html.index("</div></div>")


# words


def test_words_for_the_search_have_no_signs() -> None:
    text = shown(
        "## A *b*\n\n[c](setup) `d` <kbd>e</kbd>\n\n| f | g |\n|-|-|\n\n:::note[H]\ni\n:::\n\n"
        "```\nj\n```\n\n<details><summary>k</summary>l</details>"
    ).text
    assert text.split() == list("Abcdefg") + list("Hijkl")


def test_the_lead_is_the_first_paragraph() -> None:
    lead = shown(
        f":::note\nNot this\n:::\n\n![x]({PICTURE})\n\nThe *first* one.\n\nThe second."
    ).lead
    assert lead == "The first one."
    assert len(shown("word " * 200).lead) <= 301


def test_the_same_text_gives_the_same_html() -> None:
    source = "## A\n\n[b](setup) ![c](/kb/files/x)\n\n:::note\nd\n:::"
    assert shown(source) == shown(source)
