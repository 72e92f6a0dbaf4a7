"""The audit log can say of each act what it was, and nothing changes or removes an entry."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask_babel import force_locale

from portal.accounts.audit_words import ACTS, FACTS, details, worded

ROOT = Path(__file__).resolve().parents[2]
PORTAL = sorted((ROOT / "portal").rglob("*.py"))
ACT = re.compile(r"[a-z_]+\.[a-z_]+")
# retention, which its builder chose, and the erasure of a person, which keeps the entry
MAY_CHANGE = {"portal/privacy/service/retention.py", "portal/privacy/traces.py"}


def acts_of(path: Path) -> Iterator[tuple[int, str]]:
    """The second argument of each `audit.record(session, "noun.done", …)`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        called = node.func
        if called.attr != "record" or getattr(called.value, "id", "") != "audit":
            continue
        for given in node.args[1:2]:
            for part in ast.walk(given):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield node.lineno, part.value


def test_each_act_that_is_recorded_has_its_words() -> None:
    recorded = [(path, *act) for path in PORTAL for act in acts_of(path)]
    assert recorded
    silent = [
        f"{path.relative_to(ROOT)}:{line} {act}" for path, line, act in recorded if act not in ACTS
    ]
    assert not silent, f"say in accounts/audit_words.py what it was: {silent}"


def test_acts_are_nouns_with_what_became_of_them() -> None:
    assert not [act for act in ACTS if not ACT.fullmatch(act)]


def test_words_are_spanish_in_spanish(app: Flask) -> None:
    with app.test_request_context(), force_locale("es"):
        same = [act for act, words in ACTS.items() if worded(act) == words._args[0]]
        assert not same
    assert worded("some.day") == "some.day"


def test_facts_are_told_with_their_names_and_parts_are_not(app: Flask) -> None:
    with app.test_request_context():
        told = details({"role": "pm", "some_fact": 3, "parts": {"a": 1}, "empty": "", "none": None})
    assert told == [("role", "pm"), ("some fact", "3")]
    assert FACTS


def test_nobody_changes_or_removes_an_entry() -> None:
    """Apart from those who may, no module that knows the model changes rows by it."""
    changes = re.compile(
        r"(?:update|delete)\(\s*AuditEntry|session\.delete\(\s*entry|audit_entries"
    )
    found = {
        str(path.relative_to(ROOT))
        for path in PORTAL
        if changes.search(path.read_text("utf-8")) and path.name != "models.py"
    }
    assert found <= MAY_CHANGE, f"the log is only ever added to: {found - MAY_CHANGE}"
