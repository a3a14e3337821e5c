"""Razorpay's settlement recon, as its API answers it: https://razorpay.com/docs/api/settlements/fetch-recon/.

It names no payout: each settlement pays out all that it settles.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, BinaryIO

from core.errors import BadInput
from core.ids import PaymentId
from payments.gateways.razorpay.account import CAPABILITIES
from payments.report_lines import understood, with_payouts
from payments.settlement_row import RowKind, SettlementRow

_KINDS = {"payment": RowKind.CHARGE, "refund": RowKind.REFUND}


def read(file: BinaryIO) -> Iterator[SettlementRow]:
    """The items of a collection, and the payouts of its settlements. BadInput names a wrong item."""
    return with_payouts(_rows(_items(file)))


def _rows(items: list[Mapping[str, Any]]) -> Iterator[SettlementRow]:
    for number, item in enumerate(items, start=1):
        row = understood(partial(_row, item, number), number)
        if row is not None:
            yield row


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
