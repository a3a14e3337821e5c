"""The inbox: what a gateway tells us is verified, written down once, and applied by a job."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from core.clock import Clock
from payments.gateway import HEAR, Gateway
from payments.notice import Distrusted, Notice

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """The webhook is written down; `new` unless it had been before."""

    new: bool


@dataclass(frozen=True, slots=True)
class NobodyThere:
    """No gateway of that name tells us anything."""


class Notices(Protocol):
    """Where verified notices are written down. Raises StoreLost when nothing was."""

    async def keep(self, notice: Notice) -> bool:
        """Write it down with the job that applies it; False, and nothing happens, when it was there."""
        ...


class Inbox:
    """Receives webhooks for the gateways by their names."""

    def __init__(self, gateways: Mapping[str, Gateway], notices: Notices, clock: Clock) -> None:
        self._gateways, self._notices, self._clock = gateways, notices, clock

    async def receive(
        self, gateway: str, body: bytes, headers: Mapping[str, str]
    ) -> Kept | Distrusted | NobodyThere:
        """Verify the raw body, then write it down; `headers` by names in any case. Raises StoreLost."""
        known = self._gateways.get(gateway)
        teller = HEAR.of(known) if known is not None else None
        if teller is None:
            return NobodyThere()
        lower = {name.lower(): value for name, value in headers.items()}
        notice = teller.verify_webhook(body, lower, self._clock.now())
        if isinstance(notice, Distrusted):
            log.warning("webhook not believed", gateway=gateway, reason=notice.reason.value, why=notice.why)
            return notice
        return Kept(await self._notices.keep(notice))
