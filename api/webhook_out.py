"""What webhooks carry (payments.webhooks.topics), as schemas for the document."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, create_model

from api.schemas import MODELS
from core.events import Fact
from payments.webhooks.topics import TOPICS, kind_of, told_fields


def _data(kind: type[Fact]) -> type[BaseModel]:
    told = MODELS[kind.__name__].model_fields
    fields: dict[str, Any] = {name: (told[name].annotation, ...) for name in told_fields(kind)}
    return create_model(
        f"{kind.__name__}Data", __doc__=kind.__doc__, __config__=ConfigDict(extra="forbid"), **fields
    )


def _message(kind: type[Fact]) -> type[BaseModel]:
    topics = tuple(topic for topic in TOPICS if kind_of(topic) is kind)
    fields: dict[str, Any] = {  # a field of a model is its type and its default
        "type": (Literal[topics], ...),
        "timestamp": (datetime, ...),
        "data": (DATA[kind], ...),
    }
    return create_model(f"{kind.__name__}Message", __doc__=kind.__doc__, **fields)


_KINDS: Final = {kind_of(topic) for topic in TOPICS}

DATA: Final = {kind: _data(kind) for kind in _KINDS}
"""The schema of each kind's data."""

_MESSAGES: Final = {kind: _message(kind) for kind in _KINDS}

MESSAGES: Final = {topic: _MESSAGES[kind_of(topic)] for topic in TOPICS}
"""The schema of each topic's message."""
