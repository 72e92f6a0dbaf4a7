"""How much it matters that something is missing, and when what was set aside is back."""

from collections.abc import Iterable, Mapping

LEAST = 2  # people who meet it again, before it is back


def plan_weights(plans: Iterable[str]) -> dict[str, int]:
    """1 for the first plan of a support model, one more for each that follows."""
    return {plan: place for place, plan in enumerate(plans, 1)}


def weight_of(people: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """`people` are how many of each plan met it; who has none, or an unknown one, weighs 1."""
    return sum(number * weights.get(plan, 1) for plan, number in people.items())


def is_back(since: int, before: int) -> bool:
    """Whether as many people met it since it was set aside as had until then."""
    return since >= max(LEAST, before)
