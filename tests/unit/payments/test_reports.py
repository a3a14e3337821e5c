"""Vendors' settlement reports, in the forms that they document."""

import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from core.errors import BadInput
from core.ids import PaymentId
from core.money import Money
from payments.gateways.amazon_pay import report as amazon_pay
from payments.gateways.braintree import report as braintree
from payments.gateways.paypal import report as paypal
from payments.gateways.razorpay import report as razorpay
from payments.gateways.square import report as square
from payments.gateways.stripe import report as stripe
from payments.processor import Reader
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
    assert (payout.kind, payout.gross, payout.line) == (
        RowKind.PAYOUT,
        inr(-(97100 - 24250 + 1012)),
        1_000_000,
    )


@pytest.mark.parametrize("kind", ["transfer", "", "reversal"])
def test_an_item_of_another_kind_is_named(kind: str) -> None:
    with pytest.raises(BadInput, match="line 2 is not understood"):
        list(razorpay.read(recon(PAID, {**PAID, "type": kind})))


@pytest.mark.parametrize("file", [b"", b"[]", b"a,b\n1,2\n", b'{"items": [1]}', b'{"items": {}}'])
def test_what_is_no_recon_is_refused(file: bytes) -> None:
    with pytest.raises(BadInput):
        list(razorpay.read(BytesIO(file)))


# in the columns that the vendors document, with made-up payments
_REPORTS = Path(__file__).parent / "reports"
STRIPE = (_REPORTS / "stripe.csv").read_text("utf-8")
PAYPAL = (_REPORTS / "paypal.csv").read_text("utf-8")
BRAINTREE = (_REPORTS / "braintree.csv").read_text("utf-8")


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def test_a_payout_reconciliation_of_stripe_is_read() -> None:
    rows = list(stripe.read(BytesIO(STRIPE.encode())))
    at = datetime(2026, 11, 26, tzinfo=UTC)
    assert rows[0] == SettlementRow(
        RowKind.CHARGE, "pi_1", usd(12550), usd(394), at, "po_1", 2, "pi_1", PaymentId("pay_1")
    )
    assert [(row.kind, row.ref, row.gross, row.fee) for row in rows[1:4]] == [
        (RowKind.REFUND, "re_1", usd(-2550), usd(0)),
        (RowKind.DISPUTE, "dp_1", usd(-1000), usd(1500)),
        (RowKind.FEE, "txn_4", usd(-120), usd(0)),
    ]
    assert (rows[4].ref, rows[4].gross) == ("pi_5", Money(500, "JPY"))
    assert [(row.kind, row.ref, row.gross, row.line) for row in rows[5:]] == [
        (RowKind.PAYOUT, "po_1", usd(-(12156 - 2550 - 2500 - 120)), 1_000_000),
        (RowKind.PAYOUT, "po_2", Money(-480, "JPY"), 1_000_000),
    ]


def test_a_settlement_report_of_paypal_is_read() -> None:
    charge, refund, payout = paypal.read(BytesIO(PAYPAL.encode()))
    assert (charge.kind, charge.ref, charge.gross, charge.fee) == (
        RowKind.CHARGE,
        "1AB",
        usd(12550),
        usd(399),
    )
    assert (charge.payment, charge.line, charge.batch) == ("pay_1", 5, "2026/11/26 03:00:00 -0800")
    assert charge.at == datetime(2026, 11, 25, 18, 0, 1, tzinfo=UTC)
    assert (refund.kind, refund.charge_ref, refund.gross, refund.fee) == (
        RowKind.REFUND,
        "1AB",
        usd(-2550),
        usd(-81),
    )
    assert (payout.kind, payout.gross) == (RowKind.PAYOUT, usd(-9682))
    assert sum(row.gross.minor - row.fee.minor for row in (charge, refund, payout)) == 0


def test_a_fee_report_of_braintree_is_read_without_what_is_not_paid_out_yet() -> None:
    charge, refund, payout = braintree.read(BytesIO(BRAINTREE.encode()))
    at = datetime(2026, 11, 26, tzinfo=UTC)
    assert charge == SettlementRow(
        RowKind.CHARGE, "abc1", usd(12550), usd(394), at, "shop 2026-11-26", 2, "abc1", PaymentId("pay_1")
    )
    assert (refund.kind, refund.ref, refund.charge_ref, refund.gross) == (
        RowKind.REFUND,
        "abc2",
        "abc1",
        usd(-2550),
    )
    assert (payout.kind, payout.gross) == (RowKind.PAYOUT, usd(-(12550 - 394 - 2550)))


# https://developer.squareup.com/docs/payouts-api/list-payout-entries, with made-up ids
def entry(kind: str, gross: int, net: int, **more: object) -> dict[str, object]:
    def money(amount: int) -> dict[str, object]:
        return {"amount": amount, "currency_code": "USD"}

    return {
        "id": f"poe_{kind}",
        "payout_id": "po_1",
        "effective_at": "2026-11-26T03:07:09Z",
        "type": kind,
        "gross_amount_money": money(gross),
        "fee_amount_money": money(abs(gross - net)),
        "net_amount_money": money(net),
        **more,
    }


def entries(*several: object) -> BytesIO:
    return BytesIO(json.dumps({"payout_entries": several}).encode())


SOLD = entry("CHARGE", 15000, 14535, type_charge_details={"payment_id": "sq_1"})
BACK = entry("REFUND", -5000, -4845, type_refund_details={"payment_id": "sq_1", "refund_id": "sq_1_r"})
HELD = entry(
    "OPEN_DISPUTE", -100, -100, type_open_dispute_details={"payment_id": "sq_1", "dispute_id": "dp_1"}
)
RELEASED = entry("DISPUTE", 100, 100, type_dispute_details={"payment_id": "sq_1", "dispute_id": "dp_1"})


def test_payout_entries_of_square_are_read_and_paid_out_whole() -> None:
    file = entries(SOLD, BACK, HELD, RELEASED, entry("ADJUSTMENT", 50, 50))
    charge, refund, held, won, adjusted, payout = square.read(file)
    at = datetime(2026, 11, 26, 3, 7, 9, tzinfo=UTC)
    assert charge == SettlementRow(RowKind.CHARGE, "sq_1", usd(15000), usd(465), at, "po_1", 1, "sq_1")
    assert (refund.kind, refund.ref, refund.charge_ref, refund.gross, refund.fee) == (
        RowKind.REFUND,
        "sq_1_r",
        "sq_1",
        usd(-5000),
        usd(-155),
    )
    assert (held.kind, held.ref, won.kind) == (RowKind.DISPUTE, "dp_1", RowKind.DISPUTE_WON)
    assert (adjusted.kind, adjusted.ref) == (RowKind.FEE, "poe_ADJUSTMENT")
    assert (payout.kind, payout.gross) == (RowKind.PAYOUT, usd(-(14535 - 4845 + 50)))


@pytest.mark.parametrize("file", [b"", b"[]", b'{"payout_entries": {}}', b'{"payout_entries": [1]}'])
def test_what_are_no_payout_entries_is_refused(file: bytes) -> None:
    with pytest.raises(BadInput):
        list(square.read(BytesIO(file)))


def test_a_payout_entry_of_another_kind_is_named() -> None:
    with pytest.raises(BadInput, match="line 2 is not understood"):
        list(square.read(entries(SOLD, entry("ESCHEATMENT", 1, 1))))


# https://developer.amazon.com/docs/amazon-pay-reports/settlement-reports.html, with made-up ids
AMAZON = """SellerId,A1EXAMPLE
SettlementStartDate,2026-11-18T14:37:01-0700
SettlementEndDate,2026-11-25T14:37:03-0700
TransactionPostedDate,SettlementId,AmazonTransactionId,SellerReferenceId,TransactionType,TransactionAmount,\
TransactionDescription,CurrencyCode,TotalTransactionFee,NetTransactionAmount
2026-11-20T15:48:50-0000,5044,P01-1-C1,ref1,Capture,125.50,bill,USD,-3.94,121.56
2026-11-21T15:48:50-0000,5044,P01-1-R1,ref2,Refund,-25.50,bill,USD,0.80,-24.70
2026-11-22T15:48:50-0000,5044,P01-1-C2,ref3,Chargeback,-10.00,,USD,0.00,-10.00
2026-11-25T15:48:50-0000,5044,,,Transfer,-86.86,,USD,0.00,-86.86
""".replace("\\\n", "")


def test_a_settlement_report_of_amazon_pay_is_read_below_its_head() -> None:
    charge, refund, disputed, payout = amazon_pay.read(BytesIO(AMAZON.encode()))
    at = datetime(2026, 11, 20, 15, 48, 50, tzinfo=UTC)
    assert charge == SettlementRow(
        RowKind.CHARGE, "P01-1-C1", usd(12550), usd(394), at, "5044", 5, "P01-1-C1"
    )
    assert (refund.kind, refund.gross, refund.fee) == (RowKind.REFUND, usd(-2550), usd(-80))
    assert (disputed.kind, disputed.gross) == (RowKind.DISPUTE, usd(-1000))
    assert (payout.kind, payout.ref, payout.gross) == (RowKind.PAYOUT, "5044", usd(-8686))
    assert sum(row.gross.minor - row.fee.minor for row in (charge, refund, disputed, payout)) == 0


@pytest.mark.parametrize(
    ("read", "file", "said"),
    [
        (stripe.read, STRIPE.replace("dispute,", "magic,"), "line 4 is not understood"),
        (stripe.read, STRIPE.replace("125.50", "125.501"), "line 2 is not understood"),
        (stripe.read, STRIPE.replace("gross,", "brutto,"), "missing: gross"),
        (paypal.read, PAYPAL.replace("T1107", "T9999"), "line 6 is not understood"),
        (paypal.read, PAYPAL.replace('"DR",2550', '"XX",2550'), "line 6 is not understood"),
        (paypal.read, "a,b\n1,2\n", "has a line RH"),
        (braintree.read, BRAINTREE.replace("credit", "gift"), "line 3 is not understood"),
        (braintree.read, BRAINTREE.replace("Transaction ID", "Name"), "missing: transaction_id"),
        (braintree.read, BRAINTREE.replace("USD", "XXQ"), "line 2 is not understood"),
        (amazon_pay.read, AMAZON.replace("Chargeback", "Gift"), "line 7 is not understood"),
        (amazon_pay.read, AMAZON.replace("CurrencyCode", "Money"), "line 4 must name"),
        (amazon_pay.read, "a,b\n1,2\n", "this is no settlement report"),
    ],
)
def test_a_line_that_is_not_understood_is_named(read: Reader, file: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        list(read(BytesIO(file.encode())))


def test_a_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(BadInput, match="line 2 is not UTF-8"):
        list(stripe.read(BytesIO(STRIPE.encode().replace(b"bill 1", b"\xff"))))
