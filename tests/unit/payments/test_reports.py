"""Vendors' settlement reports, in the forms that they document."""

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest

from core.errors import BadInput
from core.ids import PaymentId
from core.money import Money
from payments.gateways.razorpay import report as razorpay
from payments.settlement_row import RowKind, SettlementRow


def inr(minor: int) -> Money:
    return Money(minor, "INR")


# https://razorpay.com/docs/api/settlements/fetch-recon/, shortened to what is read
NAME = "pay_DEXrnipqTmWVGE"
PAID = {
    "entity_id": NAME,
    "type": "payment",
    "debit": 0,
    "credit": 97100,
    "amount": 100000,
    "currency": "INR",
    "fee": 2900,
    "tax": 0,
    "on_hold": False,
    "settled": True,
    "settled_at": 1568176960,
    "settlement_id": "setl_DGlQ1Rj8os78Ec",
    "notes": "{}",
    "payment_id": None,
    "order_receipt": "pay_1",
    "dispute_id": None,
}
GIVEN_BACK = {
    **PAID,
    "entity_id": "rfnd_DGRcGzZSLyEdg1",
    "type": "refund",
    "debit": 24250,
    "credit": 0,
    "amount": 24250,
    "fee": 0,
    "payment_id": "pay_DEXq1pACSqFxtS",
    "order_receipt": None,
}
ADJUSTED = {**PAID, "entity_id": "adj_1", "type": "adjustment", "credit": 1012, "amount": 1012, "fee": 0}


def recon(*items: object) -> BytesIO:
    return BytesIO(json.dumps({"entity": "collection", "count": len(items), "items": items}).encode())


def test_a_settlement_recon_of_razorpay_is_read_and_paid_out_whole() -> None:
    rows = list(razorpay.read(recon(PAID, GIVEN_BACK, ADJUSTED, {**PAID, "settled": False})))
    at, batch = datetime(2019, 9, 11, 4, 42, 40, tzinfo=UTC), "setl_DGlQ1Rj8os78Ec"
    charge, refund, adjusted, payout = rows
    assert charge == SettlementRow(
        RowKind.CHARGE, NAME, inr(100000), inr(2900), at, batch, 1, NAME, PaymentId("pay_1")
    )
    assert (refund.kind, refund.gross, refund.charge_ref) == (
        RowKind.REFUND,
        inr(-24250),
        "pay_DEXq1pACSqFxtS",
    )
    assert (adjusted.kind, adjusted.gross) == (RowKind.FEE, inr(1012))
    assert (payout.kind, payout.gross, payout.line) == (RowKind.PAYOUT, inr(-(97100 - 24250 + 1012)), 5)


@pytest.mark.parametrize("kind", ["transfer", "", "reversal"])
def test_an_item_of_another_kind_is_named(kind: str) -> None:
    with pytest.raises(BadInput, match="line 2 is not understood"):
        list(razorpay.read(recon(PAID, {**PAID, "type": kind})))


@pytest.mark.parametrize("file", [b"", b"[]", b"a,b\n1,2\n", b'{"items": [1]}', b'{"items": {}}'])
def test_what_is_no_recon_is_refused(file: bytes) -> None:
    with pytest.raises(BadInput):
        list(razorpay.read(BytesIO(file)))
