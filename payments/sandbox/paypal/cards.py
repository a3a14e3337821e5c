"""PayPal's vault: set-up tokens of raw cards, and the cards that are kept.

https://developer.paypal.com/tools/sandbox/card-testing: a cardholder named CCREJECT-... is refused. A caller
keys in no name, so the sandbox knows Stripe's test numbers too, each with PayPal's code for the same trouble.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from core.check_digits import luhn
from payments.brand import shape_of
from payments.sandbox.books import Books, Record
from payments.sandbox.dialect import Answer
from payments.sandbox.paypal.mistakes import missing, unprocessable

NAMED: Final[Mapping[str, str]] = {
    "CCREJECT-REFUSED": "0500",
    "CCREJECT-SF": "9500",
    "CCREJECT-EC": "5400",
    "CCREJECT-IRC": "5180",
    "CCREJECT-IF": "5120",
    "CCREJECT-LS": "9520",
    "CCREJECT-IA": "1330",
    "CCREJECT-BANK_ERROR": "5100",
    "CCREJECT-CVV_F": "00N7",
}
NUMBERED: Final[Mapping[bytes, str]] = {
    b"4000000000000002": "0500",
    b"4000000000009995": "5120",
    b"4000000000009987": "9520",
    b"4000000000000069": "5400",
    b"4000000000000127": "00N7",
    b"4000000000000119": "5910",
    b"4000000000006975": "5200",
}
DISPUTED: Final = b"4000000000000259"


class Cards:
    """The part of the counter where cards are handed in."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.heard: list[Record] = []

    def create_setup(self, asked: Any) -> Answer:
        """POST /v3/vault/setup-tokens, for a raw card."""
        card = asked.get("payment_source", {}).get("card", {})
        digits = str(card.get("number", "")).encode()
        shape = shape_of(memoryview(digits))
        if shape is None or len(digits) not in shape.lengths or not luhn(memoryview(digits)):
            return unprocessable("VALIDATION_ERROR", "Invalid card number.")
        if "security_code" in card and len(card["security_code"]) != shape.code_length:
            return unprocessable("INVALID_SECURITY_CODE_LENGTH", "The security code has a wrong length.")
        made = {
            "id": secrets.token_hex(9).upper(),
            "object": "setup",
            "refusal": NAMED.get(card.get("name", ""), NUMBERED.get(digits, "")),
            "disputed": digits == DISPUTED,
            "card": {
                "brand": shape.brand.name,
                "last_digits": digits[-4:].decode(),
                "expiry": card.get("expiry"),
            },
        }
        return Answer(201, _shown(self.books.keep(made)) | {"status": "APPROVED"})

    def create_token(self, asked: Any) -> Answer:
        """POST /v3/vault/payment-tokens, of a set-up token."""
        token = asked.get("payment_source", {}).get("token", {})
        setup = self.books.objects.get(token.get("id", ""))
        if setup is None or setup["object"] != "setup" or token.get("type") != "SETUP_TOKEN":
            return missing("The specified setup token does not exist.")
        asked_for = asked.get("customer") or {}
        customer = {"id": asked_for.get("id") or secrets.token_hex(5)}
        if "merchant_customer_id" in asked_for:
            customer["merchant_customer_id"] = asked_for["merchant_customer_id"]
        kept = {"id": secrets.token_hex(4), "object": "card", "customer": customer, "gone": False}
        return Answer(201, _shown(self.books.keep(setup | kept)))

    def delete_token(self, name: str) -> Answer:
        """DELETE /v3/vault/payment-tokens/ID."""
        found = self.books.objects.get(name)
        if found is None or found.get("gone"):
            return missing("The specified payment token does not exist.")
        self.books.keep(found | {"gone": True})
        return Answer(204, "")


def _shown(kept: Record) -> Record:
    shown = {"id": kept["id"], "payment_source": {"card": kept["card"]}, "links": []}
    return shown | {"customer": kept.get("customer") or {"id": f"C{kept['id'][:9]}"}}
