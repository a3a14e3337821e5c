"""A payment processor as the node's wiring names it: all that is needed to open an account of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from core.clock import Clock
from payments.capabilities import Capabilities
from payments.gateway import Gateway
from payments.settlement_row import SettlementRow

Reader = Callable[[BinaryIO], Iterator[SettlementRow]]
"""Reads a settlement report, row by row; raises BadInput with the line that is not understood."""


class OpenGateway(Gateway, Protocol):
    """A gateway that holds connections."""

    async def close(self) -> None:
        """Give the connections back."""
        ...


@dataclass(frozen=True, slots=True)
class Processor:
    """A vendor.

    `account` is a frozen dataclass with a field `name`, and one for each thing that an operator tells of the
    account; `open` makes the gateway of one, inside the running loop. `capabilities` is what the account that
    may do most can do. `keys` and `lookup` say in a few words, for the documentation, how an order is done
    once only, and how it is found by our reference. `report` reads its settlement reports.
    """

    vendor: str
    account: type[Any]  # each vendor's own
    open: Callable[[Any, Clock], OpenGateway]
    capabilities: Capabilities
    lookup: str
    keys: str
    report: Reader | None = None
