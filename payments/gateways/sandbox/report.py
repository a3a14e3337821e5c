"""The bogus gateway's settlement report: CSV, one line a charge or refund, and the payout."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Final

from core.errors import BadInput
from core.ids import PaymentId
from core.money import Money
from payments.gateways.sandbox.books import Books
from payments.settlement_row import RowKind, SettlementRow

COLUMNS: Final = (
    "kind",
    "ref",
    "charge_ref",
    "payment",
    "gross_minor",
    "fee_minor",
    "currency",
    "at",
    "batch",
)
_FEE_PERCENT = 3


def written(books: Books, batch: str, at: datetime) -> bytes:
    """All that is on the books, settled at once; the sandbox keeps 3 % of each charge."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    payouts: dict[str, int] = {}
    for entry in books.charged:
        gross, currency = entry.taken_minor, entry.amount.currency
        fee = gross * _FEE_PERCENT // 100
        table.writerow(
            ("charge", entry.ref, entry.ref, entry.payment, gross, fee, currency, at.isoformat(), batch)
        )
        payouts[currency] = payouts.get(currency, 0) + gross - fee
    for ref, (charge_ref, amount) in books.refunds.items():
        gross, currency = -amount.minor, amount.currency
        table.writerow(("refund", ref, charge_ref, "", gross, 0, currency, at.isoformat(), batch))
        payouts[currency] = payouts.get(currency, 0) + gross
    for currency, minor in payouts.items():
        table.writerow(
            ("payout", f"payout_{batch}_{currency}", "", "", -minor, 0, currency, at.isoformat(), batch)
        )
    return out.getvalue().encode()


def read(file: BinaryIO) -> Iterator[SettlementRow]:
    """The lines of a report. Raises BadInput with the line that is not understood."""
    table = csv.DictReader(_text(file))
    if tuple(table.fieldnames or ()) != COLUMNS:
        raise BadInput(f"line 1 must name the columns {','.join(COLUMNS)}")
    for line, row in enumerate(table, start=2):
        try:
            yield _row(row, line)
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"line {line} is not understood: {error}") from error


def _text(file: BinaryIO) -> Iterator[str]:
    for line, content in enumerate(file, start=1):
        try:
            yield content.decode()
        except UnicodeDecodeError:
            raise BadInput(f"line {line} is not UTF-8 text") from None


def _row(row: dict[str, str], line: int) -> SettlementRow:
    return SettlementRow(
        kind=RowKind(row["kind"]),
        ref=row["ref"],
        gross=Money(int(row["gross_minor"]), row["currency"]),
        fee=Money(int(row["fee_minor"]), row["currency"]),
        at=datetime.fromisoformat(row["at"]),
        batch=row["batch"],
        line=line,
        charge_ref=row["charge_ref"],
        payment=PaymentId(row["payment"]) if row["payment"] else None,
    )
