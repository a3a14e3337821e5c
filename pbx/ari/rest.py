"""REST requests to whichever connection to Asterisk is up, and what its refusals mean."""

from typing import Any
from urllib.parse import quote

import anyio

from core.errors import CallGone, Refused, SwitchLost
from pbx.ari.connection import Connection
from pbx.ari.protocol import Answer, Parameter, Request

TIMEOUT_S = 5.0
_NOT_FOUND = 404
_FIRST_REFUSAL = 400


class Rejected(Refused):
    """Asterisk answered with an HTTP status of 400 or more."""

    def __init__(self, request: Request, answer: Answer) -> None:
        said = answer.body.get("message", "") if isinstance(answer.body, dict) else answer.reason
        super().__init__(f"Asterisk refused {request.method} {request.path}: {answer.status} {said}")
        self.status = answer.status


class Rest:
    """Asks the Asterisk that is connected; while none is, a request waits for one until its deadline."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._connected = anyio.Event()

    @property
    def up(self) -> bool:
        """Whether a connection is up at this moment."""
        return self._connection is not None

    def use(self, connection: Connection) -> None:
        """From now on ask through this one."""
        self._connection = connection
        self._connected.set()

    def lose(self) -> None:
        """There is no connection any more."""
        self._connection = None
        self._connected = anyio.Event()

    async def ask(self, method: str, *parts: str, **parameters: Parameter) -> Any:
        """Ask for `/ari/part/part/...`; the answer's JSON, None when it is empty.

        Raises CallGone for a channel that is no more (404), Rejected for any other refusal, SwitchLost when
        Asterisk does not answer within 5 s.
        """
        return await self.ask_within(TIMEOUT_S, method, *parts, **parameters)

    async def ask_within(self, timeout_s: float, method: str, *parts: str, **parameters: Parameter) -> Any:
        """The same as `ask`, with a deadline of its own."""
        request = Request(method, "/".join(quote(part, safe="") for part in parts), parameters)
        answer = await self._answer(request, timeout_s)
        if answer.status < _FIRST_REFUSAL:
            return answer.body
        if answer.status == _NOT_FOUND and parts[0] == "channels":
            raise CallGone(f"the call's channel {parts[1]} has ended")
        raise Rejected(request, answer)

    async def _answer(self, request: Request, timeout_s: float) -> Answer:
        deadline = anyio.current_time() + timeout_s
        if self._connection is None:
            with anyio.move_on_at(deadline):
                await self._connected.wait()
        if self._connection is None:
            raise SwitchLost(f"not connected to Asterisk: {request.method} {request.path} was not sent")
        return await self._connection.ask(request, max(deadline - anyio.current_time(), 0.1))
