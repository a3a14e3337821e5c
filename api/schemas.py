"""How facts look outside: flat JSON objects with a `kind`, and a schema of each."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Union, get_args, get_type_hints

from pydantic import BaseModel, Field, RootModel, create_model

from core.events import Fact, Recorded


def rendered(recorded: Recorded) -> dict[str, object]:
    """`{"seq": 7, "at": "2026-01-31T12:00:00+00:00", "kind": "Said", "call": ..., ...}`."""
    fact = recorded.fact
    told = {field.name: getattr(fact, field.name) for field in fields(fact)}
    return {"seq": recorded.seq, "at": recorded.at.isoformat(), "kind": type(fact).__name__, **told}


def _model(kind: type[Fact]) -> type[BaseModel]:
    name = kind.__name__
    hints = get_type_hints(kind)
    told: dict[str, Any] = {  # a field of a model is its type and its default
        "seq": (Annotated[int, Field(description="grows by one a fact, across all calls")], ...),
        "at": (datetime, ...),
        "kind": (Literal[name], ...),
        **{field.name: (_plain(hints[field.name]), ...) for field in fields(kind)},
    }
    return create_model(f"{name}Event", __doc__=kind.__doc__, **told)


def _plain(hint: Any) -> Any:
    """The type that a NewType stands for, also beside None."""
    if get_args(hint):
        return Union[tuple(_plain(one) for one in get_args(hint))]  # noqa: UP007 - made of a tuple
    return getattr(hint, "__supertype__", hint)


MODELS: Final = {kind.__name__: _model(kind) for kind in get_args(Fact)}
"""The schema of each kind of fact, by its name."""

_ANY: Any = Union[tuple(MODELS.values())]  # noqa: UP007 - made of a tuple


class Event(RootModel[Annotated[_ANY, Field(discriminator="kind")]]):
    """A fact, by its kind."""
