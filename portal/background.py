"""The application of a process that shows no pages: a worker, a clock, a command.

It loads half of what pages need, and so takes half of the memory.
"""

from flask import Flask
from flask_babel import Babel

from portal import effects, process
from portal.config import Settings
from portal.foundation import speech


def create_background(settings: Settings | None = None) -> Flask:
    app = Flask("portal", template_folder=process.TEMPLATES, static_folder=None)
    running = process.furnish(app, settings or Settings.from_env())
    Babel(app)
    speech.init_app(app)
    effects.register(running)
    return app
