"""Which gateways may take a purchase: the question that the Desk asks, and the answer with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from payments.capabilities import Can
from payments.gateway import Gateway
from payments.outcome import Outcome
from payments.purchase import Operation, Purchase


@dataclass(frozen=True, slots=True)
class Choice:
    """A gateway that may be asked, and why it stands where it stands."""

    gateway: Gateway
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """A gateway that is not asked, and why."""

    gateway: str
    reason: str


@dataclass(frozen=True, slots=True)
class Route:
    """Best first; the next is asked only when the one before surely did nothing. Written with the attempt.

    `policy` names what decided, with its version, such as `first` or `linucb/3`.
    """

    choices: tuple[Choice, ...]
    passed: tuple[Passed, ...] = ()
    policy: str = "first"


@dataclass(frozen=True, slots=True)
class Happened:
    """What came of asking a gateway, and how long it took."""

    purchase: Purchase
    gateway: str
    operation: Operation
    outcome: Outcome
    took_s: float


class Router(Protocol):
    """Decides who may take a purchase."""

    async def route(self, purchase: Purchase, needs: Can) -> Route:
        """The gateways that can do all of `needs` and may take it; none at all when nobody may.

        Raises StoreLost when what it must know cannot be read.
        """
        ...

    def note(self, answer: Happened) -> None:
        """Learn from an answer; returns at once, and never raises: the payer is waiting."""
        ...


class FirstRoute:
    """All gateways that can, in the order given: for lines with one gateway, and for tests."""

    def __init__(self, gateways: Sequence[Gateway]) -> None:
        self._gateways = gateways

    async def route(self, purchase: Purchase, needs: Can) -> Route:
        """Those that can do what is needed, in that currency and with that brand of card."""
        told = [(gateway, lacking(gateway, purchase, needs)) for gateway in self._gateways]
        return Route(
            tuple(Choice(gateway, ("in the order of the settings",)) for gateway, why in told if not why),
            tuple(Passed(gateway.name, why) for gateway, why in told if why),
        )

    def note(self, answer: Happened) -> None:
        """The order stays as it is."""


def lacking(gateway: Gateway, purchase: Purchase, needs: Can) -> str:
    """What a gateway's declared capabilities lack for a purchase, in words; empty when nothing."""
    declared = gateway.capabilities
    if needs.value & ~declared.can.value:  # as numbers: it is asked for every gateway of every purchase
        missing = needs & ~declared.can
        return f"cannot {', '.join(sorted(str(can.name).lower() for can in missing))}"
    if declared.currencies.count(purchase.amount) is None and purchase.amount.minor:
        return f"cannot charge {purchase.amount}"
    if purchase.brand and purchase.brand not in declared.brands:
        return f"takes no {purchase.brand}"
    return ""
