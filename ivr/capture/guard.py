"""Whether a card may be taken at all: each part that must work is looked at first (PCI DSS 10.7)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

import anyio
import structlog

from core.errors import CannotKeepSecret, TellerlineError
from core.ids import CallId
from core.secret import LockedPage
from ivr.prompt import Prompt

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

Check = Callable[[CallId], Awaitable[None]]
"""Looks at a part for the sake of one call; raises a TellerlineError that says why it does not work."""


class Need(Enum):
    """What a capture leans on."""

    AUDIT = "audit log"
    KEYS = "key store"
    MASKING = "masking"
    GATEWAYS = "gateways"


@dataclass(frozen=True, slots=True)
class Closed:
    """No card is taken: the part that does not work, and why, for the log."""

    part: Need
    why: str


SAID: Final[Mapping[Need, Prompt]] = {
    Need.AUDIT: Prompt("closed_audit"),
    Need.KEYS: Prompt("closed_keys"),
    Need.MASKING: Prompt("closed_masking"),
    Need.GATEWAYS: Prompt("closed_gateways"),
}
"""What the caller hears."""


class Guard:
    """Looks at all parts at once, each within `within_s`; silence of one is a failure."""

    def __init__(self, checks: Mapping[Need, Check], within_s: float = 3.0) -> None:
        self._checks = {Need.MASKING: _memory_is_locked, **checks}
        self._within_s = within_s

    async def look(self, call: CallId) -> Closed | None:
        """None when a card may be taken; else the first part, in the order of Need, that does not work."""
        found: dict[Need, Closed] = {}
        async with anyio.create_task_group() as group:
            for part, check in self._checks.items():
                group.start_soon(self._look_at, part, check, call, found)
        closed = next((found[part] for part in Need if part in found), None)
        if closed is not None:
            log.error("no card is taken", part=closed.part.value, why=closed.why)
        return closed

    async def _look_at(self, part: Need, check: Check, call: CallId, found: dict[Need, Closed]) -> None:
        try:
            with anyio.fail_after(self._within_s):
                await check(call)
        except (TellerlineError, OSError) as why:
            found[part] = Closed(part, str(why) or type(why).__name__)
        except Exception as why:
            log.exception("a part could not be looked at", part=part.value)
            found[part] = Closed(part, type(why).__name__)


async def _memory_is_locked(_call: CallId) -> None:
    LockedPage().close()


def masking_failed(why: CannotKeepSecret) -> Closed:
    """The same, for memory that could not be locked after all."""
    log.error("no card is taken", part=Need.MASKING.value, why=str(why))
    return Closed(Need.MASKING, str(why))
