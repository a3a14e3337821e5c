"""Structured logs: one JSON object, or one readable line, an event."""

import logging
import sys
from typing import Literal

import structlog

Style = Literal["json", "console"]

_NOISY = ("stripe", "asyncio", "aiohttp.access")  # some print card data or whole requests at DEBUG


def configure(level: str = "info", style: Style = "json") -> None:
    """Send all logs, ours and the libraries', to standard error in one style; call it once, at the start.

    Libraries that write requests at DEBUG are held at WARNING whatever the level (PCI DSS 3.3.1).
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendered(style)],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _rendered(style: Style) -> list[structlog.typing.Processor]:
    # tracebacks without local variables: those may hold what was on its way to a gateway
    if style == "json":
        frames = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        return [structlog.processors.ExceptionRenderer(frames), structlog.processors.JSONRenderer()]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]
