"""Logs: one JSON object a line, so that no value can forge another line; no tokens, no personal data."""

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, Processor

#: PostgreSQL names the values of a row that broke a rule.
_DETAIL = re.compile(
    r"^(DETAIL|CONTEXT): .*?(?=^[A-Z]+: |^\[SQL|^\(Background|^Traceback|^The above|^  File|\Z)",
    re.MULTILINE | re.DOTALL,
)


def configure() -> None:
    """Write events to standard error."""
    structlog.configure(
        processors=processors(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def processors() -> list[Processor]:
    """What an event goes through until it is a line."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_values,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def _without_values(_logger: object, _method: str, event: EventDict) -> EventDict:
    if "exception" in event:
        event["exception"] = _DETAIL.sub("", event["exception"])
    return event
