"""The keys of one call, kept in order from its first moment until somebody reads them."""

import weakref

import anyio
import structlog
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from core.digits import KEYS, Keypress
from core.errors import BadInput
from core.ids import CallId

LIMIT = 256
_MOST_SENT = 32
_SENT = frozenset("0123456789ABCD*#")

log = structlog.get_logger(__name__)


def check_keys(keys: str) -> None:
    """Raises BadInput for what cannot be sent as keys: at most 32 of 0-9, A-D, * and #."""
    if not 0 < len(keys) <= _MOST_SENT or not set(keys) <= _SENT:
        raise BadInput(f"{keys[:40]!r} cannot be sent as keys: 1 to {_MOST_SENT} of 0-9, A-D, * and #")


class Keys:
    """A bounded queue: what a flooding caller presses beyond LIMIT is dropped, and logged once a call.

    When the call has ended, `stream` gives what is left and then raises EndOfStream.
    """

    def __init__(self, call: CallId) -> None:
        self._call = call
        self._send: MemoryObjectSendStream[Keypress]
        self.stream: MemoryObjectReceiveStream[Keypress]
        self._send, self.stream = anyio.create_memory_object_stream(LIMIT)
        self._flooded = False
        weakref.finalize(self, self.stream.close)

    def press(self, code: int, held_ms: int = 0, at_ms: int | None = None) -> None:
        """Take a key by its ASCII number; `at_ms` is when the switch saw it let go, now when it does not say.

        What is no key (RFC 4733 knows a flash, too) is dropped.
        """
        if code not in KEYS:
            log.warning("something that is no key was dropped", call=self._call)
            return
        let_go_ms = round(anyio.current_time() * 1000) if at_ms is None else at_ms
        key = Keypress(code, at_ms=let_go_ms, held_ms=held_ms)
        try:
            self._send.send_nowait(key)
        except anyio.WouldBlock:
            self._report_flood()
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            return  # pressed while the call was ending

    def close(self) -> None:
        """The call has ended."""
        self._send.close()

    def _report_flood(self) -> None:
        if not self._flooded:
            self._flooded = True
            log.warning("keys of a flooding caller are dropped", call=self._call, limit=LIMIT)
