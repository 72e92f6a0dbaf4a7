"""The features that this product has, in the order of their layers."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from portal.accounts import views as accounts
from portal.foundation.runtime import Runtime
from portal.ops import health
from portal.ops import models as ops_models  # noqa: F401
from portal.policy.loader import load_pack
from portal.tickets import models as ticket_models  # noqa: F401
from portal.tickets.service import paging, sweeping


def register(app: Flask, runtime: Runtime, csrf: CSRFProtect) -> None:
    load_pack(runtime.settings.pack)  # a broken support model stops the start
    health.init_app(app)
    app.register_blueprint(accounts.views)
    runtime.tickers += [sweeping.sweep, paging.unconfirmed]
