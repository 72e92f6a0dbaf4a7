"""The blueprint, and what a talk with the tracker takes."""

from flask import Blueprint

from portal.backlog.addresses import SETTINGS
from portal.backlog.service.connecting import Means
from portal.foundation.runtime import current_runtime

backlog = Blueprint("backlog", __name__, url_prefix=SETTINGS)


def means() -> Means:
    running = current_runtime()
    settings = running.settings
    return Means(running.sealing_key, settings.linear_url, settings.on_loopback)
