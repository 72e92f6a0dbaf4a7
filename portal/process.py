"""What every process has: logs, texts in their languages, the database and the doorbell."""

from pathlib import Path

from flask import Flask

from portal.config import Settings
from portal.foundation import logs, runtime
from portal.foundation.web import formatting, templating
from portal.policy.loader import load_pack
from portal.search import searching

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = str(ROOT / "templates")


def furnish(app: Flask, settings: Settings) -> runtime.Runtime:
    """Raises InvalidPack: a broken support model stops the start."""
    logs.configure(settings.log_level)
    app.config["TESTING"] = settings.testing
    templating.init_app(app, settings.data / "templates")
    formatting.init_app(app)
    load_pack(settings.pack)
    running = runtime.start(settings)
    searching.furnish(running)
    app.extensions["corbel"] = running
    return running
