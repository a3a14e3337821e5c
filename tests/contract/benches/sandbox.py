"""The bogus gateway inside the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from core.certificate import Certificate
from core.ids import PaymentId
from payments.gateways.sandbox.cards import BOGUS_CARDS, Fate
from payments.gateways.sandbox.gateway import CAPABILITIES, Fault, SandboxGateway
from tests.contract.benches.bench import Bench, Refusal, Vendor


class SandboxBench(Bench):
    def __init__(self) -> None:
        self.gateway: SandboxGateway = SandboxGateway(Random(7), timeout_s=0.05)

    def charged(self, payment: PaymentId) -> list[int]:
        return [entry.taken_minor for entry in self.gateway.books.of(payment) if entry.taken_minor]

    def swallow_the_next_answer(self) -> None:
        self.gateway.fail(Fault.SILENT)

    def lose_the_next_order(self) -> None:
        self.gateway.fail(Fault.LOST)

    async def go_away(self) -> None:
        self.gateway.fail(Fault.REFUSE, times=10)


@asynccontextmanager
async def opened(_: Certificate) -> AsyncIterator[Bench]:
    yield SandboxBench()


REFUSALS = [
    Refusal(card.words, card.decline, card.decline_code or card.code, card.number)
    for card in BOGUS_CARDS
    if card.fate is Fate.DECLINE
]
SANDBOX = Vendor(opened, CAPABILITIES, REFUSALS, rings=False, rings_refunds=False)
