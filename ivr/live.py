"""The conversations that go on now, by the call's id, for whoever asks from outside."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.ids import CallId
from ivr.capture.booth import Booth, Work
from ivr.line import Line


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call that is up; `start` runs something for as long as the call lasts."""

    booth: Booth
    line: Line
    start: Callable[[Work], object]


class LiveCalls:
    """Each conversation of this process, from its beginning to its end."""

    def __init__(self) -> None:
        self._up: dict[CallId, LiveCall] = {}

    @contextmanager
    def up(self, call: LiveCall) -> Iterator[None]:
        """It can be found for as long as the `with` lasts."""
        name = call.booth.call.id
        self._up[name] = call
        try:
            yield
        finally:
            del self._up[name]

    def find(self, call: CallId) -> LiveCall | None:
        """The call, when it is up and served by this process."""
        return self._up.get(call)
