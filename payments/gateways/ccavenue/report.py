"""CCAvenue's payouts of a day, as its API answers them: its guide, "Payout Summary" and "PayId Details".

CCAvenue answers encrypted, to registered addresses alone, so they are fetched from here, and kept as
`{"payouts": [{"summary": {}, "transactions": [{}]}]}`, with the names that CCAvenue gives to the parts of
each. A refund is named by its charge alone.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any, BinaryIO, Final

from core.errors import BadInput
from core.ids import PaymentId
from core.money import Money
from payments.gateways.ccavenue.account import CAPABILITIES
from payments.report_lines import PAYOUTS_FROM, understood
from payments.settlement_row import RowKind, SettlementRow

Json = Mapping[str, Any]

_INDIA: Final = timezone(timedelta(hours=5, minutes=30))
_KINDS: Final = {
    "shipped": RowKind.CHARGE,
    "refunded": RowKind.REFUND,
    "cancelled": RowKind.REFUND,
    "auto-cancelled": RowKind.REFUND,
    "chargeback": RowKind.DISPUTE,
    "misc": RowKind.FEE,
    "msgchrg": RowKind.FEE,  # what text messages cost
}
_LEAVES: Final = frozenset({"refunded", "cancelled", "auto-cancelled", "chargeback", "msgchrg"})


def read(file: BinaryIO) -> Iterator[SettlementRow]:
    """The transactions of each payout, counted anew, and the payout itself. BadInput names a wrong one.

    What a payout's transactions come to must be what was paid out: else one of them is understood wrongly.
    """
    for payout in _payouts(file):
        listed = payout["transactions"]
        rows = [
            row
            for number, transaction in enumerate(listed, start=1)
            if (row := understood(partial(_row, payout["summary"], transaction, number), number))
        ]
        paid = understood(partial(_payout, payout["summary"], rows), len(listed) + 1)
        yield from rows
        if paid is not None:
            yield paid


def _payouts(file: BinaryIO) -> list[Json]:
    try:
        payouts = json.load(file)["payouts"]
        if all(isinstance(one["summary"], dict) and isinstance(one["transactions"], list) for one in payouts):
            return list(payouts)
    except (ValueError, KeyError, TypeError):
        pass
    raise BadInput(
        "payouts are JSON as `tellerline settlement fetch` keeps it: a list `payouts`, each with its parts"
    )


def _row(summary: Json, transaction: Json, number: int) -> SettlementRow:
    word = str(transaction["txn_type"]).lower()
    if word not in _KINDS:
        raise ValueError(f"{transaction['txn_type']!r} is a type that is not known here")
    kind, currency = _KINDS[word], str(transaction["currency"])
    if currency != summary["settlement_currency"]:
        raise ValueError("it was settled in another currency than it was paid in, which is not read here")
    gross, net = (_money(transaction[name], currency) for name in ("amount", "amt_payable"))
    if word in _LEAVES:
        gross, net = (Money(-abs(one.minor), currency) for one in (gross, net))
    charge, moves = str(transaction["ccavenue_ref_no"]), kind is not RowKind.FEE
    return SettlementRow(
        kind=kind,
        ref="" if kind is RowKind.REFUND else charge,
        gross=gross if moves else net,
        fee=gross - net if moves else Money(0, currency),
        at=_at(summary),
        batch=str(summary["pay_Id"]),
        line=number,
        charge_ref=charge if moves else "",
        payment=PaymentId(str(transaction["order_no"])) if moves else None,
    )


def _payout(summary: Json, rows: list[SettlementRow]) -> SettlementRow:
    currency, batch = str(summary["settlement_currency"]), str(summary["pay_Id"])
    paid = _money(summary["pay_amount"], currency)
    total = sum((row.gross.minor - row.fee.minor for row in rows), 0)
    if total != paid.minor:
        raise ValueError(f"payout {batch} is {paid}, and its transactions come to {Money(total, currency)}")
    gross, nothing = Money(-paid.minor, currency), Money(0, currency)
    ref = str(summary.get("utr_no") or batch)
    return SettlementRow(RowKind.PAYOUT, ref, gross, nothing, _at(summary), batch, PAYOUTS_FROM)


def _money(written: object, currency: str) -> Money:
    return CAPABILITIES.currencies.parse(str(written), currency)


def _at(summary: Json) -> datetime:
    return datetime.strptime(summary["settlement_date"], "%d-%m-%Y").replace(tzinfo=_INDIA)
