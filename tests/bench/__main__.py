"""`python -m tests.bench`: a line a figure; exit code 1 when one is beyond its limit."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from tests.bench import community, hosting, knowledge, resting, speed, sweeping
from tests.bench.filling import kept
from tests.bench.report import Figure, Report
from tests.fixtures.processes import ROOT

BUILD = ROOT / "build"
SHELF = BUILD / "bench"
SIZES = (10_000, 100_000, 1_000_000)  # tickets, of five messages each
ROUNDS = 150
PARTS = ("rest", "sweep", "hosts", "knowledge", "community", "speed")

Part = Callable[[], Iterator[Figure]]


def main() -> int:
    asked = _arguments()
    parts: Mapping[str, Part] = {
        "rest": resting.measured,
        "sweep": sweeping.measured,
        "hosts": hosting.measured,
        "knowledge": partial(_knowledge, asked.rounds),
        "community": partial(_community, asked.rounds),
        "speed": partial(_speed, asked.sizes, asked.rounds),
    }
    report = Report()
    for name in asked.only or parts:
        for figure in parts[name]():
            report.add(figure)
            _say(figure.line())
    report.write(BUILD / "bench.json")
    return 1 if report.broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=list(SIZES), help="tickets")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often a page is asked for")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="parts")
    return parser.parse_args()


def _speed(sizes: list[int], rounds: int) -> Iterator[Figure]:
    SHELF.mkdir(parents=True, exist_ok=True)
    filled = []
    for size in sorted(sizes):
        _say(f"a system of {size:,} tickets … (kept in {SHELF.relative_to(ROOT)})")
        filled.append(kept(SHELF, size))
    yield from speed.measured(filled, rounds)


def _knowledge(rounds: int) -> Iterator[Figure]:
    SHELF.mkdir(parents=True, exist_ok=True)
    _say(f"a help centre of {knowledge.ARTICLES:,} articles in two languages …")
    yield from knowledge.measured(SHELF, rounds)


def _community(rounds: int) -> Iterator[Figure]:
    SHELF.mkdir(parents=True, exist_ok=True)
    _say(f"a community of {community.POSTS:,} posts, and one a tenth as large …")
    yield from community.measured(SHELF, rounds)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
