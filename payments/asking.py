"""Asking a gateway: within a time, whatever it does, and with what came of it noted for routing and fraud."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import anyio
import structlog

from payments.gateway import Gateway
from payments.orders import Page, Token
from payments.outcome import Approved, Outcome, Unknown
from payments.purchase import Operation, Purchase
from payments.risk import Fraud
from payments.route import Happened, Router

log = structlog.stdlib.get_logger(__name__)

_Answer = TypeVar("_Answer", bound=Outcome | Token | Page)
_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True)
class Asking:
    """How gateways are asked about purchases."""

    router: Router
    fraud: Fraud

    async def ask(
        self,
        purchase: Purchase,
        gateway: Gateway,
        operation: Operation,
        call: Callable[[], Awaitable[_Answer]],
        within_s: float,
    ) -> _Answer | Unknown:
        """The gateway's answer; Unknown when none came in time, or when its adapter broke."""
        began_s = anyio.current_time()
        answer = await asked(gateway, call, within_s)
        outcome = Approved("") if isinstance(answer, Token | Page) else answer
        happened = Happened(purchase, gateway.name, operation, outcome, anyio.current_time() - began_s)
        self.router.note(happened)
        self.fraud.note(happened)
        return answer


async def asked(gateway: Gateway, call: Callable[[], Awaitable[_Told]], within_s: float) -> _Told | Unknown:
    """The gateway's answer; Unknown when none came in time, or when its adapter broke."""
    try:
        with anyio.move_on_after(within_s):
            return await call()
    except Exception as error:
        # only the error's type: its text and its traceback may carry what was sent
        log.error("gateway broke", gateway=gateway.name, error=type(error).__name__)
        return Unknown(f"a fault of the gateway ({type(error).__name__})")
    return Unknown(f"no answer in {within_s:g} s")
