"""Structured logs: one JSON object, or one readable line, an event."""

import logging
import sys
from typing import Literal

import structlog

from core.redaction import MARK, is_card, redacted

Style = Literal["json", "console"]

_NOISY = ("stripe", "asyncio", "aiohttp.access")  # some print card data or whole requests at DEBUG


def configure(level: str = "info", style: Style = "json") -> None:
    """Send all logs, ours and the libraries', to standard error in one style; call it once, at the start.

    Card numbers are taken out of all of them, tracebacks too. Libraries that write requests at DEBUG are
    held at WARNING whatever the level (PCI DSS 3.3.1).
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
        return [
            structlog.processors.ExceptionRenderer(frames),
            _without_cards,
            structlog.processors.JSONRenderer(default=_shown),
        ]
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    return [lambda logger, name, event: redacted(console(logger, name, event))]


def _without_cards(
    _logger: object, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {str(_cleaned(name)): _cleaned(value) for name, value in event.items()}


def _cleaned(value: object) -> object:
    match value:
        case str():
            return redacted(value)
        case int():
            return MARK if is_card(value) else value
        case dict():
            return {_cleaned(name): _cleaned(inner) for name, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_cleaned(inner) for inner in value]
    return value


def _shown(value: object) -> str:
    """Something that JSON has no word for."""
    return redacted(repr(value))
