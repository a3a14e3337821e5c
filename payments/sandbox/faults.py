"""Troubles that the emulator plays on request."""

from collections import deque
from dataclasses import dataclass
from enum import Enum

from core.errors import BadInput


class Fault(Enum):
    """What goes wrong with a request."""

    REFUSE = "refuse"  # no connection is taken, for `seconds`
    ERROR_500 = "500"  # nothing is done, and the answer is a server error
    SLOW = "slow"  # done and answered after `seconds`
    RESET_AFTER_SEND = "reset_after_send"  # done, and the connection is cut instead of an answer
    HANG = "hang"  # done, and no answer ever


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault for requests whose path begins with `path`."""

    fault: Fault
    path: str = "/v1/"
    seconds: float = 2.0


class Troubles:
    """The troubles that are still to come, in order."""

    def __init__(self) -> None:
        self._waiting: deque[Trouble] = deque()

    def plan(self, trouble: Trouble, times: int = 1) -> None:
        """Let it happen to the next `times` requests that it fits."""
        self._waiting.extend([trouble] * times)

    def clear(self) -> None:
        """Forget them all."""
        self._waiting.clear()

    def next(self, path: str) -> Trouble | None:
        """The trouble of a request, used up; None when all goes well."""
        for trouble in self._waiting:
            if path.startswith(trouble.path):
                self._waiting.remove(trouble)
                return trouble
        return None


def read(asked: object) -> tuple[Trouble, int]:
    """A trouble and how many times, from the JSON of `POST /_faults`; BadInput says what is wrong."""
    names = [fault.value for fault in Fault]
    if not isinstance(asked, dict) or asked.get("fault") not in names:
        raise BadInput(f'send {{"fault": one of {names}, "times": 1, "path": "/v1/", "seconds": 2}}')
    try:
        trouble = Trouble(
            Fault(asked["fault"]), str(asked.get("path", "/v1/")), float(asked.get("seconds", 2))
        )
        return trouble, int(asked.get("times", 1))
    except (TypeError, ValueError):
        raise BadInput("seconds and times are numbers") from None
