"""How far a ticket is along the stages of its support model, read from its own history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, Protocol

from portal.policy.pack import Stage

Progress = Literal["done", "current", "ahead", "skipped"]

_MARK_OF = {
    "opened": "created",
    "triaged": "classified",
    "severity_changed": "classified",
    "assigned": "assigned",
    "escalated": "escalated",
    "resolved": "resolved",
    "rated": "rated",
    "closed": "closed",
}
_UNDONE_BY_REOPENING = ("resolved", "closed")


class Happened(Protocol):
    """A line of a ticket's timeline."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Step:
    """`skipped`: the stage is not for tickets of this kind. `at`: when it was first reached."""

    stage: Stage
    progress: Progress
    at: datetime | None


def marks_of(events: Iterable[Happened]) -> dict[str, datetime]:
    """The marks of `pack.MARKS` that a history, oldest first, has reached, and when.

    A reply that was taken back never was; what is reopened is no longer resolved.
    """
    told = list(events)
    withdrawn = {e.facts.get("message_id") for e in told if e.kind == "reply_withdrawn"}
    marks: dict[str, datetime] = {}
    for event in told:
        if event.facts.get("message_id") in withdrawn:
            continue
        if event.kind == "agent_replied":
            marks.setdefault("updated" if "responded" in marks else "responded", event.at)
        elif event.kind == "reopened":
            for undone in _UNDONE_BY_REOPENING:
                marks.pop(undone, None)
        elif event.kind in _MARK_OF:
            marks.setdefault(_MARK_OF[event.kind], event.at)
    return marks


def steps_of(
    stages: Iterable[Stage], marks: Mapping[str, datetime], *, category: str, plan: str
) -> list[Step]:
    """Each stage in the pack's order; the first one that is still to be reached is current."""
    steps: list[Step] = []
    for stage in stages:
        at = min((marks[mark] for mark in stage.reached_by if mark in marks), default=None)
        steps.append(Step(stage, _progress(stage, at, category, plan, steps), at))
    return steps


def as_reached(steps: Iterable[Step]) -> list[Step]:
    """For who waits: without what is not for them, and current is the last stage reached on the
    way, not the one that is worked on."""
    concerned = [step for step in steps if step.progress != "skipped"]
    open_ones = (place for place, step in enumerate(concerned) if step.progress != "done")
    ended = bool(concerned) and concerned[-1].progress == "done"
    now = len(concerned) - 1 if ended else next(open_ones, 0) - 1
    return [
        replace(step, progress="current" if place == now else "done" if step.at else "ahead")
        for place, step in enumerate(concerned)
    ]


def _progress(
    stage: Stage, at: datetime | None, category: str, plan: str, before: Iterable[Step]
) -> Progress:
    if not stage.concerns(category, plan):
        return "skipped"
    if at is not None:
        return "done"
    return "ahead" if any(step.progress == "current" for step in before) else "current"
