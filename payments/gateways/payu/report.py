"""PayU's settlements, as its "Settlement Detail Range API" answers them.

https://docs.payu.in/reference/settlement-detail-range-api. A settlement may stand on several pages, each with
some of its transactions.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any, BinaryIO, Final

from core.errors import BadInput
from core.ids import PaymentId
from core.money import Money
from payments.gateways.payu.account import CAPABILITIES
from payments.report_lines import PAYOUTS_FROM, understood
from payments.settlement_row import RowKind, SettlementRow

Json = Mapping[str, Any]

_INDIA: Final = timezone(timedelta(hours=5, minutes=30))
_KINDS: Final = {
    "capture": RowKind.CHARGE,
    "refund": RowKind.REFUND,
    "cancel": RowKind.REFUND,  # the same order, of what was not settled yet
    "chargeback": RowKind.DISPUTE,
    "chargebackreversal": RowKind.DISPUTE_WON,
    "adj_debit": RowKind.FEE,
    "adj_credit": RowKind.FEE,
}
_LEAVES: Final = frozenset({"refund", "cancel", "chargeback", "adj_debit"})


def read(file: BinaryIO) -> Iterator[SettlementRow]:
    """The transactions of each settlement, counted anew, and its payout. BadInput names a wrong one."""
    for parts in _settlements(file).values():
        listed = [one for part in parts for one in part.get("transaction") or ()]
        for number, transaction in enumerate(listed, start=1):
            if row := understood(partial(_row, parts[0], transaction, number), number):
                yield row
        if paid := understood(partial(_payout, parts[0]), len(listed) + 1):
            yield paid


def _settlements(file: BinaryIO) -> dict[str, list[Json]]:
    """The parts of each settlement, by its id."""
    try:
        found: dict[str, list[Json]] = {}
        for settlement in json.load(file)["result"]["data"]:
            found.setdefault(str(settlement["settlementId"]), []).append(settlement)
    except (ValueError, KeyError, TypeError):
        raise BadInput(
            "settlements are JSON with a list `data` in `result`, as PayU's API answers it"
        ) from None
    return found


def _row(settlement: Json, transaction: Json, number: int) -> SettlementRow:
    action = str(transaction["action"]).lower().replace(" ", "")
    if action not in _KINDS:
        raise ValueError(f"{transaction['action']!r} is an action that is not known here")
    kind, ours = _KINDS[action], str(transaction["merchantTransactionId"])
    gross, fee = _amounts(transaction, leaves=action in _LEAVES)
    moves = kind is not RowKind.FEE
    return SettlementRow(
        kind=kind,
        ref=ours if kind is RowKind.CHARGE else str(transaction.get("requestId") or transaction["payuId"]),
        gross=gross,
        fee=fee,
        at=_at(settlement),
        batch=str(settlement["settlementId"]),
        line=number,
        charge_ref=ours if moves else "",
        payment=PaymentId(f"pay_{ours}") if moves else None,
    )


def _amounts(transaction: Json, *, leaves: bool) -> tuple[Money, Money]:
    """Gross and fee. PayU writes amounts without a sign; a charge that costs more than it brings has one."""
    if transaction["transactionCurrency"] != transaction["settlementCurrency"]:
        raise ValueError("it was settled in another currency than it was paid in, which is not read here")
    gross = _money(transaction["transactionAmount"])
    net = _money(transaction.get("merchantNetAmount") or transaction["transactionAmount"])
    if not leaves:
        return gross, gross - net
    gross, net = (Money(-abs(one.minor), one.currency) for one in (gross, net))
    return gross, gross - net


def _payout(settlement: Json) -> SettlementRow | None:
    paid, nothing = _money(settlement["settlementAmount"]), Money(0, "INR")
    batch, ref = str(settlement["settlementId"]), str(settlement.get("utrNumber") or "")
    gross = Money(-paid.minor, paid.currency)
    return SettlementRow(RowKind.PAYOUT, ref or batch, gross, nothing, _at(settlement), batch, PAYOUTS_FROM)


def _money(written: object) -> Money:
    return CAPABILITIES.currencies.parse(str(written), "INR")


def _at(settlement: Json) -> datetime:
    return datetime.fromisoformat(settlement["settlementCompletedDate"]).replace(tzinfo=_INDIA)
