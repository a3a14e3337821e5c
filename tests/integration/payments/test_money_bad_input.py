"""Bad input at the desk: each is a named error, and nothing is written, not even in part."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from core.errors import BadInput
from core.ids import PaymentId
from core.money import Money, UnknownCurrency
from payments.methods import Keep
from payments.mistakes import BadAmount, KeyReused, NoSuchPayment, UnknownGateway
from payments.taken import Order
from tests.integration.payments.branch import Branch

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_WRITTEN = """
SELECT (SELECT count(*) FROM attempts) + (SELECT count(*) FROM payments) + (SELECT count(*) FROM refunds)
     + (SELECT count(*) FROM ledger_transactions) + (SELECT count(*) FROM audit)
"""


async def written(one: Branch) -> int:
    async with one.work.begin() as tx:
        return int((await tx.execute(text(_WRITTEN))).scalar_one())


@pytest.mark.parametrize("minor", [-1, 0], ids=["negative", "zero"])
async def test_an_amount_that_takes_nothing_is_refused(one: Branch, minor: int) -> None:
    order: Order = replace(one.order(), amount=Money(minor, "USD"), keep=Keep.NOTHING)
    with pytest.raises(BadAmount):
        await one.desk.take(order)
    assert await written(one) == 0
    assert one.gateway.books.charged == []


def test_a_currency_that_there_is_not_is_refused_before_there_is_an_order() -> None:
    with pytest.raises(UnknownCurrency, match="XXQ"):
        Money(100, "XXQ")


async def test_a_key_with_other_parameters_is_refused(one: Branch) -> None:
    await one.desk.take(one.order(key="k"))
    before = await written(one)
    with pytest.raises(KeyReused):
        await one.desk.take(replace(one.order(key="k"), amount=Money(1, "USD")))
    assert await written(one) == before


async def test_money_back_for_nothing_known_or_nothing_at_all_is_refused(one: Branch) -> None:
    with pytest.raises(NoSuchPayment):
        await one.desk.refund(PaymentId("pay_none"), key="k")
    with pytest.raises(BadInput):
        await one.desk.refund(PaymentId("pay_none"), Money(0, "USD"), key="k")
    assert await written(one) == 0


async def test_a_gateway_that_is_gone_from_the_settings_is_named(one: Branch) -> None:
    await one.desk.take(one.order())
    async with one.work.begin() as tx:
        await tx.execute(text("SET LOCAL session_replication_role = replica"))
        await tx.execute(text("UPDATE payments SET gateway = 'gone'"))
        payment = (await tx.execute(text("SELECT id FROM payments"))).scalar_one()
    before = await written(one)
    with pytest.raises(UnknownGateway, match="gone"):
        await one.desk.refund(PaymentId(payment), key="k")
    assert await written(one) == before
