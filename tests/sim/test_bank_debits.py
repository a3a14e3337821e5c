"""A bank account is debited by telephone: the caller hears the code, and the money comes days later."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random

import anyio
import pytest

from core.ids import PaymentId
from ivr.capture.parameters import order_of
from ivr.capture.session import PaymentSession
from ivr.capture.words import Result
from payments.bank import AccountType, Holder
from payments.capabilities import Can
from payments.card import CardEntry, CardField
from payments.gateways.sandbox.gateway import CAPABILITIES, SandboxGateway
from payments.orders import Charge, Token
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, Pending, Unknown
from payments.session import State
from payments.webhooks.outbox import JsonValue
from pbx.fake.phone import Phone
from tests.sim.house import SimHouse, open_house
from tests.sim.leaks import leaks

pytestmark = pytest.mark.anyio

ROUTING, ACCOUNT = "021000021", "000123456789"
DEBIT: Mapping[str, JsonValue] = {
    "PaymentMethod": "ach-debit",
    "BankAccountType": "consumer-savings",
    "BankAccountHolder": "Robin Example",
    "ChargeAmount": "12.50",
    "Currency": "usd",
    "TokenType": "one-time",
    "Timeout": "60",
}
_DAY_S = 86_400.0


class Bank(SandboxGateway):
    """A gateway whose debits are under way until the bank says how they `end`."""

    capabilities = replace(CAPABILITIES, can=CAPABILITIES.can | Can.BANK_DEBIT)

    def __init__(self) -> None:
        super().__init__(Random(1))
        self.debits: dict[PaymentId, Charge] = {}
        self.holders: list[Holder] = []
        self.end: Outcome = Pending("debit_1")

    async def tokenize_account(
        self, account: CardEntry, holder: Holder, key: str
    ) -> Token | Declined | NotAttempted | Unknown:
        self.holders.append(holder)
        return Token(self.name, f"btok_{account.last2}", bank=True)

    async def purchase(self, charge: Charge) -> Outcome:
        assert charge.token.bank
        self.debits[charge.payment] = charge
        return Pending("debit_1")

    async def lookup(self, payment: PaymentId, ref: str = "") -> Outcome:
        return self.end if payment in self.debits else NotAttempted("never heard of it")


@asynccontextmanager
async def debited(bank: Bank) -> AsyncIterator[tuple[SimHouse, Phone, PaymentSession]]:
    """A caller has keyed in a bank account, and an application has had it charged."""
    async with open_house(gateway=bank) as house:
        phone = house.switch.place(flow="for_application")
        await phone.hears_out("One moment")
        await anyio.sleep(0.1)
        await house.captures.open(phone.call.id, order_of(DEBIT), "k1")
        session = house.captures.on(phone.call.id)
        for step, keys in ((CardField.ROUTING, ROUTING), (CardField.ACCOUNT, f"{ACCOUNT}#")):
            session.capture(step)
            await anyio.sleep(8)
            await phone.press(keys)
            await anyio.sleep(1)
        session.complete()
        yield house, phone, session
        phone.hang_up()
        await house.runner.drained()
        assert len(house.vault) == 0
        assert leaks(map(repr, [*house.facts.told, *house.outbox.posted]), [ACCOUNT]) == []


async def test_the_caller_hears_that_the_debit_was_ordered_and_its_code() -> None:
    bank = Bank()
    async with debited(bank) as (house, phone, session):
        await phone.hears("Your bank has been asked")
        [payment] = house.payments.all
        assert session.view.result is Result.SUCCESS
        assert session.view.confirmation == payment.receipt
        assert (payment.state, payment.amount.minor, payment.last4) == (State.UNKNOWN, 1250, "")
        assert payment.reason == "the gateway will say later"
        [holder] = bank.holders
        assert holder == Holder("Robin Example", AccountType.CONSUMER_SAVINGS)


async def test_the_ledger_moves_when_the_bank_has_paid_and_not_before() -> None:
    bank = Bank()
    async with debited(bank) as (house, phone, _):
        await phone.hears("Your bank has been asked")
        phone.hang_up()
        await anyio.sleep(_DAY_S)
        assert [payment.state for payment in house.payments.all] == [State.UNKNOWN]
        assert house.payments.ledger == []
        bank.end = Approved("debit_1")
        await anyio.sleep(300)
        assert [payment.state for payment in house.payments.all] == [State.CAPTURED]
        assert house.payments.ledger


async def test_a_debit_that_the_bank_sends_back_moves_no_money() -> None:
    bank = Bank()
    async with debited(bank) as (house, phone, _):
        await phone.hears("Your bank has been asked")
        phone.hang_up()
        bank.end = Declined(DeclineCode.INSUFFICIENT_FUNDS, "insufficient_funds", "debit_1")
        await anyio.sleep(timedelta(minutes=10).total_seconds())
        assert [payment.state for payment in house.payments.all] == [State.DECLINED]
        assert house.payments.ledger == []
