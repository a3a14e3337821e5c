"""Stripe's payout reconciliation report, itemized: https://docs.stripe.com/reports/payout-reconciliation.

Its amounts are decimals, and each line is a balance transaction; the payouts are told by what they pay.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, Final

from core.ids import PaymentId
from payments.gateways.stripe.amounts import CURRENCIES
from payments.report_lines import Line, read_csv, with_payouts
from payments.settlement_row import RowKind, SettlementRow

_NEEDED: Final = (
    "automatic_payout_id",
    "automatic_payout_effective_at_utc",
    "currency",
    "gross",
    "fee",
    "reporting_category",
    "source_id",
    "payment_intent_id",
)
_KINDS: Final = {
    "charge": RowKind.CHARGE,
    "refund": RowKind.REFUND,
    "partial_capture_reversal": RowKind.REFUND,
    "refund_failure": RowKind.FEE,
    "dispute": RowKind.DISPUTE,
    "dispute_reversal": RowKind.DISPUTE_WON,
    "fee": RowKind.FEE,
    "network_cost": RowKind.FEE,
    "other_adjustment": RowKind.FEE,
    "contribution": RowKind.FEE,
    "tax": RowKind.FEE,
}


def read(file: BinaryIO) -> Iterator[SettlementRow]:
    """The lines of a report, and its payouts. Raises BadInput with the line that is not understood."""
    return with_payouts(read_csv(file, _NEEDED, _row))


def _row(line: Line, number: int) -> SettlementRow | None:
    category, currency = line["reporting_category"], line["currency"].upper()
    if category not in _KINDS:
        raise ValueError(f"the category {category!r} is not known here")
    kind, intent = _KINDS[category], line["payment_intent_id"]
    ours = line.get("payment_metadata[payment]") or ""
    return SettlementRow(
        kind=kind,
        ref=intent if kind is RowKind.CHARGE and intent else line["source_id"],
        gross=CURRENCIES.parse(line["gross"], currency),
        fee=CURRENCIES.parse(line["fee"], currency),
        at=datetime.fromisoformat(line["automatic_payout_effective_at_utc"]).replace(tzinfo=UTC),
        batch=line["automatic_payout_id"],
        line=number,
        charge_ref=intent,
        payment=PaymentId(ours) if ours else None,
    )
