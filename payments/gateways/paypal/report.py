"""PayPal's settlement report (STL): https://developer.paypal.com/reports/settlement.

A file of several kinds of lines: RH begins it, CH names the columns, SB is a transaction. Its amounts are
whole numbers of the smallest unit, unsigned, with DR or CR beside them.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import BinaryIO, Final

from core.errors import BadInput
from core.ids import PaymentId
from core.money import Money
from payments.gateways.paypal.account import CAPABILITIES
from payments.report_lines import text_of, understood
from payments.settlement_row import RowKind, SettlementRow

_KINDS: Final = {  # https://developer.paypal.com/docs/transaction-search/transaction-event-codes/
    "T00": RowKind.CHARGE,
    "T01": RowKind.FEE,
    "T04": RowKind.PAYOUT,
    "T1106": RowKind.DISPUTE,
    "T1107": RowKind.REFUND,
    "T1201": RowKind.DISPUTE,
    "T1202": RowKind.DISPUTE_WON,
    "T1208": RowKind.FEE,
}


def read(file: BinaryIO) -> Iterator[SettlementRow]:
    """The transactions of a report. Raises BadInput with the line that is not understood."""
    columns: list[str] = []
    batch = ""
    for number, fields in enumerate(csv.reader(text_of(file)), start=1):
        match fields:
            case ["RH", generated, *_]:
                batch = generated
            case ["CH", *named]:
                columns = named
            case ["SB", *values]:
                line = dict(zip(columns, values, strict=False))
                made = understood(partial(_row, line, batch, number), number)
                if made is not None:
                    yield made
    if not columns or not batch:
        raise BadInput("a settlement report of PayPal's has a line RH and a line CH; this file has not")


def _row(line: Mapping[str, str], batch: str, number: int) -> SettlementRow:
    gross = _signed(line, "Transaction Debit or Credit", "Gross Transaction")
    kind, ref = _kind(line["Transaction Event Code"]), line["Transaction ID"]
    fee = Money(0, gross.currency)
    if line.get("Fee Amount"):
        taken = _signed(line, "Fee Debit or Credit", "Fee")
        fee = Money(-taken.minor, taken.currency)
    ours = line.get("Custom Field") or ""
    return SettlementRow(
        kind=kind,
        ref=ref,
        gross=gross,
        fee=fee,
        at=datetime.strptime(line["Transaction Completion Date"], "%Y/%m/%d %H:%M:%S %z"),
        batch=batch,
        line=number,
        charge_ref=ref if kind is RowKind.CHARGE else line.get("PayPal Reference ID") or "",
        payment=PaymentId(ours) if kind is RowKind.CHARGE and ours else None,
    )


def _signed(line: Mapping[str, str], side: str, what: str) -> Money:
    amount = int(line[f"{what} Amount"] or "0")
    if line[side] not in {"DR", "CR"}:
        raise ValueError(f"{side} is {line[side]!r}, neither DR nor CR")
    return CAPABILITIES.currencies.money(-amount if line[side] == "DR" else amount, line[f"{what} Currency"])


def _kind(code: str) -> RowKind:
    kind = _KINDS.get(code) or _KINDS.get(code[:3])
    if kind is None:
        raise ValueError(f"the event code {code!r} is not known here")
    return kind
