"""How facts look outside: flat JSON objects with a `kind`."""

from dataclasses import fields

from pydantic import JsonValue

from core.events import Recorded


def rendered(recorded: Recorded) -> dict[str, JsonValue]:
    """`{"seq": 7, "at": "2026-01-31T12:00:00+00:00", "kind": "Said", "call": ..., ...}`."""
    fact = recorded.fact
    told = {field.name: getattr(fact, field.name) for field in fields(fact)}
    return {"seq": recorded.seq, "at": recorded.at.isoformat(), "kind": type(fact).__name__, **told}
