"""Razorpay's settlement recon, as its API answers it: https://razorpay.com/docs/api/settlements/fetch-recon/.

It names no payout: each settlement pays out all that it settles.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

from core.errors import BadInput
from core.ids import PaymentId
from core.money import Money
from payments.gateways.razorpay.account import CAPABILITIES
from payments.report_lines import understood
from payments.settlement_row import RowKind, SettlementRow

_KINDS = {"payment": RowKind.CHARGE, "refund": RowKind.REFUND}


def read(file: BinaryIO) -> Iterator[SettlementRow]:
    """The items of a collection, and the payouts of its settlements. BadInput names a wrong item."""
    items = _items(file)
    paid: dict[tuple[str, str], tuple[int, datetime]] = {}
    for number, item in enumerate(items, start=1):
        row = understood(lambda item=item, number=number: _row(item, number), number)  # type: ignore[misc]
        if row is None:
            continue
        yield row
        name = row.batch, row.gross.currency
        total, _ = paid.get(name, (0, row.at))
        paid[name] = total + row.gross.minor - row.fee.minor, row.at
    for number, ((batch, currency), (total, at)) in enumerate(paid.items(), start=len(items) + 1):
        nothing = Money(0, currency)
        yield SettlementRow(RowKind.PAYOUT, batch, Money(-total, currency), nothing, at, batch, number)


def _items(file: BinaryIO) -> list[Mapping[str, Any]]:
    try:
        items = json.load(file)["items"]
    except (ValueError, KeyError, TypeError):
        raise BadInput(
            "a settlement recon is JSON with a list of items, as Razorpay's API answers it"
        ) from None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadInput("the items of a settlement recon are a list of objects")
    return items


def _row(item: Mapping[str, Any], number: int) -> SettlementRow | None:
    if not item["settled"]:
        return None
    kind = _kind(item)
    currency = item["currency"]
    ours = item.get("order_receipt") or _noted(item.get("notes"))
    gross = item["amount"] if kind is RowKind.CHARGE else item["credit"] - item["debit"] + item["fee"]
    return SettlementRow(
        kind=kind,
        ref=item.get("dispute_id") or item["entity_id"],
        gross=CAPABILITIES.currencies.money(gross, currency),
        fee=CAPABILITIES.currencies.money(item["fee"], currency),
        at=datetime.fromtimestamp(item["settled_at"], UTC),
        batch=item["settlement_id"],
        line=number,
        charge_ref=item["entity_id"] if kind is RowKind.CHARGE else item.get("payment_id") or "",
        payment=PaymentId(ours) if ours else None,
    )


def _kind(item: Mapping[str, Any]) -> RowKind:
    word = item["type"]
    if word in _KINDS:
        return _KINDS[word]
    if word != "adjustment":
        raise ValueError(f"{word!r} is neither a payment nor a refund nor an adjustment")
    if item.get("dispute_id"):
        return RowKind.DISPUTE_WON if item["credit"] else RowKind.DISPUTE
    return RowKind.FEE


def _noted(notes: object) -> str:
    try:
        read = json.loads(notes) if isinstance(notes, str) else notes
    except ValueError:
        return ""
    return str(read.get("payment", "")) if isinstance(read, dict) else ""
