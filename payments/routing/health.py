"""The health of all gateways: a breaker for each operation, and an outage gate."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from payments.purchase import Operation
from payments.routing.breaker import Breaker, Tolerance
from payments.routing.gate import Gate, Outage
from payments.routing.observed import Observation, Result


class Health:
    """What all observations so far say; every node that saw the same ones says the same."""

    def __init__(self, tolerance: Tolerance, outage: Outage) -> None:
        self._breakers: dict[tuple[str, Operation], Breaker] = defaultdict(lambda: Breaker(tolerance))
        self._gates: dict[str, Gate] = defaultdict(lambda: Gate(outage))

    def note(self, observed: Observation) -> None:
        """Take an answer in."""
        broken = observed.result is Result.BROKEN
        self._breakers[observed.gateway, observed.operation].note(observed.at, broken=broken)
        self._gates[observed.gateway].note(observed.at, broken=broken)

    def ill(self, gateway: str, operations: Iterable[Operation], now: datetime) -> str:
        """Why a gateway is not asked for any of these, in words; empty when it may be."""
        for operation in operations:
            until = self._breakers[gateway, operation].open_until(now)
            if until is not None:
                return f"{operation.value} failed several times in a row: left alone until {until:%H:%M:%S}"
        return self._gates[gateway].shut(now)

    def tried(self, gateway: str, operations: Iterable[Operation], now: datetime) -> None:
        """A gateway is about to be asked."""
        for operation in operations:
            self._breakers[gateway, operation].tried(now)
