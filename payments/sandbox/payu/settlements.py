"""PayU's settlements: its Settlement Detail Range API, on what the sandbox's books say was taken."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from payments.sandbox.books import Books, Record
from payments.sandbox.dialect import Answer, Call
from payments.sandbox.settling import INDIA, fee_and_tax, settled

MERCHANT: Final = 8763692
_SIGNED: Final = re.compile(
    r'hmac username="([^"]*)", algorithm="sha512", headers="date", signature="([0-9a-f]{128})"'
)
_MOST: Final = 50_000


class Settlements:
    """What it settled, a day's when it is asked about; its one merchant is `key` with `salt`."""

    def __init__(self, books: Books, key: str, salt: str) -> None:
        self._books, self._key, self._salt = books, key, salt

    def range(self, call: Call) -> Answer:
        """GET /settlement/range: the settlements of a day, by pages of transactions."""
        signed = _SIGNED.fullmatch(call.headers.get("authorization", ""))
        right = hashlib.sha512(f"|{call.headers.get('date', '')}|{self._salt}".encode()).hexdigest()
        if signed is None or (signed[1], signed[2]) != (self._key, right):
            return Answer(401, {"message": "Unauthorized"})
        try:
            day = date.fromisoformat(call.query.get("dateFrom", ""))
            size, page = (
                int(call.query.get(name, text)) for name, text in (("pageSize", "100"), ("page", "1"))
            )
        except ValueError:
            return _failed("Invalid request parameters")
        if size > _MOST:
            return _failed("Page size can't be more that 50000")
        made = settled(self._books, day, self._due, _new)
        lines = [(one, line) for one in made for line in one["transaction"]]
        shown = lines[(page - 1) * size : page * size]
        if not shown:
            return _failed("No data found")
        parts = [
            {**_head(one), "transaction": [line for of, line in shown if of is one]}
            for one in made
            if any(of is one for of, _ in shown)
        ]
        result = {"page": page, "size": size, "totalCount": len(lines), "data": parts}
        return Answer(200, {"status": 0, "result": result})

    def _due(self) -> list[Record]:
        """What was captured, and what was given back of it."""
        taken = [one for one in self._books.listed("transaction") if one["unmappedstatus"] == "captured"]
        charges = [{"id": one["id"], "day": one["addedon"][:10], "line": _capture(one)} for one in taken]
        names = {one["id"]: one["txnid"] for one in taken}
        refunds = [
            {"id": one["id"], "day": one["day"], "line": _refund(one, names[one["mihpayid"]])}
            for one in self._books.listed("action")
        ]
        return [*charges, *refunds]


def _new(due: Sequence[Record]) -> Record:
    now, lines = datetime.now(INDIA), [one["line"] for one in due]
    paid = sum(
        (Decimal(one["merchantNetAmount"]) * (-1 if one["action"] == "refund" else 1) for one in lines),
        Decimal(0),
    )
    return {
        "id": f"{MERCHANT}{now:%Y%m%d}{secrets.randbelow(10**6):06d}",
        "at": f"{now:%Y-%m-%d %H:%M:%S}",
        "amount": f"{paid:.2f}",
        "utr": f"UTIBR{secrets.randbelow(10**12):012d}",
        "transaction": lines,
    }


def _head(made: Record) -> Record:
    return {
        "settlementId": made["id"],
        "settlementCompletedDate": made["at"],
        "settlementAmount": made["amount"],
        "merchantId": MERCHANT,
        "utrNumber": made["utr"],
    }


def _capture(made: Record) -> Record:
    fee, tax = fee_and_tax(made["amount"])
    return {
        "action": "capture",
        "payuId": made["id"],
        "requestId": made["id"][::-1],
        "transactionAmount": made["amount"],
        "merchantServiceFee": f"{fee:.5f}",
        "merchantServiceTax": f"{tax:.5f}",
        "merchantNetAmount": f"{Decimal(made['amount']) - fee - tax:.2f}",
        "merchantTransactionId": made["txnid"],
        "mode": "CC",
        "paymentStatus": "captured",
        "transactionDate": made["addedon"],
        "transactionCurrency": "INR",
        "settlementCurrency": "INR",
    }


def _refund(made: Record, txnid: str) -> Record:
    return {
        "action": "refund",
        "payuId": made["mihpayid"],
        "requestId": made["id"],
        "transactionAmount": made["amt"],
        "merchantServiceFee": "0.00000",
        "merchantServiceTax": "0.00000",
        "merchantNetAmount": made["amt"],
        "merchantTransactionId": txnid,
        "mode": "CC",
        "paymentStatus": "refund",
        "transactionCurrency": "INR",
        "settlementCurrency": "INR",
    }


def _failed(said: str) -> Answer:
    return Answer(200, {"status": 1, "message": said, "result": said})
