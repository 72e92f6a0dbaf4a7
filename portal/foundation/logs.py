"""Structured logs, one JSON object a line, without secrets."""

import json
import logging
from datetime import UTC, datetime

HIDDEN = frozenset({"password", "token", "secret", "authorization", "cookie", "routing_key"})
EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message"}


class Line(logging.Formatter):
    """Whatever a record is given by `extra` is told too."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(_extra(record) | told, default=str)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {
        name: "…" if name.lower() in HIDDEN else value
        for name, value in vars(record).items()
        if name not in EVERY_RECORD
    }


def configure(level: str) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Line())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.getLogger("rq").setLevel("WARNING")
