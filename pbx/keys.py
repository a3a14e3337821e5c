"""The keys of one call, in order from its first moment: they wait until somebody takes them."""

from collections import deque
from collections.abc import Callable
from typing import Final

import anyio
import structlog

from core.digits import KEYS, Keypress
from core.errors import BadInput
from core.ids import CallId

LIMIT: Final = 256
_MOST_SENT: Final = 32
_SENT: Final = frozenset("0123456789ABCD*#")

Take = Callable[[Keypress], None]

log = structlog.get_logger(__name__)


def check_keys(keys: str) -> None:
    """Raises BadInput for what cannot be sent as keys: at most 32 of 0-9, A-D, * and #."""
    if not 0 < len(keys) <= _MOST_SENT or not set(keys) <= _SENT:
        raise BadInput(f"{keys[:40]!r} cannot be sent as keys: 1 to {_MOST_SENT} of 0-9, A-D, * and #")


class Keys:
    """LIMIT keys wait until somebody takes them; more, from a flooding caller, are dropped and logged."""

    def __init__(self, call: CallId) -> None:
        self._call = call
        self._waiting: deque[Keypress] = deque()
        self._take: Take = self._keep
        self._flooded = False

    def follow(self, take: Take) -> None:
        """From now on each key goes to `take`, which must not wait; first those that were pressed before."""
        while self._waiting:
            take(self._waiting.popleft())
        self._take = take

    def press(self, code: int, held_ms: int = 0, at_ms: int | None = None) -> None:
        """Take a key by its ASCII number; `at_ms` is when the switch saw it let go, now when it does not say.

        What is no key (RFC 4733 knows a flash, too) is dropped.
        """
        if code not in KEYS:
            log.warning("something that is no key was dropped", call=self._call)
            return
        let_go_ms = round(anyio.current_time() * 1000) if at_ms is None else at_ms
        self._take(Keypress(code, at_ms=let_go_ms, held_ms=held_ms))

    def close(self) -> None:
        """The call has ended: keys that are told now, or wait still, are forgotten."""
        self._waiting.clear()
        self._take = _forget

    def _keep(self, key: Keypress) -> None:
        if len(self._waiting) < LIMIT:
            self._waiting.append(key)
        elif not self._flooded:
            self._flooded = True
            log.warning("keys of a flooding caller are dropped", call=self._call, limit=LIMIT)


def _forget(_key: Keypress) -> None:
    """Nobody is there any more."""
