"""ARI over one WebSocket, without the socket: requests to text, text to answers and events.

Asterisk 20.15, 21.10, 22.5 and later take REST requests on the events' WebSocket, in both directions of
connecting (docs.asterisk.org, "ARI REST over WebSocket"). An object of type RESTRequest is answered by one of
type RESTResponse that carries its `request_id`; everything else that comes is an event.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pbx.ari.model import Event, JsonObject, parse

Parameter = str | int | Sequence[object] | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """A REST request; `path` is below /ari/, without a slash in front, its parts already quoted."""

    method: str
    path: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Asterisk answered to the request with that id; `body` is JSON as Python has it, or None."""

    request_id: str
    status: int
    reason: str
    body: Any = field(repr=False)


class Garbled(Exception):
    """What came is not ARI."""


class Protocol:
    """Numbers requests, and tells answers from events. It never keeps or shows a key that was pressed."""

    def __init__(self) -> None:
        self._requests = 0

    def ask(self, request: Request) -> tuple[str, str]:
        """A new request's id, and the text to send."""
        self._requests += 1
        request_id = str(self._requests)
        message = {
            "type": "RESTRequest",
            "transaction_id": request_id,
            "request_id": request_id,
            "method": request.method,
            "uri": request.path,
            **_carried(request),
        }
        return request_id, json.dumps(message)

    def hear(self, text: str) -> Answer | Event:
        """What one text message says; raises Garbled when it is not a JSON object."""
        try:
            message = json.loads(text)
        except ValueError:
            raise Garbled("Asterisk sent a message that is not JSON") from None
        if not isinstance(message, dict):
            raise Garbled("Asterisk sent a message that is not a JSON object")
        return _answer(message) if message.get("type") == "RESTResponse" else parse(message)


def _carried(request: Request) -> JsonObject:
    """Parameters go into the body, which has no trouble with commas; where ARI reads none, into the query."""
    if not request.parameters:
        return {}
    if request.method in {"POST", "PUT"}:
        return {"content_type": "application/json", "message_body": json.dumps(request.parameters)}
    return {
        "query_strings": [{"name": key, "value": str(value)} for key, value in request.parameters.items()]
    }


def _answer(message: JsonObject) -> Answer:
    return Answer(
        str(message.get("request_id", "")),
        int(message.get("status_code", 0)),
        str(message.get("reason_phrase", "")),
        _body(str(message.get("message_body") or "")),
    )


def _body(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
