"""Compiled templates, kept from one start to the next: to compile what a page is made of takes ten
times as long as to make it."""

import logging
import marshal
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

import jinja2
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[3]
# sentences, icons and our way of compiling are in the code, besides the template's own source
MADE_OF = ("templates", "translations", "static", "portal/foundation/web")
SEAL = 32  # bytes before the code: the digest of what it was made of and of itself


class Compiled(BytecodeCache):
    """Those of one language. What is damaged or outdated is made anew; what finds no room is not
    kept."""

    def __init__(self, folder: Path, spoken: str) -> None:
        self._folder = folder / spoken
        self._folder.mkdir(parents=True, exist_ok=True)

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            kept = self._place(bucket).read_bytes()
        except OSError:
            return
        code = kept[SEAL:]
        if kept[:SEAL] == _seal(bucket, code):
            bucket.code = marshal.loads(code)  # noqa: S302  as Python's own, from our own folder

    def dump_bytecode(self, bucket: Bucket) -> None:
        code = marshal.dumps(bucket.code)
        try:
            with NamedTemporaryFile(dir=self._folder, delete=False) as unfinished:
                unfinished.write(_seal(bucket, code) + code)
            Path(unfinished.name).replace(self._place(bucket))
        except OSError as error:
            log.warning("a compiled template can't be kept: %s", error)

    def _place(self, bucket: Bucket) -> Path:
        return self._folder / bucket.key


def _seal(bucket: Bucket, code: bytes) -> bytes:
    return sha256(_program() + bucket.checksum.encode() + code).digest()


@cache
def _program() -> bytes:
    digest = sha256(f"{sys.version} {jinja2.__version__}".encode())
    for path in sorted(path for folder in MADE_OF for path in (ROOT / folder).rglob("*.*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.read_bytes())
    return digest.digest()
