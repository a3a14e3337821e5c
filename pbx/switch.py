"""A telephone switch: it hands us calls, and places those that we ask for."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus

from pbx.call import Call, NotReached


@dataclass(frozen=True, slots=True)
class Dial:
    """An order to call somebody: `to` is an extension or number as the admin's file knows it.

    `caller` is the number shown to them; `timeout_s` how long it may ring. `about` is the call for whose sake
    they are called: their telephone is told it in the header `X-Tellerline-Call` (RFC 3261, 20).
    """

    to: str
    caller: str = ""
    timeout_s: float = 30.0
    flow: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class SwitchHealth:
    """Whether the switch can be worked with, and what it says of itself (`Asterisk 22.10.1`)."""

    up: bool
    about: str
    calls: int


class Switch(Protocol):
    """All that any PBX is to us."""

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Stay connected for as long as the process lives; `started` once the switch is reached.

        A lost connection is made again: calls that are still up go on, those that are not have ended.
        """
        ...

    def calls(self) -> AsyncIterator[Call]:
        """Calls that ask for the line, each once: new ones, and on start those found still up."""
        ...

    async def originate(self, dial: Dial) -> Call | NotReached:
        """Call somebody; the call once they answered, or why they were not reached."""
        ...

    async def health(self) -> SwitchHealth:
        """How the switch is now; answers within 2 seconds, also when it is down."""
        ...

    async def overheard(self) -> Sequence[str]:
        """What would write keys down at this moment: for each a sentence that says how to mend it.

        While there is any, `Call.deafened` refuses. Raises SwitchLost while the switch cannot be asked.
        """
        ...
