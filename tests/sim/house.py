"""A whole line in memory and in virtual time, with scripted callers."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

import anyio

from asr.fake import FakeRecognizer
from asr.fake_vad import LoudIsVoice
from asr.grammar import check
from asr.intents.classifier import Classifier
from asr.intents.model import load
from asr.recognizer import Recognizer
from core.audio import Audio
from core.clock import Clock
from core.errors import StoreLost
from core.events import Fact
from core.ids import AccountId, PaymentId
from core.lag import Lag
from core.money import Money
from core.virtual_time import LoopClock
from ivr.accounts import Account
from ivr.capture.booth import Safe
from ivr.capture.captures import Captures
from ivr.capture.guard import Check, Guard, Need
from ivr.capture.terms import CaptureTerms
from ivr.capture.till import DeskTill
from ivr.conversation import House
from ivr.ear import Ears, Recalls
from ivr.flows.for_application import for_application
from ivr.flows.front_desk import front_desk
from ivr.flows.pay_bill import pay_bill
from ivr.flows.speak_to_agent import speak_to_agent
from ivr.handover import Handover
from ivr.intents import Intents, Reader
from ivr.live import LiveCalls
from ivr.memory import MemoryAccounts, MemoryFacts, MemorySessions
from ivr.memory_requests import MemoryRequests
from ivr.record import Record
from ivr.runner import Limits, Runner
from ivr.services import Flows, Services
from ivr.sessions import Session
from ivr.texts import Texts
from messages.memory import MemoryLetters
from node.intents import TRAINED
from payments.attempt import Attempt
from payments.brand import Brand
from payments.desk import Desk
from payments.fraud.one_time_code import OneTimeCodes
from payments.gateways.sandbox.gateway import SandboxGateway
from payments.links.memory import MemoryLinks
from payments.links.offering import Offering
from payments.memory import MemoryPayments
from payments.memory_money_back import memory_stores
from payments.reconcile import Reconciler
from payments.risk import Fraud
from payments.route import FirstRoute
from payments.session import UNSETTLED
from payments.store import Move, Opened, Payment
from payments.vault import Vault
from payments.webhooks.outbox import MemoryOutbox
from pbx.fake.phone import Phone, Script
from pbx.fake.switch import FakeSwitch
from tts.fake import SilentSounds
from tts.sounds import Sound

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
CLOCK = LoopClock(START)
AGENTS = "support"
TEXTS = Texts({"company": "Example Power"})
INTENTS = Intents({"en": Reader(Classifier(load(TRAINED / "en.intents")))})
FLOWS: Flows = {
    "front_desk": front_desk,
    "pay_bill": pay_bill,
    "speak_to_agent": speak_to_agent,
    "for_application": for_application,
}

F = TypeVar("F", bound=Fact)


class FaultyPayments(MemoryPayments):
    """A store of payments that goes away when `lost` is set."""

    lost = False

    async def open(self, payment: Payment, attempt: Attempt | None = None) -> Opened:
        self._refuse()
        return await MemoryPayments.open(self, payment, attempt)

    async def move(self, payment: PaymentId, move: Move) -> Payment:
        self._refuse()
        return await MemoryPayments.move(self, payment, move)

    async def unsettled(self, older_than: timedelta) -> list[Payment]:
        self._refuse()
        return await MemoryPayments.unsettled(self, older_than)

    def forget_settled(self) -> None:
        """Keep those that are open, for a simulation so long that the rest would fill the memory."""
        open_ones = {name: payment for name, payment in self._payments.items() if payment.state in UNSETTLED}
        self._payments, self.ledger, self.attempts = open_ones, [], {}
        self._touched = {name: at for name, at in self._touched.items() if name in open_ones}

    def _refuse(self) -> None:
        if self.lost:
            raise StoreLost("the store of payments was told to be lost")


@dataclass(frozen=True)
class SimHouse:
    """The line's parts, for a test to look at."""

    switch: FakeSwitch
    runner: Runner
    accounts: MemoryAccounts
    sessions: MemorySessions
    facts: MemoryFacts
    sounds: SilentSounds
    payments: FaultyPayments
    gateway: SandboxGateway
    vault: Vault
    desk: Desk
    captures: Captures
    outbox: MemoryOutbox
    live: LiveCalls
    requests: MemoryRequests
    links: MemoryLinks
    messages: MemoryLetters

    async def call(
        self,
        script: Script,
        *,
        flow: str = "",
        caller: str = "",
        resumed: bool = False,
        language: str = "",
    ) -> Phone:
        """Place a call and wait until it is over and written down."""
        phone = self.switch.place(script, caller=caller, flow=flow, resumed=resumed, language=language)
        with anyio.fail_after(3 * 3600):
            await phone.ended()
            await self.runner.drained()
        return phone

    def told(self, kind: type[F]) -> list[F]:
        """Facts of one kind, in order."""
        return [fact for fact in self.facts.told if isinstance(fact, kind)]

    @property
    def kept(self) -> list[Session]:
        """All calls on record."""
        return self.sessions.all

    async def session(self) -> Session:
        """The newest call on record."""
        return (await self.sessions.recent(1))[0]


def bill(number: str, due: Money) -> Account:
    """An account with something to pay."""
    return Account(AccountId(f"acc_{number}"), number, due)


BILLS = (bill("12345678", Money(12_550, "USD")), bill("5550", Money(0, "USD")))


async def forgets(_sound: Path) -> Audio | None:
    """No sound of a simulation lies anywhere."""
    return None


@asynccontextmanager
async def open_house(
    *,
    bills: Iterable[Account] = BILLS,
    callers: Iterable[tuple[str, str]] = (),
    flows: Flows = FLOWS,
    agents: str = AGENTS,
    accepted: frozenset[Brand] = frozenset(Brand),
    terms: CaptureTerms | None = None,
    checks: Mapping[Need, Check] | None = None,
    calls: int = 200,
    lag: Lag | None = None,
    longest_call_s: float = 7200.0,
    kept: int = 1_000_000,
    seed: int = 0,
    says: Iterable[str] | None = None,
    room: bool = True,
    texts: Texts = TEXTS,
    recalls: Recalls = forgets,
    hears: Recognizer | None = None,
    languages: tuple[str, ...] = ("es",),
    comfort: Sound | None = None,
    account_check: check.Check = bool,
    fraud: Fraud | None = None,
    codes: Callable[[Clock], OneTimeCodes] | None = None,
    gateway: SandboxGateway | None = None,
) -> AsyncIterator[SimHouse]:
    """The line is open for as long as the `async with` lasts; everything of it has ended afterwards.

    It listens when `says` tells what callers say, one after the other, and its recognizer has `room`.
    """
    clock, vault = CLOCK, Vault()
    switch = FakeSwitch(seconds=SilentSounds.seconds)
    accounts, sessions, facts = MemoryAccounts(bills, callers), MemorySessions(kept), MemoryFacts(kept)
    bills = tuple(bills)
    billed = {account.id: account.due for account in bills}
    payments, gateway = FaultyPayments(clock, billed), gateway or SandboxGateway(Random(seed))
    stores, gateways = memory_stores(payments), {gateway.name: gateway}
    desk = Desk(stores, vault, gateways, FirstRoute([gateway]), clock=clock, chance=Random(seed), fraud=fraud)
    reconciler = Reconciler(stores, gateways, clock)
    sounds = SilentSounds()
    requests, messages = MemoryRequests(clock), MemoryLetters()
    links = MemoryLinks(clock, payments.find)
    ear = hears if says is None else FakeRecognizer(says, up=room)
    safe, live, outbox = Safe(vault, clock, Guard(checks or {})), LiveCalls(), MemoryOutbox()
    captures = Captures(live, safe, DeskTill(desk), outbox)
    house = House(
        texts=texts,
        keyed=TEXTS,
        sounds=sounds,
        facts=facts,
        record=Record(sessions),
        handover=Handover(switch.originate),
        services=Services(
            accounts,
            desk,
            terms or CaptureTerms(accepted=accepted),
            agents,
            codes and codes(clock),
            requests,
            Offering(
                links,
                messages,
                clock,
                base_url="https://pay.example.com",
                lasts=timedelta(hours=72),
            ),
            INTENTS,
            clock,
            account_check,
        ),
        clock=clock,
        safe=safe,
        live=live,
        node="sim",
        longest_call_s=longest_call_s,
        ears=Ears(ear, LoudIsVoice(), recalls=recalls) if ear is not None else None,
        languages=languages,
        comfort=comfort,
    )
    runner = Runner(switch, flows, house, Limits(calls=calls), lag)
    async with anyio.create_task_group() as group:
        for run in (switch.run, desk.run, vault.run, captures.run, runner.run, reconciler.run):
            await group.start(run)
        yield SimHouse(
            switch,
            runner,
            accounts,
            sessions,
            facts,
            sounds,
            payments,
            gateway,
            vault,
            desk,
            captures,
            outbox,
            live,
            requests,
            links,
            messages,
        )
        group.cancel_scope.cancel()
