"""Troubles that the emulator plays on request."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from core.errors import BadInput


class Fault(Enum):
    """What goes wrong with a request, or with a webhook."""

    REFUSE = "refuse"  # no connection is taken, for `seconds`
    OUTAGE = "outage"  # every request is answered by a server error, and nothing done, for `seconds`
    ERROR_500 = "500"  # nothing is done, and the answer is a server error
    SLOW = "slow"  # done and answered after `seconds`
    LOST = "lost"  # nothing is done, and the connection is cut
    RESET_AFTER_SEND = "reset_after_send"  # done, and the connection is cut instead of an answer
    HANG = "hang"  # done, and no answer ever
    LIE = "lie"  # answered as done, and denied when it is asked about
    WEBHOOK_TWICE = "webhook_twice"  # the next webhook is sent twice
    WEBHOOK_LATE = "webhook_late"  # the next webhook is sent after the one that follows it
    WEBHOOK_DROPPED = "webhook_dropped"  # the next webhook is never sent


WEBHOOKS = frozenset({Fault.WEBHOOK_TWICE, Fault.WEBHOOK_LATE, Fault.WEBHOOK_DROPPED})


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault for requests whose path begins with `path`; a webhook has none."""

    fault: Fault
    path: str = "/"
    seconds: float = 2.0


class Troubles:
    """The troubles that are still to come, in order; `now` counts seconds, from anywhere."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._waiting: deque[Trouble] = deque()
        self._outages: list[tuple[float, Trouble]] = []

    def plan(self, trouble: Trouble, times: int = 1) -> None:
        """Let it happen to the next `times` requests that it fits; an outage lasts, and is not counted."""
        if trouble.fault is Fault.OUTAGE:
            self._outages.append((self._now() + trouble.seconds, trouble))
        else:
            self._waiting.extend([trouble] * times)

    def clear(self) -> None:
        """Forget them all."""
        self._waiting.clear()
        self._outages.clear()

    def next(self, path: str) -> Trouble | None:
        """The trouble of a request, used up; None when all goes well."""
        for until, outage in self._outages:
            if self._now() < until and path.startswith(outage.path):
                return outage
        return self._take(lambda trouble: trouble.fault not in WEBHOOKS and path.startswith(trouble.path))

    def of_webhook(self) -> Fault | None:
        """The trouble of a webhook, used up."""
        trouble = self._take(lambda trouble: trouble.fault in WEBHOOKS)
        return trouble.fault if trouble else None

    def _take(self, fits: Callable[[Trouble], bool]) -> Trouble | None:
        found = next((trouble for trouble in self._waiting if fits(trouble)), None)
        if found is not None:
            self._waiting.remove(found)
        return found


def from_words(written: str) -> tuple[Trouble, int]:
    """A trouble and how many times, from `reset_after_send path=/v1/refunds times=2`; BadInput as `read`."""
    fault, *more = written.split()
    return read({"fault": fault} | dict(one.partition("=")[::2] for one in more))


def read(asked: object) -> tuple[Trouble, int]:
    """A trouble and how many times, from the JSON of `POST /_faults`; BadInput says what is wrong."""
    names = [fault.value for fault in Fault]
    if not isinstance(asked, dict) or asked.get("fault") not in names:
        raise BadInput(f'send {{"fault": one of {names}, "times": 1, "path": "/", "seconds": 2}}')
    try:
        trouble = Trouble(Fault(asked["fault"]), str(asked.get("path", "/")), float(asked.get("seconds", 2)))
        return trouble, int(asked.get("times", 1))
    except (TypeError, ValueError):
        raise BadInput("seconds and times are numbers") from None
