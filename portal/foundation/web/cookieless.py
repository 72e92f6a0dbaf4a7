"""Pages within pages of others: there browsers send us no cookies or each only some, so that we
neither read nor set any. Who asks is said by a token in a header."""

from typing import Final

from flask import request

PREFIX: Final = "/widget/"


def is_cookieless() -> bool:
    return request.path.startswith(PREFIX)
