"""CCAvenue's payouts: its Payout Summary and PayId Details, on what the sandbox's books say was taken."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from payments.sandbox.books import Books, Record
from payments.sandbox.settling import fee_and_tax, settled

_AT_ONCE: Final = 100
_NOBODY: Final = {"error_code": "51419", "error_desc": "Enc_request: No record found for given criteria."}
_FINE: Final = {"error_code": "", "error_desc": ""}


class Payouts:
    """What it paid out, a day's when it is asked about, each currency for itself."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def summary(self, question: Mapping[str, str]) -> Record:
        """payoutSummary: the payouts of a day."""
        name = "Payout_Summary_Result"
        try:
            day = _day(question.get("settlement_date", ""))
        except ValueError:
            return {name: {"error_code": "52014", "error_desc": "payout_date: Invalid Parameter"}}
        made = []
        for currency in sorted({one["order_currncy"] for one in self._books.listed("order")}):
            made = settled(self._books, day, partial(self._due, currency), _new)
        if not made:
            return {name: _NOBODY}
        told = [one["summary"] | {"settlement_date": f"{day:%d-%m-%Y}"} for one in made]
        return {name: {**_FINE, "payout_summary_list": {"payout_summary_details": told}}}

    def details(self, question: Mapping[str, str]) -> Record:
        """payIdDetails: the transactions of a payout, by pages."""
        number = question.get("pay_id", "")
        made = next((one for one in self._books.listed("settlement") if one["id"] == number), None)
        lines = made["lines"] if made is not None else []
        page = int(question.get("page_number") or 1)
        shown = lines[(page - 1) * _AT_ONCE : page * _AT_ONCE]
        pages = -(-len(lines) // _AT_ONCE)
        counted = {"pay_id": number, "page_count": pages, "total_records": len(lines)}
        if not shown:
            return {"pay_id_details_Result": {**_NOBODY, **counted}}
        told = {"pay_id_txn_details_list": {"pay_id_txn_details": shown}}
        return {"pay_id_details_Result": {**_FINE, **counted, **told}}

    def _due(self, currency: str) -> list[Record]:
        """What was taken, and what was given back of it."""
        made = [one for one in self._books.listed("order") if one["order_currncy"] == currency]
        taken = [one for one in made if one["order_status"] in {"Shipped", "Refunded"}]
        orders = {one["id"]: one for one in taken}
        charges = [
            {"id": one["id"], "day": one["day"], "line": _line(one, one["order_amt"], "Shipped")}
            for one in taken
        ]
        refunds = [
            {
                "id": one["id"],
                "day": one["day"],
                "line": _line(orders[one["reference_no"]], one["refund_amount"], "Refunded"),
            }
            for one in self._books.listed("refund")
            if one["reference_no"] in orders
        ]
        return [*charges, *refunds]


def _day(written: str) -> date:
    day, month, year = written.split("-")
    return date(int(year), int(month), int(day))


def _new(due: Sequence[Record]) -> Record:
    lines = [one["line"] for one in due]
    signs = {"Shipped": 1, "Refunded": -1}
    paid = sum((signs[one["txn_type"]] * Decimal(str(one["amt_payable"])) for one in lines), Decimal(0))
    number = f"{secrets.randbelow(10**6):06d}"
    summary = {
        "pay_Id": number,
        "pay_amount": f"{paid:.2f}",
        "settlement_bank": "SANDBOX BANK",
        "settlement_currency": lines[0]["currency"],
        "trans_currency": lines[0]["currency"],
        "sub_acc_Id": "",
        "utr_no": f"SBX{number}",
    }
    return {"id": number, "lines": lines, "summary": summary}


def _line(order: Record, amount: str, kind: str) -> Record:
    fee, tax = fee_and_tax(amount) if kind == "Shipped" else (Decimal(0), Decimal(0))
    return {
        "amount": amount,
        "amt_payable": f"{Decimal(amount) - fee - tax:.2f}",
        "fees": f"{fee:.2f}",
        "tax": f"{tax:.2f}",
        "ccavenue_ref_no": order["id"],
        "order_no": order["order_no"],
        "currency": order["order_currncy"],
        "txn_type": kind,
        "order_option_type": "OPTCRDC",
        "sub_acc_id": "",
    }
