"""Structured logs, one JSON object a line, without secrets."""

import logging

import structlog
from structlog.typing import EventDict, WrappedLogger

HIDDEN = frozenset({"password", "token", "secret", "authorization", "cookie", "routing_key"})


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {key: "…" if key.lower() in HIDDEN else value for key, value in event.items()}


def configure(level: str) -> None:
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.getLogger("rq").setLevel("WARNING")
