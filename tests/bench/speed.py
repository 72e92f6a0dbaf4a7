"""Pages and creates of systems of several sizes, all asked in the same rounds beside the floor."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.bench.client import Client
from tests.bench.filling import Filled
from tests.bench.measuring import Ask, Times, in_turn
from tests.bench.pages import CREATE, QUEUE, TICKET, Readers, Writers
from tests.bench.report import Figure
from tests.bench.systems import floor, system

FLOOR = "floor"
MEBIBYTE = 1024 * 1024
LIMITS = {QUEUE: 10, TICKET: 8, CREATE: 8}  # times the floor, at the ninety-fifth percentile
LIMITS_HOLD_AT = 100_000  # tickets
AFTER_A_CREATE = 0.1  # seconds until the next: one that comes at once waits for the worker
GROWTH = 1.1  # of the median, from one size to any other

Key = tuple[str, int]  # what was asked, of how many tickets
Timed = dict[Key, Times]


def measured(filled: Sequence[Filled], rounds: int) -> Iterator[Figure]:
    """What is read first, then what is written."""
    for one in filled:
        read_through(one.folder / "corbel.db")
    with ExitStack() as running:
        bases = {
            one.tickets: running.enter_context(system(one.folder, PACK="module-46")).url
            for one in filled
        }
        # the floor asks the same table as the system whose limits are judged by it
        judge = min(filled, key=lambda one: abs(one.tickets - LIMITS_HOLD_AT))
        bare = Client(running.enter_context(floor(judge.folder / "corbel.db")))
        sizes = [one.tickets for one in filled]
        for kind, pause in ((Readers, 0.0), (Writers, AFTER_A_CREATE)):
            asks: dict[Key, Ask] = {(FLOOR, judge.tickets): lambda: bare.get("/")}
            for one in filled:
                some = kind(bases[one.tickets], one).asks()
                asks |= {(name, one.tickets): ask for name, ask in some.items()}
            yield from figures(in_turn(asks, rounds, pause=pause), sizes, judge.tickets)


def read_through(path: Path) -> None:
    """As a server that has run a while has it in memory: it is not the disk that is measured."""
    with path.open("rb", buffering=0) as file:
        while file.read(MEBIBYTE):
            pass


def figures(times: Timed, sizes: Sequence[int], judged: int) -> Iterator[Figure]:
    base = times[FLOOR, judged]
    yield Figure("floor", base.p95 * 1000, "ms", note=f"median {base.median * 1000:.1f} ms")
    for name in dict.fromkeys(name for name, _ in times if name != FLOOR):
        yield _against(base, times[name, judged], name, judged)
        yield from _growth(name, {size: times[name, size] for size in sizes}, judged)


def _against(base: Times, page: Times, name: str, judged: int) -> Figure:
    return Figure(
        f"{name}, p95 of {judged:,}",
        page.p95 * 1000,
        "ms",
        ratio=page.p95 / base.p95,
        limit=LIMITS.get(name.partition(":")[0]),
        note=f"median {page.median * 1000:.1f} ms = {page.median / base.median:.1f} ×",
    )


def _growth(name: str, times: Mapping[int, Times], judged: int) -> Iterator[Figure]:
    for size, page in times.items():
        if size != judged:
            larger, smaller = max(size, judged), min(size, judged)
            ratio = times[larger].median / times[smaller].median
            yield Figure(
                f"{name}, {larger:,} to {smaller:,}",
                page.median * 1000,
                "ms",
                ratio=ratio,
                limit=GROWTH,
                note="median",
            )
