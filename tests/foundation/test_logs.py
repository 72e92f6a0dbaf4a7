import json
import logging
import sys
from uuid import UUID

from portal.foundation.logs import Line


def told(message, *arguments, **options):
    record = logging.getLogger("portal.test").makeRecord(
        "portal.test",
        logging.WARNING,
        __file__,
        1,
        message,
        arguments,
        options.get("exc_info"),
        extra=options.get("extra"),
    )
    line = Line().format(record)
    assert "\n" not in line
    return json.loads(line)


def test_says_what_happened_where_and_when():
    line = told("redis is %s", "away")
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {"event": "redis is away", "level": "warning", "logger": "portal.test"}


def test_an_exception_is_told_with_its_way():
    try:
        raise ValueError("no\nluck")
    except ValueError:
        line = told("it failed", exc_info=sys.exc_info())
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("ValueError: no\nluck")


def test_secrets_are_not_told():
    line = told("asked", extra={"Token": "s3cret", "ticket": UUID(int=7), "cookie": "s3cret"})
    assert line["Token"] == line["cookie"] == "…"
    assert line["ticket"] == str(UUID(int=7))


def test_extras_do_not_overwrite_what_happened():
    assert told("asked", extra={"event": "forged", "level": "info"})["event"] == "asked"
