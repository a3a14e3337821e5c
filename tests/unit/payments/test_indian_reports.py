"""Settlements of PayU and CCAvenue, in the forms that their documents show, with made-up payments."""

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest

from core.errors import BadInput
from core.ids import PaymentId
from core.money import Money
from payments.gateways.ccavenue import report as ccavenue
from payments.gateways.payu import report as payu
from payments.processor import Reader
from payments.settlement_row import RowKind, SettlementRow

# the sample of https://docs.payu.in/reference/settlement-detail-range-api
CAPTURE = {
    "action": "capture",
    "payuId": "24868774786",
    "requestId": "18044765028",
    "transactionAmount": "2480.0",
    "merchantServiceFee": "0.00000",
    "merchantNetAmount": "2467.13",
    "merchantTransactionId": "1m7z1emraa7720t4drhf4jt0x",
    "additionalTdrFee": "10.91",
    "totalServiceTax": "1.96000",
    "transactionCurrency": "INR",
    "settlementCurrency": "INR",
}
ADJUSTED = {
    "action": "ADJ_debit",
    "payuId": "ADJ_2574282",
    "transactionAmount": "987.31",
    "merchantNetAmount": "",
    "merchantTransactionId": "ADJ_2574282",
    "transactionCurrency": "INR",
    "settlementCurrency": "INR",
}
# the sample of CCAvenue's "PayId Details"
SHIPPED = {
    "amt_payable": 35.88,
    "fees": 3.6,
    "order_no": "pay_1",
    "currency": "INR",
    "amount": 40,
    "tax": 0.52,
    "ccavenue_ref_no": 20900170631,
    "txn_type": "Shipped",
}


def inr(minor: int) -> Money:
    return Money(minor, "INR")


def settlement(*transactions: object, paid: str = "1479.82", name: str = "12127298202508260245") -> object:
    return {
        "settlementId": name,
        "settlementCompletedDate": "2025-08-26 02:51:22.000000",
        "settlementAmount": paid,
        "utrNumber": "523871332950",
        "transaction": list(transactions),
    }


def ranged(*settlements: object) -> BytesIO:
    return BytesIO(json.dumps({"status": 0, "result": {"data": settlements}}).encode())


def paid_out(*transactions: object, paid: object = "35.88") -> BytesIO:
    summary = {
        "pay_Id": 40907,
        "pay_amount": paid,
        "settlement_date": "19-01-2016",
        "settlement_currency": "INR",
    }
    return BytesIO(json.dumps({"payouts": [{"summary": summary, "transactions": transactions}]}).encode())


def test_a_settlement_of_payu_is_read() -> None:
    at, batch = datetime(2025, 8, 25, 21, 21, 22, tzinfo=UTC), "12127298202508260245"
    charge, adjusted, payout = payu.read(ranged(settlement(CAPTURE, ADJUSTED)))
    ours = "1m7z1emraa7720t4drhf4jt0x"
    assert charge == SettlementRow(
        RowKind.CHARGE, ours, inr(248000), inr(1287), at, batch, 1, ours, PaymentId(f"pay_{ours}")
    )
    assert (adjusted.kind, adjusted.gross, adjusted.fee) == (RowKind.FEE, inr(-98731), inr(0))
    assert (payout.kind, payout.ref, payout.gross) == (RowKind.PAYOUT, "523871332950", inr(-147982))


def test_a_settlement_on_two_pages_is_one_and_lines_are_counted_in_each() -> None:
    other = settlement(CAPTURE, paid="2467.13", name="2")
    rows = list(payu.read(ranged(settlement(CAPTURE), settlement(ADJUSTED), other)))
    assert [(row.batch[:1], row.kind, row.line) for row in rows] == [
        ("1", RowKind.CHARGE, 1),
        ("1", RowKind.FEE, 2),
        ("1", RowKind.PAYOUT, 1_000_000),
        ("2", RowKind.CHARGE, 1),
        ("2", RowKind.PAYOUT, 1_000_000),
    ]


@pytest.mark.parametrize(
    ("action", "kind", "minor"),
    [
        ("refund", RowKind.REFUND, -10000),
        ("cancel", RowKind.REFUND, -10000),
        ("chargeback", RowKind.DISPUTE, -10000),
        ("chargeback reversal", RowKind.DISPUTE_WON, 10000),
        ("ADJ_credit", RowKind.FEE, 10000),
    ],
)
def test_what_leaves_payu_is_below_zero_whatever_its_sign(action: str, kind: RowKind, minor: int) -> None:
    for written in ("100.00", "-100.00") if minor < 0 else ("100.00",):
        line = CAPTURE | {"action": action, "transactionAmount": written, "merchantNetAmount": written}
        row = next(iter(payu.read(ranged(settlement(line)))))
        assert (row.kind, row.gross, row.fee) == (kind, inr(minor), inr(0))
        assert row.ref == "18044765028"


def test_a_charge_that_costs_more_than_it_brings_is_read() -> None:
    line = CAPTURE | {"transactionAmount": "1.00", "merchantNetAmount": "-0.18"}
    row = next(iter(payu.read(ranged(settlement(line)))))
    assert (row.gross, row.fee) == (inr(100), inr(118))


def test_a_payout_of_ccavenue_is_read() -> None:
    back = SHIPPED | {"txn_type": "Refunded", "amount": 10, "amt_payable": 10, "fees": 0, "tax": 0}
    text = {"txn_type": "MSGCHRG", "amount": 1, "amt_payable": 1.5, "currency": "INR", "ccavenue_ref_no": ""}
    charge, refund, texts, payout = ccavenue.read(paid_out(SHIPPED, back, text, paid=24.38))
    at = datetime(2016, 1, 18, 18, 30, tzinfo=UTC)
    assert charge == SettlementRow(
        RowKind.CHARGE, "20900170631", inr(4000), inr(412), at, "40907", 1, "20900170631", PaymentId("pay_1")
    )
    assert (refund.kind, refund.ref, refund.charge_ref, refund.gross) == (
        RowKind.REFUND,
        "",
        "20900170631",
        inr(-1000),
    )
    assert (texts.kind, texts.gross, texts.payment) == (RowKind.FEE, inr(-150), None)
    assert (payout.kind, payout.ref, payout.gross) == (RowKind.PAYOUT, "40907", inr(-2438))


def test_a_payout_that_is_not_what_its_transactions_come_to_is_refused() -> None:
    with pytest.raises(
        BadInput, match=r"payout 40907 is 40\.00 INR, and its transactions come to 35\.88 INR"
    ):
        list(ccavenue.read(paid_out(SHIPPED, paid="40.00")))


@pytest.mark.parametrize(
    ("read", "file", "said"),
    [
        (
            payu.read,
            ranged(settlement(CAPTURE, CAPTURE | {"action": "refundreversal"})),
            "line 2 .* 'refundrev",
        ),
        (
            payu.read,
            ranged(settlement(CAPTURE | {"transactionCurrency": "USD"})),
            "line 1 .* another currency",
        ),
        (payu.read, ranged(settlement(CAPTURE | {"transactionAmount": "x"})), "line 1 .* not an amount"),
        (payu.read, ranged({"transaction": []}), "as PayU's API answers it"),
        (payu.read, BytesIO(b"a,b\n"), "as PayU's API answers it"),
        (payu.read, BytesIO(b'{"status": 1, "result": "No data found"}'), "as PayU's API answers it"),
        (ccavenue.read, paid_out(SHIPPED | {"txn_type": "ASUC"}), "line 1 .* 'ASUC' is a type"),
        (ccavenue.read, paid_out(SHIPPED | {"currency": "USD"}), "line 1 .* another currency"),
        (ccavenue.read, paid_out({"txn_type": "Shipped"}), "line 1 is not understood"),
        (ccavenue.read, BytesIO(b'{"payouts": [{"summary": {}}]}'), "a list `payouts`"),
        (ccavenue.read, BytesIO(b"[]"), "a list `payouts`"),
    ],
)
def test_what_is_not_understood_is_named(read: Reader, file: BytesIO, said: str) -> None:
    file.seek(0)
    with pytest.raises(BadInput, match=said):
        list(read(file))
