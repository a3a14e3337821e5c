"""The values of a message as JSON, for those who write them down."""

import json
from collections.abc import Mapping
from datetime import datetime

from core.letter import Value
from core.money import Money


def to_json(values: Mapping[str, Value]) -> str:
    """The values in one line: texts as they are, money and times by their parts."""
    return json.dumps({name: _packed(value) for name, value in values.items()}, ensure_ascii=False)


def from_json(text: str) -> dict[str, Value]:
    """What `to_json` wrote."""
    return {name: _unpacked(value) for name, value in json.loads(text).items()}


def _packed(value: Value) -> object:
    match value:
        case Money(minor, currency):
            return {"minor": minor, "currency": currency}
        case datetime():
            return {"at": value.isoformat()}
        case str():
            return value


def _unpacked(value: object) -> Value:
    match value:
        case {"minor": int(minor), "currency": str(currency)}:
            return Money(minor, currency)
        case {"at": str(at)}:
            return datetime.fromisoformat(at)
        case _:
            return str(value)
