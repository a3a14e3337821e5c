"""Bank accounts at the desk: traded for tokens without any money moved, or debited once."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from core.ids import AccountId
from core.money import Money
from payments.bank import Holder
from payments.bank_tokens import BankOrder
from payments.capabilities import Can
from payments.card import CardEntry, CardField
from payments.gateways.sandbox.gateway import CAPABILITIES, SandboxGateway
from payments.methods import Keep
from payments.mistakes import BadAmount
from payments.orders import Token
from payments.outcome import Declined, NotAttempted, Unknown
from payments.purchase import Purchase
from payments.risk import AllowAll, Decision, Verdict
from payments.taken import NotTaken, OnPageOnly, Order
from tests.unit.payments.conftest import TODAY
from tests.unit.payments.shop import DUE, Shop

pytestmark = pytest.mark.anyio


class Debits(SandboxGateway):
    """A gateway that takes bank accounts, or does not answer about them."""

    capabilities = replace(CAPABILITIES, can=CAPABILITIES.can | Can.BANK_DEBIT)

    def __init__(self, name: str, *, away: bool = False, broken: bool = False) -> None:
        super().__init__(Random(1))
        self.name, self.away, self.broken = name, away, broken
        self.asked = 0

    async def tokenize_account(
        self, account: CardEntry, holder: Holder, key: str
    ) -> Token | Declined | NotAttempted | Unknown:
        self.asked += 1
        if self.away:
            return NotAttempted("refused the connection")
        if self.broken:
            raise ZeroDivisionError
        token = Token(self.name, f"btok_{account.last2}")
        self.books.cards[token.value] = 0
        return token


def order(shop: Shop, *, reusable: bool = False) -> BankOrder:
    entry = CardEntry()
    for field, digits in ((CardField.ROUTING, b"021000021"), (CardField.ACCOUNT, b"000123456789")):
        for digit in digits:
            assert entry.append(field, digit)
        assert entry.finish(field, TODAY) is None
    return BankOrder(shop.vault.seal_account(entry), AccountId("acct_1"), "key-1", reusable)


async def test_a_bank_account_becomes_a_token_and_is_used_up(shop: Shop) -> None:
    desk, asked = shop.opened(Debits("bank")), order(shop)
    await shop.group.start(desk.run)
    assert await desk.keep_account(asked) == Token("bank", "btok_89")
    assert isinstance(await desk.keep_account(asked), NotAttempted)
    assert shop.store.all == []


async def test_the_next_gateway_is_asked_when_one_surely_did_nothing(shop: Shop) -> None:
    away, bank = Debits("away", away=True), Debits("bank")
    desk = shop.opened(away, bank)
    await shop.group.start(desk.run)
    assert isinstance(await desk.keep_account(order(shop)), Token)
    assert (away.asked, bank.asked) == (1, 1)


async def test_a_gateway_that_breaks_makes_no_token_and_the_account_is_gone(shop: Shop) -> None:
    desk = shop.opened(Debits("bank", broken=True))
    await shop.group.start(desk.run)
    assert isinstance(await desk.keep_account(order(shop)), NotAttempted)
    assert len(shop.vault) == 0


async def test_a_line_whose_gateways_take_no_bank_accounts_says_so(shop: Shop) -> None:
    assert isinstance(await shop.desk.keep_account(order(shop)), NotAttempted)


async def test_a_token_for_many_charges_is_made_reusable(shop: Shop) -> None:
    desk = shop.opened(Debits("bank"))
    await shop.group.start(desk.run)
    made = await desk.keep_account(order(shop, reusable=True))
    assert isinstance(made, Token)
    assert made.reusable


class Screen(AllowAll):
    """Wants a person to look at everything."""

    async def score(self, purchase: Purchase) -> Verdict:
        return Verdict(Decision.REVIEW)


def debit(shop: Shop) -> Order:
    asked = order(shop)
    return Order(DUE, asked.bank, asked.account, key="debit-1")


async def test_a_debit_that_the_fraud_screen_doubts_is_not_taken_and_the_account_is_gone(shop: Shop) -> None:
    bank = Debits("bank")
    desk = shop.opened(bank, fraud=Screen())
    await shop.group.start(desk.run)
    assert isinstance(await desk.take(debit(shop)), NotTaken)
    assert (bank.asked, len(shop.vault), shop.store.all) == (0, 0, [])


@pytest.mark.parametrize(
    "wrong", [{"hold": True}, {"keep": Keep.REUSABLE}, {"amount": Money(0, "USD"), "keep": Keep.ONE_TIME}]
)
async def test_a_bank_account_is_debited_once_and_nothing_else(shop: Shop, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadAmount, match="a bank account is debited once"):
        await shop.desk.take(replace(debit(shop), **wrong))
    assert len(shop.vault) == 0


async def test_a_debit_is_refused_where_no_gateway_takes_bank_accounts(shop: Shop) -> None:
    await shop.group.start(shop.desk.run)
    assert isinstance(await shop.desk.take(debit(shop)), NotTaken | OnPageOnly)
    assert shop.store.all == []
