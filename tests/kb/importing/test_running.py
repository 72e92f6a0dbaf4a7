from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Row, select
from sqlalchemy.orm import Session, joinedload

from portal.core.audience import Audience
from portal.foundation.db import make_engine, reading, session_factory
from portal.foundation.runtime import Runtime
from portal.foundation.storage import Store
from portal.foundation.tenancy import PLATFORM, see
from portal.kb.exporting import export
from portal.kb.importing.report import Report
from portal.kb.importing.tree import NoPages
from portal.kb.models import Article, Category, KbFile, Redirect, Topic, Video
from portal.kb.service import drafting, publishing
from tests.fixtures.world import NOW
from tests.kb.importing.growing import grow, imported, rehearsed
from tests.kb.making import changed, published

DOCUSAURUS = {
    "docusaurus.config.js": "module.exports = { baseUrl: '/kb/', i18n: {defaultLocale: 'en'} }",
    "docs/intro.md": "---\nslug: /\ntitle: Start\n---\n\nSee [set up](guides/02-setup.md#go).",
    "docs/guides/_category_.json": '{"label": "All guides", "position": 2}',
    "docs/guides/02-setup.md": "# Set up\n\n## Go\n\n![plan](./img/plan.png)"
    " [x](/docs/guides/crew)",
    "docs/guides/01-crew.mdx": (
        "---\ntitle: A crew\ndescription: Who works\ntags: [people]\nkeywords: [gang]\n---\n\n"
        "import Part from './_part.mdx'\n\n<Part />\n\n![logo](/img/logo.png) [gone](./gone.md)"
    ),
    "docs/guides/_part.mdx": "Words of a part.",
    "docs/guides/img/plan.png": "",
    "docs/draft.md": "---\ndraft: true\n---\nx",
    "static/img/logo.png": "",
    "i18n/es/docusaurus-plugin-content-docs/current/guides/02-setup.md": (
        "# Preparar\n\n![plano](./img/plan.png) [cuadrilla](./01-crew.mdx)"
    ),
}
STARLIGHT = {
    "astro.config.mjs": "",
    "src/content/docs/index.mdx": "---\ntitle: Home\nhero:\n  tagline: All of it\n---\n",
    "src/content/docs/guides/b.mdx": (
        "---\ntitle: B\nsidebar:\n  order: 1\n---\n\n:::caution[Mind]\nA\n:::\n\n[a](/guides/a/#x)"
        " [rel](../a/) [logo](../../../assets/l.png)"
    ),
    "src/content/docs/guides/a.md": "---\ntitle: A\nsidebar: {order: 2}\n---\n\n{literal} text",
    "src/content/docs/es/guides/a.md": "---\ntitle: La A\n---\n\n[b](/es/guides/b/)",
    "src/assets/l.png": "",
}


@pytest.fixture
def engine(runtime: Runtime) -> Engine:
    return runtime.engine


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def article(session: Session, slug: str, language: str = "en") -> Article:
    rows = select(Article).where(Article.slug == slug, Article.language == language)
    session.commit()  # to see what the import has written
    anew = rows.options(joinedload(Article.topic)).execution_options(populate_existing=True)
    return session.scalars(anew).one()


def what(report: Report) -> list[tuple[str, str]]:
    return sorted((one.file, one.what) for one in report.problems)


def test_a_docusaurus_tree_becomes_articles(
    engine: Engine, session: Session, store: Store, tmp_path: Path
) -> None:
    tree = grow(tmp_path / "site", DOCUSAURUS)
    report = imported(engine, store, tree)
    assert (report.created, report.skipped, report.pictures) == (3, 1, 2)
    assert what(report) == [("draft.md", "draft"), ("guides/01-crew.mdx", "broken_link")]
    start, setup, crew = (
        article(session, slug) for slug in ("home", "guides-setup", "guides-crew")
    )
    assert 'href="corbel:/kb/en/guides-setup#go"' in start.body_html
    assert setup.title == "Set up"
    assert 'width="1" height="1"' in setup.body_html
    assert 'href="corbel:/kb/en/guides-crew"' in setup.body_html
    assert "Words of a part." in crew.body
    assert (crew.summary, crew.labels) == ("Who works", ["people", "gang"])
    assert (crew.topic.position, setup.topic.position) == (1, 2)
    shelf = session.get(Category, setup.topic.category_id)
    assert shelf is not None
    assert (shelf.key, shelf.titles) == ("guides", {"en": "All guides"})


def test_a_translation_joins_its_original(
    engine: Engine, session: Session, store: Store, tmp_path: Path
) -> None:
    tree = grow(tmp_path / "site", DOCUSAURUS)
    imported(engine, store, tree, audience=Audience.CUSTOMERS)
    report = imported(engine, store, tree, "es")
    assert (report.created, what(report)) == (1, [])
    setup = article(session, "guides-setup", "es")
    assert setup.topic_id == article(session, "guides-setup").topic_id
    assert setup.topic.audience == Audience.CUSTOMERS
    assert setup.translated_from == 1
    assert 'src="corbel:/kb/files/' in setup.body_html
    assert 'href="corbel:/kb/en/guides-crew"' in setup.body_html


def test_a_starlight_tree_becomes_articles(
    engine: Engine, session: Session, store: Store, tmp_path: Path
) -> None:
    tree = grow(tmp_path / "site", STARLIGHT)
    report = imported(engine, store, tree)
    assert (report.created, what(report)) == (3, [])
    first = article(session, "guides-b")
    assert first.topic.position == 1
    assert first.body_html.count('href="corbel:/kb/en/guides-a') == 2
    assert "callout--caution" in first.body_html
    assert "{literal} text" in article(session, "guides-a").body
    assert article(session, "home").summary == "All of it"
    assert imported(engine, store, tree, "es").created == 1
    assert 'href="corbel:/kb/en/guides-b"' in article(session, "guides-a", "es").body_html


def test_pictures_beside_the_pages_of_mkdocs_and_ids_in_their_titles(
    engine: Engine, session: Session, store: Store, tmp_path: Path
) -> None:
    tree = {
        "mkdocs.yml": "",
        "docs/guide.md": "# Set up { #set-up }\n\n![x](/img/x.png)\n\n:::consejo\nAbre.\n:::",
        "docs/img/x.png": "",
    }
    report = imported(engine, store, grow(tmp_path / "site", tree), "es")
    assert (report.pictures, what(report)) == (1, [])
    made = article(session, "guide", "es")
    assert made.title == "Set up"
    assert "callout--tip" in made.body_html


def test_pictures_above_the_folders_of_languages(
    engine: Engine, store: Store, session: Session, tmp_path: Path
) -> None:
    """Where nothing says that a site is made of them."""
    files = {
        "shared/one.png": "",
        "en/paint.md": "# Paint\n\n![A pot](../shared/one.png)\n",
        "es/paint.md": "# Pintar\n\n![Un bote](../shared/one.png)\n",
        "es/deep/more.md": "# Más\n\nLee [pintar](../paint.md), o ![no](../../../secret.png).\n",
    }
    tree = grow(tmp_path / "docs", files)
    grow(tmp_path, {"secret.png": ""})
    assert what(imported(engine, store, tree / "en")) == []
    report = imported(engine, store, tree / "es", "es")
    assert what(report) == [("deep/more.md", "missing_file")]
    english, spanish = article(session, "paint"), article(session, "paint", "es")
    assert english.topic_id == spanish.topic_id
    assert "/kb/files/" in spanish.body
    assert "/kb/paint" in article(session, "deep-more", "es").body


def test_a_second_import_changes_nothing(engine: Engine, store: Store, tmp_path: Path) -> None:
    tree = grow(tmp_path / "site", DOCUSAURUS)
    imported(engine, store, tree)
    for again in (rehearsed(engine, tree), imported(engine, store, tree)):
        assert (again.created, again.updated, again.moved, again.unchanged) == (0, 0, 0, 3)
    assert len(list((tmp_path / "store").rglob("*/*/*"))) == 2  # the picture and its preview


def test_a_rehearsal_changes_nothing(
    engine: Engine, session: Session, store: Store, tmp_path: Path
) -> None:
    report = rehearsed(engine, grow(tmp_path / "site", DOCUSAURUS))
    assert (report.created, report.skipped) == (3, 1)
    assert session.scalars(select(Article)).all() == []
    assert session.scalars(select(KbFile)).all() == []


def test_changed_files_are_new_versions_and_edits_here_stay(
    engine: Engine, session: Session, store: Store, tmp_path: Path, world
) -> None:
    tree = grow(tmp_path / "site", STARLIGHT)
    imported(engine, store, tree)
    edited = article(session, "guides-a")
    draft = drafting.revise(session, edited, by=world.manager, at=NOW)
    text = drafting.Text(edited.slug, "Edited here", body="By hand")
    drafting.save(session, draft, text, draft.lock, by=world.manager, at=NOW)
    publishing.publish(session, draft, by=world.manager, at=NOW)
    session.commit()
    grow(tree, {"src/content/docs/guides/b.mdx": "---\ntitle: B\nsidebar:\n  order: 1\n---\nNew"})
    report = imported(engine, store, tree)
    assert (report.updated, report.unchanged) == (1, 2)
    assert article(session, "guides-a").title == "Edited here"
    assert (article(session, "guides-b").number, article(session, "guides-b").body) == (2, "New")
    grow(tree, {"src/content/docs/guides/a.md": "---\ntitle: A\n---\nBoth"})
    assert ("guides/a.md", "edited_here") in what(imported(engine, store, tree))
    assert article(session, "guides-a").number == 3


def test_what_somebody_works_on_is_left(
    engine: Engine, session: Session, store: Store, tmp_path: Path, world
) -> None:
    tree = grow(tmp_path / "site", STARLIGHT)
    imported(engine, store, tree)
    drafting.revise(session, article(session, "guides-a"), by=world.agent, at=NOW)
    session.commit()
    grow(tree, {"src/content/docs/guides/a.md": "---\ntitle: A\n---\nNew"})
    assert what(imported(engine, store, tree)) == [("guides/a.md", "being_edited")]


def test_what_is_gone_is_told_and_taken_away_when_asked(
    engine: Engine, session: Session, store: Store, tmp_path: Path
) -> None:
    tree = grow(tmp_path / "site", STARLIGHT)
    imported(engine, store, tree)
    (tree / "src/content/docs/guides/a.md").unlink()
    report = imported(engine, store, tree)
    assert (report.removed, report.unpublished) == (["guides/a"], 0)
    assert article(session, "guides-a").is_published
    assert imported(engine, store, tree, prune=True).unpublished == 1
    assert not article(session, "guides-a").is_published


def test_a_file_with_another_name_is_the_same_article(
    engine: Engine, session: Session, store: Store, tmp_path: Path
) -> None:
    tree = grow(tmp_path / "site", STARLIGHT)
    imported(engine, store, tree)
    before = article(session, "guides-a").id
    place = tree / "src/content/docs/guides"
    (place / "a.md").rename(place / "alpha.md")
    (place / "b.mdx").unlink()
    report = imported(engine, store, tree)
    assert report.removed == ["guides/b"]
    assert article(session, "guides-alpha").id == before
    assert session.scalars(select(Redirect.slug)).all() == ["guides-a"]


def test_broken_and_hostile_files_are_told_and_the_rest_comes(
    engine: Engine, session: Session, store: Store, tmp_path: Path
) -> None:
    outside = grow(tmp_path, {"secret.md": "secret", "secret.png": ""})
    tree = grow(
        tmp_path / "plain",
        {
            "good.md": "# Good\n\n![x](../secret.png) ![y](/etc/passwd) ![z](../../../etc/passwd)",
            "broken.md": "---\ntitle: A: b\n---\nText",
            "empty.md": "",
            "long.md": "x" * 500_000,
            "knot.md": "[" * 50_000,
            "evil.md": "<script>alert(1)</script>[x](javascript:alert(1))",
        },
    )
    (tree / "binary.md").write_bytes(b"\0\1\2")
    (tree / "latin.md").write_bytes("# Año\n\nseñal".encode("latin-1"))
    (tree / "link.md").symlink_to(outside / "secret.md")
    report = imported(engine, store, tree)
    told = what(report)
    for one in [
        ("binary.md", "not_text"),
        ("broken.md", "front_matter"),
        ("empty.md", "empty"),
        ("long.md", "too_long"),
        ("link.md", "not_text"),
        ("good.md", "missing_file"),
    ]:
        assert one in told
    assert (report.created, report.skipped) == (5, 4)
    assert article(session, "broken").title == "A: b"
    assert "<script" not in article(session, "evil").body_html
    assert session.scalars(select(KbFile)).all() == []


def test_a_film_is_shown_by_its_address_and_a_missing_one_is_told(
    engine: Engine, session: Session, store: Store, tmp_path: Path
) -> None:
    session.add(Video(slug="first-steps", created_at=NOW, updated_at=NOW))
    session.commit()
    named = {name: f"---\nvideo: {name}\n---\nText" for name in ("first-steps", "no-such-film")}
    tree = grow(tmp_path / "plain", {f"{name}.md": text for name, text in named.items()})
    report = imported(engine, store, tree)
    assert what(report) == [("no-such-film.md", "missing_video")]
    assert article(session, "first-steps").topic.video_id is not None
    assert article(session, "no-such-film").topic.video_id is None
    written = exported(engine, store, tmp_path / "out")
    assert b"video: first-steps" in written["en/first-steps.md"]
    assert b"\nvideo:" not in written["en/no-such-film.md"]
    assert imported(engine, store, tree).unchanged == 2


def test_a_folder_without_pages_is_refused(engine: Engine, store: Store, tmp_path: Path) -> None:
    with pytest.raises(NoPages):
        imported(engine, store, grow(tmp_path / "none", {"a.txt": "x"}))


def exported(engine: Engine, store: Store, folder: Path) -> dict[str, bytes]:
    export(folder, session_factory(reading(engine)), store, languages=["en", "es"])
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_what_is_written_out_comes_back_the_same(
    engine: Engine, session: Session, store: Store, tmp_path: Path, fresh_database
) -> None:
    tree = grow(tmp_path / "site", DOCUSAURUS)
    imported(engine, store, tree, audience=Audience.CUSTOMERS)
    imported(engine, store, tree, "es")
    first = exported(engine, store, tmp_path / "out")
    assert len([name for name in first if name.endswith(".md")]) == 4
    assert exported(engine, store, tmp_path / "out") == first

    other, files = make_engine(fresh_database()), Store(tmp_path / "other")
    assert imported(other, files, tmp_path / "out").created == 3
    report = imported(other, files, tmp_path / "out", "es")
    assert (report.created, what(report)) == (1, [])
    assert exported(other, files, tmp_path / "again") == first
    with session_factory(other)() as there:
        see(there, PLATFORM)
        for language in ("en", "es"):
            theirs = article(there, "guides-setup", language)
            ours = article(session, "guides-setup", language)
            assert (theirs.title, theirs.summary, theirs.labels) == (
                ours.title,
                ours.summary,
                ours.labels,
            )
            assert theirs.topic.audience == Audience.CUSTOMERS
            assert theirs.topic.position == ours.topic.position
        assert len(there.scalars(select(Topic)).all()) == 3
    other.dispose()


@pytest.fixture
def kept(engine: Engine, session: Session, store: Store, tmp_path: Path, world) -> Path:
    """Articles from two trees and one written by hand, written out."""
    imported(engine, store, grow(tmp_path / "site", DOCUSAURUS))
    imported(engine, store, tmp_path / "site", "es")
    imported(engine, store, grow(tmp_path / "star", STARLIGHT), name="help")
    published(session, world.manager, "By hand", "Words of an editor")
    session.commit()
    exported(engine, store, tmp_path / "out")
    return tmp_path / "out"


def test_what_is_written_out_is_known_where_it_came_from(
    engine: Engine, session: Session, store: Store, kept: Path
) -> None:
    def all_of_it() -> list[Row[Any]]:
        session.expire_all()
        topics = session.execute(select(Topic.id, Topic.source, Topic.version).order_by(Topic.id))
        articles = select(Article.id, Article.slug, Article.number).order_by(Article.id)
        return [*topics, *session.execute(articles)]

    before = all_of_it()
    for language, count in (("en", 7), ("es", 1)):
        for name in ("docs", "help", "other"):
            for report in (
                rehearsed(engine, kept, language, name=name),
                imported(engine, store, kept, language, name=name),
            ):
                assert (report.unchanged, report.files) == (count, count)
                told = {one for _, one in what(report)}
                assert told <= {"refused_link"}  # which the tree had itself
    assert all_of_it() == before


def test_a_file_that_was_written_out_and_changed_is_a_new_version(
    engine: Engine, session: Session, store: Store, kept: Path
) -> None:
    file = kept / "en" / "by-hand.md"
    file.write_text(file.read_text("utf-8").replace("of an editor", "of a file"), "utf-8")
    assert rehearsed(engine, kept).updated == 1
    report = imported(engine, store, kept)
    assert (report.updated, report.unchanged) == (1, 6)
    assert article(session, "by-hand").body == "Words of a file"
    assert article(session, "by-hand").topic.source is None


def test_what_was_edited_after_it_was_written_out_stays(
    engine: Engine, session: Session, store: Store, kept: Path, world
) -> None:
    changed(session, world.manager, article(session, "by-hand"), body="Better words")
    session.commit()
    assert imported(engine, store, kept).unchanged == 7
    assert article(session, "by-hand").body == "Better words"


def test_a_copy_beside_what_was_written_out_is_an_article_of_its_own(
    engine: Engine, session: Session, store: Store, kept: Path
) -> None:
    file = kept / "en" / "by-hand.md"
    (kept / "en" / "by-hand-too.md").write_text(file.read_text("utf-8"), "utf-8")
    (kept / "en" / "added.md").write_text("---\ntitle: Added\ntopic: none\n---\nNew", "utf-8")
    report = imported(engine, store, kept)
    assert (report.created, report.unchanged) == (2, 7)
    assert ("added.md", "front_matter") in what(report)
    assert [one for one in what(report) if one[1] == "copy"] == [("by-hand.md", "copy")]
    assert imported(engine, store, kept).unchanged == 9


def test_what_another_system_wrote_out_joins_what_came_from_the_same_place(
    engine: Engine, store: Store, tmp_path: Path, kept: Path, fresh_database
) -> None:
    other, files = make_engine(fresh_database()), Store(tmp_path / "other")
    imported(other, files, tmp_path / "site")
    report = imported(other, files, kept)
    assert (report.created, report.unchanged + report.moved) == (4, 3)
    report = imported(other, files, kept)
    assert (report.created, report.unchanged) == (0, 7)
    other.dispose()
