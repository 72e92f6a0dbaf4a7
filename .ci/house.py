"""What the scripts here share; they run under any Python 3.7, to say what is missing."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Stop(Exception):
    """What is wrong and what to type."""


def say(text):
    print(f"==> {text}", flush=True)
