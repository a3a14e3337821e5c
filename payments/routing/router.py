"""The router of a line with several gateways: rules, then health, then worth; it learns off the hot path."""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import anyio
import structlog

from core.clock import Clock
from core.errors import StoreLost
from payments.capabilities import Can
from payments.gateway import Gateway
from payments.purchase import Operation, Purchase
from payments.route import Choice, Happened, Passed, Route, lacking
from payments.routing.bandit import WINDOW
from payments.routing.breaker import Tolerance
from payments.routing.gate import Outage
from payments.routing.health import Health
from payments.routing.observed import Observation, Observations, observation
from payments.routing.policy import Curiosity, Policy
from payments.routing.terms import Terms

log = structlog.stdlib.get_logger(__name__)

POLICY: Final = "linucb/1"
_OPERATIONS: Final[Mapping[Can, Operation]] = {
    Can.RAW_CARD: Operation.TOKENIZE,
    Can.BANK_DEBIT: Operation.TOKENIZE,
    Can.CHARGE: Operation.PURCHASE,
    Can.AUTHORIZE: Operation.AUTHORIZE,
    Can.STORE_CARD: Operation.STORE,
    Can.LINK: Operation.LINK,
    Can.UPI_REQUEST: Operation.LINK,
}
_MOST_UNWRITTEN: Final = 10_000
_OVERLAP: Final = timedelta(seconds=5)  # a row may become visible after one that was written later
_MOST_KNOWN: Final = 50_000
_KEEP: Final = timedelta(days=30)
_FORGET_EVERY_S: Final = 3600.0


class LearningRouter:
    """Routes by what all nodes observed. `run` belongs to the node's task group."""

    def __init__(
        self,
        gateways: Sequence[Gateway],
        terms: Terms,
        store: Observations,
        clock: Clock,
        *,
        tolerance: Tolerance | None = None,
        outage: Outage | None = None,
        curiosity: Curiosity | None = None,
        share_every_s: float = 1.0,
    ) -> None:
        """`share_every_s` is how often this node's observations are written, and the others' read."""
        self._gateways, self._terms, self._store, self._clock = gateways, terms, store, clock
        self._health = Health(tolerance or Tolerance(), outage or Outage())
        self._policy = Policy(terms, curiosity)
        self._share_every_s = share_every_s
        self._unwritten: deque[Observation] = deque(maxlen=_MOST_UNWRITTEN)
        self._known: dict[int, None] = {}  # ids that were taken in, oldest first

    async def route(self, purchase: Purchase, needs: Can) -> Route:
        """The gateways that may take it, the most worth first, and why the others may not."""
        now = self._clock.now()
        asked = [operation for can, operation in _OPERATIONS.items() if can in needs]
        able: dict[str, Gateway] = {}
        passed = []
        for gateway in self._gateways:
            if why := self._against(gateway, purchase, needs) or self._health.ill(gateway.name, asked, now):
                passed.append(Passed(gateway.name, why))
            else:
                able[gateway.name] = gateway
        ranked = self._policy.rank(purchase, list(able))
        if ranked:
            self._health.tried(ranked[0].gateway, asked, now)
        return Route(
            tuple(Choice(able[one.gateway], one.reasons) for one in ranked), tuple(passed), policy=POLICY
        )

    def ill(self, gateway: str) -> str:
        """Why a gateway is left alone now, in words; empty when it is not."""
        return self._health.ill(gateway, _OPERATIONS.values(), self._clock.now())

    def note(self, happened: Happened) -> None:
        """Learn from an answer at once, and have it written for the other nodes."""
        observed = observation(happened, self._clock.now())
        self._take_in(observed)
        self._unwritten.append(observed)

    async def run(self) -> None:
        """Take in what was observed before, then share for ever. A store that is away delays it, no more."""
        forgotten_s = -_FORGET_EVERY_S
        loaded = False
        while True:
            try:
                if not loaded:
                    await self._load()
                    loaded = True
                await self.share()
                if anyio.current_time() - forgotten_s >= _FORGET_EVERY_S:
                    forgotten_s = anyio.current_time()
                    await self._store.forget(_KEEP)
            except StoreLost as error:
                log.warning("observations of gateways are not shared for now", error=str(error))
            await anyio.sleep(self._share_every_s)

    async def share(self) -> None:
        """Write what this node observed, and take in what the others did."""
        mine = list(self._unwritten)
        self._unwritten.clear()
        try:
            if mine:
                await self._store.add(mine)
        except StoreLost:
            self._unwritten.extendleft(reversed(mine))
            raise
        for one in await self._store.others(_OVERLAP):
            if one.id not in self._known:
                self._know(one.id)
                self._take_in(one.observation)

    async def _load(self) -> None:
        kept = await self._store.latest(WINDOW * max(len(self._gateways), 1))
        self._policy.learn_all(one.observation for one in kept)
        for one in kept:
            self._know(one.id)
            self._health.note(one.observation)
        log.info("what was observed of gateways is taken in", observations=len(kept))

    def _against(self, gateway: Gateway, purchase: Purchase, needs: Can) -> str:
        rule = self._terms.against(gateway.name, purchase)
        return f"rule {rule!r}" if rule else lacking(gateway, purchase, needs)

    def _take_in(self, observed: Observation) -> None:
        self._health.note(observed)
        self._policy.learn(observed)

    def _know(self, number: int) -> None:
        self._known[number] = None
        while len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
