"""What belongs to the screens of the host app, for those who write it; here is what pages share."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint

from portal.foundation.speech import gettext as _
from portal.foundation.web.formatting import language
from portal.policy.modules import modules_with
from portal.policy.running import running_pack

guidance = Blueprint("guidance", __name__, url_prefix="/guidance")


def module_choices(chosen: str) -> list[tuple[str, str]]:
    """What the support model knows, and what was chosen before even if it does not."""
    return [("", _("No module in particular")), *_modules(chosen)]


def modules_to_choose(chosen: str) -> list[tuple[str, str]]:
    """Where there has to be one."""
    return [("", _("Choose a module")), *_modules(chosen)]


def _modules(chosen: str) -> Iterable[tuple[str, str]]:
    return modules_with(running_pack(), language(), chosen).items()


def differences(saved: Any, typed: Any) -> list[str]:
    """Names of what two edits of the same thing say differently."""
    return [
        name
        for name, value in vars(typed).items()
        if name not in ("seen", "errors", "find", "focus") and value != getattr(saved, name)
    ]
