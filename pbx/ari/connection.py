"""One live connection to Asterisk: events come out of it, and REST requests go through it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import anyio
import structlog

from core.errors import SwitchLost
from pbx.ari.model import Event
from pbx.ari.protocol import Answer, Garbled, Protocol, Request
from pbx.ari.socket import Socket

Hear = Callable[[Event], None]

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Waiting:
    answered: anyio.Event = field(default_factory=anyio.Event)
    answer: Answer | None = None


class Connection:
    """The same for both ways of connecting. `hear` is called with each event, in order, and must not wait."""

    def __init__(self, socket: Socket, hear: Hear) -> None:
        self._socket, self._hear = socket, hear
        self._protocol = Protocol()
        self._waiting: dict[str, _Waiting] = {}
        self._lost = False

    async def run(self) -> None:
        """Read until the connection is lost, and then return; requests that still wait raise SwitchLost."""
        try:
            while True:
                self._take(await self._socket.receive())
        except SwitchLost as lost:
            log.warning("the connection to asterisk is lost", reason=str(lost))
        finally:
            self._lost = True
            for waiting in self._waiting.values():
                waiting.answered.set()
            with anyio.CancelScope(shield=True):
                await self._socket.close()

    async def ask(self, request: Request, timeout_s: float) -> Answer:
        """Send a request and wait for its answer, whatever its status.

        Raises SwitchLost when none comes in time, or the connection is lost meanwhile: whether the request
        was carried out is then unknown.
        """
        if self._lost:
            raise SwitchLost(f"not connected to Asterisk: {request.method} {request.path} was not sent")
        request_id, text = self._protocol.ask(request)
        waiting = self._waiting[request_id] = _Waiting()
        try:
            with anyio.move_on_after(timeout_s):
                await self._socket.send(text)
                await waiting.answered.wait()
        finally:
            del self._waiting[request_id]
        if waiting.answer is None:
            why = "the connection was lost" if self._lost else f"{timeout_s:g} s went by"
            raise SwitchLost(f"Asterisk did not answer {request.method} {request.path}: {why}")
        return waiting.answer

    def _take(self, message: str | bytes) -> None:
        try:
            heard = self._protocol.hear(message if isinstance(message, str) else message.decode())
        except (Garbled, UnicodeDecodeError) as error:
            log.warning("a message from asterisk was passed over", error=type(error).__name__)
            return
        if isinstance(heard, Event):
            self._hear(heard)
        elif waiting := self._waiting.get(heard.request_id):
            waiting.answer = heard
            waiting.answered.set()
