"""What is the same for every application of a process is compiled once: templates, addresses and
statements. Most of a page's test was that."""

from types import CodeType
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, create_engine
from werkzeug.routing import Rule

from portal.foundation import db
from portal.foundation.speech import language

COMPILED_RULE = ("_parts", "_trace", "_converters", "arguments")


class Compiled(BytecodeCache):
    """In memory. Of each language by itself, for its sentences stand in the code."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get(self._key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[self._key(bucket)] = bucket.code

    @staticmethod
    def _key(bucket: Bucket) -> tuple[str, str, str]:
        return language(), bucket.key, bucket.checksum


COMPILED = Compiled()


def remember_routes() -> None:
    """A rule that was compiled lends what came of it to the same rule of another application; what
    builds its address is given the rule each time. Nobody changes any of it afterwards."""
    compile_anew = Rule.compile
    known: dict[object, Rule] = {}

    def compiled(rule: Rule) -> None:
        key = rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults)
        if (first := known.get(key)) is None:
            compile_anew(rule)
            known[key] = rule
            return
        vars(rule).update({name: vars(first)[name] for name in COMPILED_RULE})
        rule._build = first._build.__func__.__get__(rule, None)  # type: ignore[attr-defined]
        rule._build_unknown = first._build_unknown.__func__.__get__(rule, None)  # type: ignore[attr-defined]

    Rule.compile = compiled  # type: ignore[method-assign]


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
