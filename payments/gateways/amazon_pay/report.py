"""Amazon Pay's settlement report, as CSV.

https://developer.amazon.com/docs/amazon-pay-reports/settlement-reports.html. Some lines about the report
stand above its headings; a `Transfer` is what went to the bank.
"""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import BinaryIO, Final

from core.errors import BadInput
from payments.gateways.amazon_pay.account import CAPABILITIES
from payments.report_lines import Line, read_csv
from payments.settlement_row import RowKind, SettlementRow

_HEADING: Final = b"TransactionPostedDate"
_NEEDED: Final = (
    "transactionposteddate",
    "settlementid",
    "amazontransactionid",
    "transactiontype",
    "transactionamount",
    "currencycode",
    "nettransactionamount",
)
_KINDS: Final = {
    "Capture": RowKind.CHARGE,
    "Refund": RowKind.REFUND,
    "A-to-z Guarantee Claim": RowKind.DISPUTE,
    "Chargeback": RowKind.DISPUTE,
    "Dispute": RowKind.DISPUTE,
    "Transfer": RowKind.PAYOUT,
    "Adjustment": RowKind.FEE,
    "Carryover": RowKind.FEE,
    "Debt": RowKind.FEE,
    "Reserve": RowKind.FEE,  # money that belongs to no payment, held back and given free again
}


def read(file: BinaryIO) -> Iterator[SettlementRow]:
    """The lines of a report. Raises BadInput with the line that is not understood."""
    lines = file.readlines()
    first = next((place for place, line in enumerate(lines, start=1) if _HEADING in line), 0)
    if not first:
        raise BadInput(f"no line names the column {_HEADING.decode()}: this is no settlement report")
    return read_csv(BytesIO(b"".join(lines[first - 1 :])), _NEEDED, _row, headings=first)


def _row(line: Line, number: int) -> SettlementRow:
    currency = line["currencycode"].upper()
    gross = CAPABILITIES.currencies.parse(line["transactionamount"], currency)
    kind = _KINDS[line["transactiontype"]]
    if kind is RowKind.DISPUTE and gross.minor > 0:
        kind = RowKind.DISPUTE_WON
    name = line["amazontransactionid"] or line["settlementid"]
    return SettlementRow(
        kind=kind,
        ref=name,
        gross=gross,
        fee=gross - CAPABILITIES.currencies.parse(line["nettransactionamount"], currency),
        at=datetime.strptime(line["transactionposteddate"], "%Y-%m-%dT%H:%M:%S%z"),
        batch=line["settlementid"],
        line=number,
        charge_ref=name if kind is RowKind.CHARGE else "",
    )
