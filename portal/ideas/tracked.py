"""Where staff see what becomes of an idea among those who build: the room that knows of trackers
lies above, and registers its panel where the application is wired."""

from collections.abc import Callable

Panel = Callable[[int], str]
"""The address of what is shown of an idea, by its number: a part of its page, or a page."""

_PANELS: list[Panel] = []


def register(panel: Panel) -> None:
    if panel not in _PANELS:
        _PANELS.append(panel)


def panels(number: int) -> list[str]:
    return [panel(number) for panel in _PANELS]
