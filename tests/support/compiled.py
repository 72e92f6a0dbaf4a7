"""Templates compiled once for all applications of a process: half of a page's test was that."""

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

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
