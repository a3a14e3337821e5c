"""Taking money: whatever breaks, a charge is written down once and never forgotten."""

from dataclasses import replace
from random import Random

import anyio
import anyio.lowlevel
import pytest

from core.ids import AccountId
from core.money import Money
from payments.card import CardEntry, CardField
from payments.gateways.sandbox.gateway import Fault, SandboxGateway
from payments.orders import Token
from payments.outcome import DeclineCode, Declined, NotAttempted, Unknown
from payments.refusal import NEXT
from payments.session import State
from payments.taken import AlreadyInProgress, BillChanged, NotTaken, Order, Paid, Refused, Taken, Unconfirmed
from tests.unit.payments.shop import DUE, SILENT, VISA, KeyedIn, Shop

pytestmark = pytest.mark.anyio


async def test_an_approved_card_pays_the_bill_and_the_ledger_balances(shop: Shop) -> None:
    taken = await shop.desk.take(shop.order())
    assert isinstance(taken, Paid)
    assert len(taken.receipt) == 8
    assert taken.receipt.isdigit()
    assert (taken.payment.state, taken.payment.last4, taken.payment.brand) == (
        State.CAPTURED,
        "4242",
        "visa",
    )
    assert [(posting.account, posting.amount.minor) for posting in shop.store.ledger] == [
        ("gateway:sandbox", 12550),
        ("account:acct_1", -12550),
    ]


@pytest.mark.parametrize(
    ("number", "code", "another"),
    [
        (b"4000000000009995", DeclineCode.INSUFFICIENT_FUNDS, True),
        (b"4000000000009987", DeclineCode.LOST_OR_STOLEN, False),
        (b"4000000000000119", DeclineCode.PROCESSING_ERROR, False),
        (b"4000002500003155", DeclineCode.AUTHENTICATION_REQUIRED, True),
    ],
)
async def test_a_refused_card_says_why_and_what_may_come_next(
    shop: Shop, number: bytes, code: DeclineCode, another: bool
) -> None:
    assert await shop.desk.take(shop.order(number)) == Refused(code, another)
    assert shop.states() == [State.DECLINED]
    assert not shop.store.ledger


def test_every_refusal_has_its_place_in_the_table() -> None:
    assert set(NEXT) == set(DeclineCode)


async def test_after_a_refusal_another_card_may_pay_the_same_bill(shop: Shop) -> None:
    await shop.desk.take(shop.order(b"4000000000009995"))
    assert isinstance(await shop.desk.take(shop.order()), Paid)


async def test_a_hang_up_in_mid_charge_still_settles(shop: Shop) -> None:
    shop.gateway.fail(Fault.SLOW, seconds=5)
    order = shop.order()
    with anyio.move_on_after(1) as call:
        await shop.desk.take(order)
    assert call.cancelled_caught
    assert shop.states() == [State.PENDING]
    await anyio.sleep(5)
    assert shop.states() == [State.CAPTURED]
    assert len(shop.gateway.books.charged) == 1


async def test_fifty_takes_at_once_for_one_bill_charge_it_once(shop: Shop) -> None:
    shop.gateway.fail(Fault.SLOW, seconds=2)
    answers: list[Taken] = []

    async def take(order: Order) -> None:
        answers.append(await shop.desk.take(order))

    async with anyio.create_task_group() as callers:
        for _ in range(50):
            callers.start_soon(take, shop.order())
    assert len(shop.gateway.books.charged) == 1
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyInProgress"] * 49 + ["Paid"]


async def test_a_bill_that_somebody_paid_meanwhile_is_not_charged_again(shop: Shop) -> None:
    shop.store.billed[AccountId("acct_1")] = DUE
    assert isinstance(await shop.desk.take(shop.order()), Paid)
    assert await shop.desk.take(shop.order()) == BillChanged(Money(0, "USD"))
    assert len(shop.gateway.books.charged) == 1


async def test_a_silent_gateway_leaves_the_payment_unknown_and_the_bill_closed_to_others(shop: Shop) -> None:
    taken = await shop.desk.take(shop.order(SILENT))
    assert isinstance(taken, Unconfirmed)
    assert taken.payment.state is State.UNKNOWN
    assert await shop.desk.take(shop.order()) == AlreadyInProgress(taken.payment.id)


async def test_a_gateway_slower_than_the_desk_waits_is_unknown_too(shop: Shop) -> None:
    shop.gateway.fail(Fault.SLOW, seconds=1000)
    taken = await shop.desk.take(shop.order())
    assert isinstance(taken, Unconfirmed)


async def test_unknown_is_settled_by_asking_the_gateway(shop: Shop) -> None:
    await shop.desk.take(shop.order(SILENT))
    await anyio.sleep(91)
    assert await shop.reconciler().sweep() == 1
    assert shop.states() == [State.CAPTURED]
    assert len(shop.store.ledger) == 2


async def test_a_payment_still_being_worked_on_is_left_alone(shop: Shop) -> None:
    shop.gateway.fail(Fault.SLOW, seconds=1000)
    shop.group.start_soon(shop.desk.take, shop.order())
    await anyio.sleep(10)
    assert await shop.reconciler().sweep() == 0


async def test_never_heard_of_is_believed_only_after_the_grace(shop: Shop) -> None:
    shop.gateway.fail(Fault.LOST)
    await shop.desk.take(shop.order())
    await anyio.sleep(100)
    assert await shop.reconciler().sweep() == 0
    assert shop.states() == [State.UNKNOWN]
    await anyio.sleep(600)
    assert await shop.reconciler().sweep() == 1
    assert shop.states() == [State.NOT_ATTEMPTED]


async def test_two_reconcilers_at_once_settle_a_payment_once(shop: Shop) -> None:
    await shop.desk.take(shop.order(SILENT))
    await anyio.sleep(91)
    async with anyio.create_task_group() as nodes:
        nodes.start_soon(shop.reconciler().sweep)
        nodes.start_soon(shop.reconciler().sweep)
    assert shop.states() == [State.CAPTURED]
    assert len(shop.store.ledger) == 2


async def test_the_reconciler_goes_on_while_the_store_is_away(shop: Shop) -> None:
    await shop.desk.take(shop.order(SILENT))
    shop.store.away = True
    shop.group.start_soon(shop.reconciler().run)
    await anyio.sleep(200)
    shop.store.away = False
    await anyio.sleep(30)
    assert shop.states() == [State.CAPTURED]


async def test_without_a_store_nothing_is_charged(shop: Shop) -> None:
    shop.store.away = True
    assert isinstance(await shop.desk.take(shop.order()), NotTaken)
    assert not shop.gateway.books.entries
    assert not shop.gateway.books.cards


async def test_a_store_lost_after_the_charge_is_written_to_when_it_is_back(shop: Shop) -> None:
    shop.gateway.fail(Fault.SLOW, seconds=2)
    order = shop.order()

    async def lose_the_store() -> None:
        await anyio.sleep(1)
        shop.store.away = True

    shop.group.start_soon(lose_the_store)
    taken = await shop.desk.take(order)
    assert isinstance(taken, Unconfirmed)
    await anyio.sleep(1000)
    assert shop.states() == [State.PENDING]
    shop.store.away = False
    await anyio.sleep(16)
    assert shop.states() == [State.CAPTURED]
    assert len(shop.gateway.books.charged) == 1


async def test_a_refusal_is_told_even_if_it_cannot_be_written_yet(shop: Shop) -> None:
    shop.gateway.fail(Fault.SLOW, seconds=2)
    order = shop.order(b"4000000000009995")

    async def lose_the_store() -> None:
        await anyio.sleep(1)
        shop.store.away = True

    shop.group.start_soon(lose_the_store)
    assert await shop.desk.take(order) == Refused(DeclineCode.INSUFFICIENT_FUNDS, True)
    shop.store.away = False
    await anyio.sleep(16)
    assert shop.states() == [State.DECLINED]


async def test_the_card_is_wiped_while_the_answer_still_waits_to_be_written(
    shop: Shop, keyed_in: KeyedIn
) -> None:
    entry = keyed_in(VISA)
    order = replace(shop.order(), card=shop.vault.seal(entry))
    shop.gateway.fail(Fault.SLOW, seconds=2)

    async def lose_the_store() -> None:
        await anyio.sleep(1)
        shop.store.away = True

    shop.group.start_soon(lose_the_store)
    await shop.desk.take(order)
    assert entry.count(CardField.NUMBER) == 0


async def test_the_next_gateway_is_asked_only_when_the_first_surely_did_nothing(shop: Shop) -> None:
    second = SandboxGateway(shop.chance)
    second.name = "second"
    desk = shop.opened(second)
    await shop.group.start(desk.run)
    shop.gateway.fail(Fault.REFUSE)
    taken = await desk.take(shop.order())
    assert isinstance(taken, Paid)
    assert taken.payment.gateway == "second"
    assert [payment.state for payment in shop.store.all] == [State.NOT_ATTEMPTED, State.CAPTURED]
    assert isinstance(await desk.take(shop.order(SILENT, "acct_2")), Unconfirmed)
    assert len(second.books.entries) == 1


class BrokenGateway(SandboxGateway):
    async def tokenize(self, card: CardEntry, key: str) -> Token | Declined | NotAttempted | Unknown:
        raise ZeroDivisionError


async def test_a_gateway_that_breaks_before_the_charge_takes_nothing_and_the_desk_lives_on(
    shop: Shop,
) -> None:
    good, shop.gateway = shop.gateway, BrokenGateway(shop.chance)
    broken = shop.opened()
    await shop.group.start(broken.run)
    assert isinstance(await broken.take(shop.order()), NotTaken)
    shop.gateway = good
    assert isinstance(await shop.desk.take(shop.order()), Paid)


async def test_a_card_can_be_used_once_only(shop: Shop) -> None:
    order = shop.order()
    assert isinstance(await shop.desk.take(order), Paid)
    assert isinstance(await shop.desk.take(order), NotTaken)
    assert len(shop.gateway.books.charged) == 1


class Stubborn(Random):
    """Draws the same code again before it draws another."""

    draws = 0

    def randrange(self, *_: int) -> int:  # type: ignore[override]
        self.draws += 1
        return 1 if self.draws < 4 else self.draws


async def test_receipts_are_never_given_twice(shop: Shop) -> None:
    desk = shop.opened(chance=Stubborn())
    await shop.group.start(desk.run)
    receipts = [await desk.take(shop.order(account=f"acct_{n}")) for n in range(2)]
    assert [paid.receipt for paid in receipts if isinstance(paid, Paid)] == ["00000001", "00000004"]


async def test_a_charge_held_up_for_too_long_is_not_sent(shop: Shop) -> None:
    class Sleepy(SandboxGateway):
        async def tokenize(self, card: CardEntry, key: str) -> Token | Declined | NotAttempted | Unknown:
            token = await super().tokenize(card, key)
            with anyio.CancelScope(shield=True):
                await anyio.sleep(70)
            return token

    shop.gateway = Sleepy(shop.chance)
    desk = shop.opened()
    await shop.group.start(desk.run)
    assert isinstance(await desk.take(shop.order()), NotTaken)
    assert not shop.gateway.books.entries


async def test_a_desk_that_drains_finishes_what_is_under_way_and_takes_nothing_new(shop: Shop) -> None:
    shop.gateway.fail(Fault.SLOW, seconds=3)
    answers: list[Taken] = []

    async def take() -> None:
        answers.append(await shop.desk.take(shop.order()))

    shop.group.start_soon(take)
    await anyio.sleep(1)
    assert await shop.desk.drain(within_s=10) == 0
    await anyio.lowlevel.checkpoint()
    assert isinstance(answers[0], Paid)
    assert await shop.desk.take(shop.order(account="acct_2")) == NotTaken("the desk is closed")


async def test_whoever_waits_is_answered_when_the_desk_is_cut_off(shop: Shop) -> None:
    desk = shop.opened()
    shop.gateway.fail(Fault.SLOW, seconds=30)
    answers: list[Taken] = []

    async def take() -> None:
        answers.append(await desk.take(shop.order()))

    async with anyio.create_task_group() as node:
        await node.start(desk.run)
        shop.group.start_soon(take)
        await anyio.sleep(1)
        node.cancel_scope.cancel()
    await anyio.lowlevel.checkpoint()
    assert isinstance(answers[0], Unconfirmed)
    assert shop.states() == [State.PENDING]
