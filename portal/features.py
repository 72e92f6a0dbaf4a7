"""The features that this product has, in the order of their layers."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from portal.accounts import views as accounts
from portal.foundation.runtime import Runtime


def register(app: Flask, runtime: Runtime, csrf: CSRFProtect) -> None:
    app.register_blueprint(accounts.views)
