"""How far a command is, for whoever looks at it."""

import sys
import time
from typing import Final

import click

_EVERY: Final = 0.2  # seconds
_EVERY_LINE: Final = 10.0  # where each is a line of a log


class Progress:
    """One line on stderr, written over where somebody looks at it."""

    def __init__(self) -> None:
        self._step, self._before = "", 0
        self._began = self._told = 0.0

    def __call__(self, step: str, done: int, of: int) -> None:
        now = time.monotonic()
        shown = sys.stderr.isatty()
        if step != self._step:
            self._step, self._began, self._told = step, now, 0.0
            self._before = done
        if done < of and now - self._told < (_EVERY if shown else _EVERY_LINE):
            return
        self._told = now
        rate = (done - self._before) / max(now - self._began, 0.001)
        line = f"{step}: {done} of {of}" + (f" ({rate:.0f}/s)" if rate else "")
        click.echo(f"\r{line:<60}" if shown else line, err=True, nl=not shown or done >= of)
