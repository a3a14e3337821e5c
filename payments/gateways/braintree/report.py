"""Braintree's transaction-level fee report, as CSV.

https://developer.paypal.com/braintree/docs/reference/response/transaction-level-fee-report-row. It names no
payouts: each day's disbursement pays out all that is in it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, Final

from core.ids import PaymentId
from payments.gateways.braintree.account import CAPABILITIES
from payments.report_lines import Line, read_csv, with_payouts
from payments.settlement_row import RowKind, SettlementRow

_NEEDED: Final = (
    "transaction_id",
    "transaction_type",
    "settlement_amount",
    "settlement_currency",
    "total_fee_amount",
    "disbursement_date",
)
_KINDS: Final = {"sale": RowKind.CHARGE, "credit": RowKind.REFUND}


def read(file: BinaryIO) -> Iterator[SettlementRow]:
    """The lines of a report, and its payouts. Raises BadInput with the line that is not understood."""
    return with_payouts(read_csv(file, _NEEDED, _row))


def _row(line: Line, number: int) -> SettlementRow | None:
    day, currency = line["disbursement_date"][:10], line["settlement_currency"].upper()
    if not day:
        return None  # not paid out yet
    kind = _KINDS[line["transaction_type"].lower()]
    sign = "" if kind is RowKind.CHARGE else "-"
    gross = CAPABILITIES.currencies.parse(sign + line["settlement_amount"].lstrip("-"), currency)
    ours = line.get("order_id") or ""
    name = line["transaction_id"]
    return SettlementRow(
        kind=kind,
        ref=name,
        gross=gross,
        fee=CAPABILITIES.currencies.parse(line["total_fee_amount"] or "0", currency),
        at=datetime.fromisoformat(day).replace(tzinfo=UTC),
        batch=f"{line.get('merchant_account_id') or 'disbursement'} {day}",
        line=number,
        charge_ref=name if kind is RowKind.CHARGE else line.get("refunded_transaction_id") or "",
        payment=PaymentId(ours) if kind is RowKind.CHARGE and ours else None,
    )
