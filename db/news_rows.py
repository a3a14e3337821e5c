"""News from gateways as JSON, and back: each value with its kind."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from core.money import Money
from payments import notice, outcome
from payments.notice import News

_CLASSES: Final[Mapping[str, type[Any]]] = {
    kind.__name__: kind
    for kind in (
        notice.ChargeNews,
        notice.RefundNews,
        notice.DisputeNews,
        notice.OtherNews,
        outcome.Approved,
        outcome.Declined,
        outcome.RequiresAction,
        outcome.Pending,
        outcome.Unknown,
        outcome.NotAttempted,
        Money,
        notice.Stage,
        outcome.DeclineCode,
        datetime,
    )
}


def to_json(news: News) -> dict[str, Any]:
    """JSON that `from_json` reads back to the same news."""
    written: dict[str, Any] = _written(news)
    return written


def from_json(written: Mapping[str, Any]) -> News:
    """What `to_json` wrote."""
    news: News = _read(written)
    return news


def _written(value: Any) -> Any:
    if isinstance(value, Enum):
        return {"_": type(value).__name__, "value": value.value}
    if isinstance(value, datetime):
        return {"_": "datetime", "value": value.isoformat()}
    if is_dataclass(value):
        told = {field.name: _written(getattr(value, field.name)) for field in fields(value)}
        return {"_": type(value).__name__, **told}
    return value


def _read(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    kind = _CLASSES[value["_"]]
    if issubclass(kind, Enum):
        return kind(value["value"])
    if kind is datetime:
        return datetime.fromisoformat(value["value"])
    return kind(**{name: _read(one) for name, one in value.items() if name != "_"})
