"""Braintree's transactions: sale, settlement, void, refund and search."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from payments.gateways.braintree.xml import document
from payments.sandbox.books import Record
from payments.sandbox.braintree.cards import XML, Cards, card_of
from payments.sandbox.braintree.mistakes import invalid, missing, refused
from payments.sandbox.dialect import Answer

_TEXTS: Final = {
    "2000": "Do Not Honor",
    "2001": "Insufficient Funds",
    "2004": "Expired Card",
    "2010": "Card Issuer Declined CVV",
    "2013": "Transaction Not Allowed - Stolen Card",
    "3000": "Processor Network Unavailable - Try Again",
}
_TAKEN: Final = frozenset({"submitted_for_settlement", "settling", "settled"})


class Counter(Cards):
    """The vendor's side of the counter; `asked` is the document's inner part."""

    def create(self, asked: Any) -> Answer:
        """POST /transactions: a sale, settled at once or held."""
        return self._once(asked, "create", lambda: self._sale(asked))

    def find(self, ref: str) -> Answer:
        """GET /transactions/ID."""
        found = self.books.objects.get(ref)
        return _shown(200, found) if found else missing()

    def submit(self, ref: str, asked: Any) -> Answer:
        """PUT /transactions/ID/submit_for_settlement."""
        return self._once(asked, f"submit {ref}", lambda: self._submit(ref, asked.get("amount")))

    def void(self, ref: str, asked: Any) -> Answer:
        """PUT /transactions/ID/void."""
        return self._once(asked, f"void {ref}", lambda: self._void(ref))

    def refund(self, ref: str, asked: Any) -> Answer:
        """POST /transactions/ID/refund."""
        return self._once(asked, f"refund {ref}", lambda: self._refund(ref, asked))

    def settle(self, ref: str) -> Answer:
        """PUT /transactions/ID/settle: the sandbox's own way to let time pass; it is then paid out."""
        found = self.books.objects.get(ref)
        if found is None or found["status"] not in _TAKEN:
            return missing()
        self.heard.append(event("transaction_disbursed", "transaction", shown(found)))
        return _shown(200, self.books.keep(found | {"status": "settled"}))

    def search(self, asked: Any) -> Answer:
        """POST /transactions/advanced_search_ids, by order id; the newest first."""
        order = (asked.get("order_id") or {}).get("is")
        made = [one["id"] for one in reversed(self.books.listed("transaction")) if one["order_id"] == order]
        return Answer(200, document("search_results", {"page_size": 50, "ids": made}), kind=XML)

    def fetch(self, asked: Any) -> Answer:
        """POST /transactions/advanced_search: those with the ids."""
        found = [shown(self.books.objects[one]) for one in asked["ids"] if one in self.books.objects]
        body = {"transaction": found[0]} if found else {}
        return Answer(200, document("credit_card_transactions", body), kind=XML)

    def _once(self, asked: Any, verb: str, do: Callable[[], Answer]) -> Answer:
        """At-Most-Once Processing: the same request under its key answers with what became of it by now."""
        key = asked.get("api_request_key")
        if key is None:
            return do()
        order = [verb, sorted([name, str(node)] for name, node in asked.items())]
        if kept := self.books.answers.get(key):
            if kept["order"] == order:
                return self._now(kept["ref"])
            said = "API request key can be reused only with the same request."
            return invalid("transaction", "api_request_key", "915232", said)
        answer = do()
        if ref := answer.headers.get("X-Made"):
            self.books.answer(key, {"order": order, "ref": ref})
        return answer

    def _now(self, ref: str) -> Answer:
        found = self.books.objects[ref]
        if found["status"] in {"processor_declined", "gateway_rejected", "failed"}:
            return refused(shown(found), found["processor_response_text"])
        return _shown(201, found)

    def _sale(self, asked: Any) -> Answer:
        method = self._method(asked)
        if isinstance(method, Answer):
            return method
        amount = asked.get("amount") or ""
        if not amount.replace(".", "", 1).isdigit() or Decimal(amount) <= 0:
            return invalid("transaction", "amount", "81531", "Amount must be greater than zero.")
        if method["object"] == "nonce":
            self.books.keep(method | {"used": True})
        made = self.books.keep(_transaction(asked, method))
        if made["status"] in {"processor_declined", "failed"}:
            return _marked(refused(shown(made), made["processor_response_text"]), made)
        if method["disputed"]:
            self.heard.append(
                event("dispute_opened", "dispute", shown_dispute(self.books.keep(_dispute(made))))
            )
        return _shown(201, made)

    def _method(self, asked: Any) -> Record | Answer:
        token, nonce = asked.get("payment_method_token"), asked.get("payment_method_nonce")
        found = self.books.objects.get(token or nonce or "")
        if token and (found is None or found["gone"]):
            said = "Payment method token is invalid."
            return invalid("transaction", "payment_method_token", "91518", said)
        if found is None or (found.get("used") and nonce):
            code, word = ("91564", "consumed") if found else ("91565", "unknown")
            said = f"Cannot use a payment_method_nonce that is {word}."
            return invalid("transaction", "payment_method_nonce", code, said)
        return found

    def _submit(self, ref: str, amount: str | None) -> Answer:
        found = self.books.objects.get(ref)
        if found is None:
            return missing()
        if found["status"] != "authorized":
            said = "Cannot submit for settlement unless status is authorized."
            return invalid("transaction", "base", "91507", said)
        taken = amount or found["amount"]
        if Decimal(taken) > Decimal(found["amount"]):
            said = "Settlement amount is too large."
            return invalid("transaction", "amount", "91522", said)
        return _shown(200, self.books.keep(found | {"amount": taken, "status": "submitted_for_settlement"}))

    def _void(self, ref: str) -> Answer:
        found = self.books.objects.get(ref)
        if found is None:
            return missing()
        if found["status"] not in {"authorized", "submitted_for_settlement"}:
            said = "Transaction can only be voided if status is authorized or submitted_for_settlement."
            return invalid("transaction", "base", "91504", said)
        return _shown(200, self.books.keep(found | {"status": "voided"}))

    def _refund(self, ref: str, asked: Any) -> Answer:
        found = self.books.objects.get(ref)
        if found is None:
            return missing()
        if found["status"] != "settled":
            said = "Cannot refund transaction unless it is settled."
            return invalid("transaction", "base", "91506", said)
        left = Decimal(found["amount"]) - Decimal(found["refunded"])
        amount = Decimal(asked.get("amount") or left)
        if left == 0:
            return invalid("transaction", "base", "91512", "Transaction has already been fully refunded.")
        if not 0 < amount <= left:
            return invalid("transaction", "amount", "91521", "Refund amount is too large.")
        self.books.keep(found | {"refunded": str(Decimal(found["refunded"]) + amount)})
        returned = {
            "id": secrets.token_hex(4),
            "type": "credit",
            "amount": str(amount),
            "order_id": asked.get("order_id"),
            "refunded_transaction_id": ref,
            "status": "submitted_for_settlement",
        }
        return _shown(201, self.books.keep(found | returned))


def shown(made: Record) -> Record:
    """A transaction as it is answered."""
    return {name: value for name, value in made.items() if name not in {"object", "refunded"}} | {
        "created_at": datetime.fromtimestamp(made["created_at"], UTC)
    }


def _shown(status: int, made: Record) -> Answer:
    return _marked(Answer(status, document("transaction", shown(made)), kind=XML), made)


def _marked(answer: Answer, made: Record) -> Answer:
    return Answer(answer.status, answer.body, kind=answer.kind, headers={"X-Made": made["id"]})


def _transaction(asked: Any, method: Record) -> Record:
    """The amount decides: from 2000 to 3000.99 it is the processor's response."""
    whole = int(Decimal(asked["amount"]))
    code = str(whole) if 2000 <= whole <= 3000 else "1000"
    taken = (asked.get("options") or {}).get("submit_for_settlement") == "true"
    status = "submitted_for_settlement" if taken else "authorized"
    if code != "1000":
        status = "failed" if code == "3000" else "processor_declined"
    return {
        "id": secrets.token_hex(4),
        "object": "transaction",
        "type": asked.get("type"),
        "status": status,
        "amount": asked["amount"],
        "currency_iso_code": "USD",
        "merchant_account_id": asked.get("merchant_account_id") or "sandbox",
        "order_id": asked.get("order_id"),
        "created_at": int(datetime.now(UTC).timestamp()),
        "payment_instrument_type": "credit_card",
        "credit_card": card_of(method),
        "processor_response_code": code,
        "processor_response_text": _TEXTS.get(code, "Approved" if code == "1000" else "Processor Declined"),
        "gateway_rejection_reason": None,
        "refunded": "0",
        "refunded_transaction_id": None,
        "refund_ids": [],
    }


def shown_dispute(made: Record) -> Record:
    """A dispute as it is answered."""
    return {name: value for name, value in made.items() if name != "object"}


def _dispute(made: Record) -> Record:
    return {
        "id": secrets.token_hex(8),
        "object": "dispute",
        "kind": "chargeback",
        "status": "open",
        "reason": "fraud",
        "amount": made["amount"],
        "amount_disputed": made["amount"],
        "currency_iso_code": made["currency_iso_code"],
        "reply_by_date": None,
        "transaction": {"id": made["id"], "amount": made["amount"], "order_id": made["order_id"]},
    }


def event(kind: str, about: str, told: Record) -> Record:
    """A notification."""
    return {
        "id": secrets.token_hex(8),
        "kind": kind,
        "subject": {about: told},
        "timestamp": datetime.now(UTC),
    }
