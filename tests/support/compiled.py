"""What is the same for every application of a process is compiled once: templates and the building
of addresses. Most of a page's test was that."""

from collections.abc import Callable
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from portal.foundation.speech import language


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


Builder = Callable[..., tuple[str, str]]


def remember_routes() -> None:
    """What builds an address is given its rule each time, so it serves the same one of another."""
    compile_anew = Rule._compile_builder
    known: dict[object, Builder] = {}

    def compiled(rule: Rule, append_unknown: bool = True) -> Builder:
        key = tuple(rule._trace), repr(rule.defaults), append_unknown
        if key not in known:
            known[key] = compile_anew(rule, append_unknown)
        return known[key]

    Rule._compile_builder = compiled  # type: ignore[method-assign]
