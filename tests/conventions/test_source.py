"""What the source may not contain, with what to write instead."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.foundation.db import Base
from portal.foundation.tenancy import Tenanted
from portal.policy.loader import load_pack, shipped_packs

ROOT = Path(__file__).resolve().parents[2]
PORTAL = sorted((ROOT / "portal").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# rows that belong to a person or to nobody: reached through their owner only
UNTENANTED = {
    "account_links",
    "alembic_version",
    "builders",
    "counters",
    "community_members",
    "community_points",  # of people, wherever they belong
    "community_restrictions",  # said by the platform
    "data_exports",  # of whoever asked, and may span builders
    "deliveries",
    "effects",
    "backlog_connections",  # the platform's
    "backlog_items",  # of ideas, which are everybody's
    "feature_requests",  # everybody reads them; who votes for them is tenanted
    "forum_digests",
    "forum_flags",
    "forum_follows",
    "forum_positions",
    "forum_posts",  # what anybody may read, as all of the forum; it says for whom somebody wrote
    "forum_replies",
    "forum_versions",
    "forum_votes",
    "written_pictures",  # shown by what anybody may read
    "gaps_settled",
    "guidance_marks",
    "guidance_orientations",  # what the platform writes for everybody, as all of kb_… but readers'
    "guidance_page_rules",
    "guidance_screens",
    "guidance_terms",
    "heartbeats",
    "idempotency_keys",
    "idea_comments",
    "idea_status_changes",
    "kb_articles",
    "kb_categories",
    "kb_drafts",
    "kb_file_uses",
    "kb_files",
    "kb_links",
    "kb_redirects",
    "kb_topics",
    "kb_versions",
    "kb_video_texts",
    "kb_videos",
    "logins",
    "memberships",
    "news_seen",
    "notifications",
    "notification_preferences",
    "outbox",
    "policy_versions",
    "recovery_codes",
    "releases",  # what the platform writes for everybody, as its roadmap
    "release_ideas",
    "release_texts",
    "roadmap_changes",
    "roadmap_ideas",
    "roadmap_items",
    "roadmap_texts",
    "search_documents",  # of what the platform writes; gates say who finds it
    "search_synonyms",
    "second_factors",
    "sign_in_tries",
    "sso_spent",
    "support_agents",
    "users",
}


def strings(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        said = isinstance(node, ast.Constant) and id(node) not in documented
        if said and isinstance(node.value, str):
            yield node.lineno, node.value


def test_no_severity_or_plan_is_named_in_code() -> None:
    names = {
        name
        for key in shipped_packs()
        for name in (*load_pack(key).severities, *load_pack(key).plans)
        if len(name) > 1 and name not in {"normal", "critical", "free", "pro", "standard", "any"}
    }
    named = [
        f"{path.relative_to(ROOT)}:{line} {text!r}"
        for path in PORTAL
        if "demo" not in path.parts
        for line, text in strings(path)
        if text in names
    ]
    assert not named, f"the support model names severities and plans, not the code: {named}"


def test_no_template_names_a_severity() -> None:
    names = {name for key in shipped_packs() for name in load_pack(key).severities}
    quoted = re.compile("|".join(rf"['\"]{re.escape(name)}['\"]" for name in sorted(names)))
    named = [
        str(path.relative_to(ROOT))
        for path in TEMPLATES
        if path.name != "_gallery.html" and quoted.search(path.read_text("utf-8"))
    ]
    assert not named, f"ask the pack for its severities: {named}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_switches_escaping_off(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", text), (
        "use |markdown, or Markup in code"
    )
    assert not re.search(r"\son[a-z]+\s*=", text), (
        "listen in static/js, the page's policy forbids it"
    )
    letter = "mail" in path.parts or path.name == "mail.html"  # mail programs read no stylesheet
    assert letter or not re.search(r"\sstyle\s*=", text), "use a class"


def test_the_mark_of_safe_html_is_given_in_few_places() -> None:
    allowed = {
        "portal/foundation/markup",
        "portal/foundation/web/forms.py",  # the field of a form's token
        "portal/foundation/web/fragments.py",  # blocks that Jinja has rendered
        "portal/foundation/web/assets.py",  # the drawing of an icon
        "portal/kb/markup",
        "portal/search/snippets.py",
        "portal/foundation/web/templating.py",  # the catalogues, which are ours
        "portal/tickets/views/templates.py",  # a mark around a gap in what the sanitiser gave
    }
    giving = [
        str(path.relative_to(ROOT))
        for path in PORTAL
        if re.search(r"\bMarkup(\((?!\))| if )", path.read_text("utf-8"))
        and not any(str(path.relative_to(ROOT)).startswith(place) for place in allowed)
    ]
    assert not giving, f"only these few may say that HTML is safe: {giving}"


def test_only_the_clock_reads_the_time() -> None:
    reads = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(")
    readers = [
        str(path.relative_to(ROOT))
        for path in PORTAL
        if path.name != "clock.py" and reads.search(path.read_text("utf-8"))
    ]
    assert not readers, f"take `at` as an argument, or utcnow() at an entry point: {readers}"


def test_nothing_unpickles_or_runs_a_shell() -> None:
    bad = re.compile(r"\bpickle\b|shell=True|\beval\(|\bexec\(|os\.system")
    found = [str(p.relative_to(ROOT)) for p in PORTAL if bad.search(p.read_text("utf-8"))]
    assert not found, found


def test_raw_tables_go_round_the_tenant() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in PORTAL
        if "__table__" in path.read_text("utf-8") and path.name != "tenancy.py"
    ]
    assert not found, f"query the model, which is narrowed to the tenant: {found}"


def test_every_table_is_a_tenants_or_listed_as_nobodys() -> None:
    import portal.features  # noqa: F401

    loose = {
        mapper.class_.__tablename__
        for mapper in Base.registry.mappers
        if not issubclass(mapper.class_, Tenanted)
    }
    assert loose <= UNTENANTED, f"mix in Tenanted, or list with a reason: {loose - UNTENANTED}"


def test_no_file_is_called_utils() -> None:
    assert not [p for p in PORTAL if p.stem in {"utils", "helpers", "common", "misc"}]
