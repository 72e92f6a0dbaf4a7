"""What is the same for every application of a process is compiled once: templates, addresses and
statements. Most of a page's test was that."""

from copy import copy
from functools import cache
from pathlib import Path
from threading import Lock
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, create_engine
from werkzeug.routing import Map, RuleFactory

from portal.foundation import db
from portal.foundation.speech import language
from portal.foundation.web import compiled

TEMPLATES = Path(__file__).resolve().parents[2] / "build" / "templates"
"""Compiled, where the product keeps them from one start to the next; sealed with what they were
made of, so that they outlive a run as well."""

OF_TABLE = (
    "default_subdomain",
    "strict_slashes",
    "merge_slashes",
    "redirect_defaults",
    "host_matching",
    "sort_parameters",
    "sort_key",
)
OF_RULE = (
    "rule",
    "endpoint",
    "subdomain",
    "host",
    "strict_slashes",
    "merge_slashes",
    "build_only",
    "alias",
    "redirect_to",
    "websocket",
    "provide_automatic_options",
)


class Compiled(BytecodeCache):
    """In memory, after what systems that were started have kept: what is compiled in a test, where
    anything may have been exchanged, ends with its process. Of each language by itself, for its
    sentences stand in the code."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        key = language(), bucket.key, bucket.checksum
        if key in self._read:
            bucket.code = self._read[key]
            return
        _kept(language()).load_bytecode(bucket)
        if bucket.code is not None:
            self._read[key] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._read[language(), bucket.key, bucket.checksum] = bucket.code


@cache
def _kept(spoken: str) -> BytecodeCache:
    return compiled.Compiled(TEMPLATES, spoken)


COMPILED = Compiled()


def remember_routes() -> None:
    """Applications that are told of the same addresses share one table of them, which is made when
    the first of them looks something up: to make it took half of the making of an application, and
    many tests ask for no address at all. Nobody changes one: one more address, another table."""
    add_to, finish = Map.add, Map.update
    known: dict[object, Map] = {}
    one_at_a_time = Lock()

    def tell(table: Map, factory: RuleFactory) -> None:
        vars(table).setdefault("told", []).extend(factory.get_rules(table))
        table._remap = True

    def look_up(table: Map) -> None:
        if not table._remap:
            return
        with one_at_a_time:
            key = _told(table)
            if key not in known:
                known[key] = made(table)
            table._matcher = known[key]._matcher
            table._rules_by_endpoint = known[key]._rules_by_endpoint
            table._remap = False

    def made(table: Map) -> Map:
        whole = Map(
            converters=table.converters, **{name: getattr(table, name) for name in OF_TABLE}
        )
        for rule in vars(table).get("told", ()):
            add_to(whole, copy(rule))
        finish(whole)
        return whole

    Map.add, Map.update = tell, look_up  # type: ignore[method-assign]


def _told(table: Map) -> object:
    """All that its answers depend on."""
    rules = [
        (
            *(vars(rule).get(name) for name in OF_RULE),
            str(rule.defaults),
            frozenset(rule.methods or ()),
        )
        for rule in vars(table).get("told", ())
    ]
    settings = (getattr(table, name) for name in OF_TABLE)
    return tuple(rules), tuple(settings), frozenset(table.converters.items())


def remember_statements() -> None:
    """Engines of one kind of database share what their statements were compiled to, and for that
    the dialect of the first that has met its server."""
    first: dict[str, Engine] = {}

    def create(url: str, **options: Any) -> Engine:
        engine = create_engine(url, **options)
        known = first.setdefault(engine.dialect.name, engine)
        if known.dialect.server_version_info is None:  # it never met one
            first[engine.dialect.name] = engine
        elif known is not engine:
            engine.dialect = known.dialect
            engine._compiled_cache = known._compiled_cache
        return engine

    db.create_engine = create  # type: ignore[attr-defined]
