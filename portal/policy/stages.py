"""How far along a ticket is, as the pack's own flow has it."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.policy.pack import Check, Pack, Stage


@dataclass(frozen=True, slots=True)
class StageView:
    """`current`: the first stage that is not reached, where the next move is due."""

    stage: Stage
    reached: bool
    current: bool


@dataclass(frozen=True, slots=True)
class CheckView:
    """`by_itself`: ticked by what happened, not by a hand."""

    check: Check
    done: bool
    by_itself: bool


def stepper(
    pack: Pack, *, marks: Collection[str], category: str, plan: str
) -> tuple[StageView, ...]:
    """The stages that concern the ticket; `marks` of MARKS say what has happened to it."""
    plan = pack.nearest_plan(plan).key
    stages = [stage for stage in pack.stages if stage.concerns(category, plan)]
    reached = [not set(stage.reached_by).isdisjoint(marks) for stage in stages]
    current = reached.index(False) if False in reached else -1
    return tuple(
        StageView(stage, done, place == current)
        for place, (stage, done) in enumerate(zip(stages, reached, strict=True))
    )


def checklist(
    pack: Pack, *, marks: Collection[str], ticked: Collection[str]
) -> tuple[CheckView, ...]:
    """The triage checklist; `ticked` are the keys that someone ticked by hand."""
    views = []
    for check in pack.checklist:
        by_itself = not set(check.done_by).isdisjoint(marks)
        views.append(CheckView(check, by_itself or check.key in ticked, by_itself))
    return tuple(views)
