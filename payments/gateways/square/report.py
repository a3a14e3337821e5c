"""Square's payout entries, as its API answers them.

https://developer.squareup.com/docs/payouts-api/list-payout-entries. The pages of one payout, or of many,
may be joined in one list. It names no payout's sum: each payout is what its entries come to.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO, Final

from core.errors import BadInput
from core.money import Money
from payments.gateways.square.account import CAPABILITIES
from payments.report_lines import understood, with_payouts
from payments.settlement_row import RowKind, SettlementRow

Json = Mapping[str, Any]

# what moves no payment of ours: fees, adjustments, reserves, loans
_BESIDE: Final = frozenset(
    {
        "ADJUSTMENT",
        "APP_FEE_REFUND",
        "APP_FEE_REVENUE",
        "AUTOMATIC_SAVINGS",
        "AUTOMATIC_SAVINGS_REVERSED",
        "DEPOSIT_FEE",
        "DEPOSIT_FEE_REVERSED",
        "FEE",
        "FREE_PROCESSING",
        "HOLD_ADJUSTMENT",
        "OTHER",
        "OTHER_ADJUSTMENT",
        "PROCESSING_FEE",
        "PROCESSING_FEE_REFUND",
        "RELEASE_ADJUSTMENT",
        "RESERVE_HOLD",
        "RESERVE_RELEASE",
        "SQUARE_CAPITAL_PAYMENT",
        "SQUARE_CAPITAL_REVERSED_PAYMENT",
        "SUBSCRIPTION_FEE",
        "TAX_ON_FEE",
        "THIRD_PARTY_FEE",
        "THIRD_PARTY_FEE_REFUND",
    }
)
_DISPUTES: Final = frozenset({"DISPUTE", "OPEN_DISPUTE"})


def read(file: BinaryIO) -> Iterator[SettlementRow]:
    """The entries, and the payouts that they come to. BadInput names a wrong entry."""
    return with_payouts(_rows(_entries(file)))


def _rows(entries: list[Json]) -> Iterator[SettlementRow]:
    for number, entry in enumerate(entries, start=1):
        row = understood(partial(_row, entry, number), number)
        if row is not None:
            yield row


def _entries(file: BinaryIO) -> list[Json]:
    try:
        entries = json.load(file)["payout_entries"]
    except (ValueError, KeyError, TypeError):
        raise BadInput(
            "payout entries are JSON with a list payout_entries, as Square's API answers it"
        ) from None
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise BadInput("payout_entries is a list of objects")
    return entries


def _row(entry: Json, number: int) -> SettlementRow:
    gross = _money(entry["gross_amount_money"])
    kind, detail = _kind(entry, gross)
    charge = str(detail.get("payment_id") or "")
    ref = {
        RowKind.CHARGE: charge,
        RowKind.REFUND: detail.get("refund_id"),
        RowKind.DISPUTE: detail.get("dispute_id"),
        RowKind.DISPUTE_WON: detail.get("dispute_id"),
    }.get(kind)
    return SettlementRow(
        kind=kind,
        ref=str(ref or entry["id"]),
        gross=gross,
        fee=gross - _money(entry["net_amount_money"]),
        at=datetime.fromisoformat(entry["effective_at"]),
        batch=entry["payout_id"],
        line=number,
        charge_ref=charge,
    )


def _kind(entry: Json, gross: Money) -> tuple[RowKind, Json]:
    word = entry["type"]
    if word == "CHARGE":
        return RowKind.CHARGE, entry["type_charge_details"]
    if word == "REFUND":
        return RowKind.REFUND, entry["type_refund_details"]
    if word in _DISPUTES:
        kind = RowKind.DISPUTE_WON if gross.minor > 0 else RowKind.DISPUTE
        return kind, entry[f"type_{word.lower()}_details"]
    if word in _BESIDE:
        return RowKind.FEE, {}
    raise ValueError(f"{word!r} is a kind of entry that is not known here")


def _money(amount: Json) -> Money:
    """The page about them says `currency_code`, the reference and the SDK `currency`."""
    return CAPABILITIES.currencies.money(amount["amount"], amount.get("currency") or amount["currency_code"])
