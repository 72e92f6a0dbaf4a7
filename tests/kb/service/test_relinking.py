"""Whose links are looked at again when an article comes out or moves."""

from sqlalchemy import select

from portal.foundation.outbox import Event
from portal.kb.happenings import PUBLISHED
from portal.kb.models import Article
from portal.kb.service import relinking
from tests.fixtures.world import NOW
from tests.kb.making import changed, published, translated


def _looked_at(session, monkeypatch, article: Article) -> set[str]:
    """Titles of those that are rendered anew for it."""
    again: set[str] = set()
    monkeypatch.setattr(relinking, "refresh", lambda _s, source, *, at: again.add(source.title))
    payload = {"article_id": str(article.id), "elsewhere": True}
    relinking.relink(session, Event(article.id, PUBLISHED, None, payload, NOW))
    return again


def test_a_translation_that_comes_out_concerns_texts_of_its_language_alone(
    session, world, monkeypatch
):
    crews = published(session, world.manager, "Crews")
    source = published(session, world.manager, "Source", "[crews](/kb/crews)")
    translated(session, world.manager, source, "Fuente", "[cuadrillas](/kb/crews)")
    spanish = translated(session, world.manager, crews, "Cuadrillas")
    assert _looked_at(session, monkeypatch, spanish) == {"Fuente"}


def test_whoever_names_a_language_follows_what_moves_there(session, world, monkeypatch):
    crews = published(session, world.manager, "Crews")
    spanish = translated(session, world.manager, crews, "Cuadrillas")
    published(session, world.manager, "Both", "[es](/kb/es/cuadrillas) [en](/kb/crews)")
    published(session, world.manager, "English", "[en](/kb/crews)")
    moved = changed(session, world.manager, spanish, slug="gremios")
    assert _looked_at(session, monkeypatch, moved) == {"Both"}
    assert session.scalar(select(Article.slug).where(Article.id == moved.id)) == "gremios"
