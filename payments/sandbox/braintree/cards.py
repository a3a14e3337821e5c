"""Braintree's cards: GraphQL tokens, customers and the vault.

https://developer.paypal.com/braintree/docs/reference/general/testing: numbers, and amounts that decide.
"""

import secrets
from typing import Any, Final

from core.check_digits import luhn
from payments.brand import shape_of
from payments.gateways.braintree.xml import document
from payments.sandbox.books import Books, Record
from payments.sandbox.braintree.mistakes import invalid, missing
from payments.sandbox.dialect import Answer

XML: Final = "application/xml"
DISPUTED: Final = b"4023898493988028"  # a dispute is opened as soon as it is charged
UNVERIFIED: Final = b"4000111111111115"  # processor declined when it is verified
_NAMES: Final = {"visa": "Visa", "mastercard": "MasterCard", "amex": "American Express", "jcb": "JCB"}


class Cards:
    """The part of the counter where cards are handed in."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.heard: list[Record] = []

    def tokenize(self, asked: Any) -> Answer:
        """POST /graphql: tokenizeCreditCard and nothing else."""
        if "tokenizeCreditCard" not in str(asked.get("query")):
            return _wrong("No such mutation.", "VALIDATION", "")
        card = asked["variables"]["input"]["creditCard"]
        digits = memoryview(str(card.get("number", "")).encode())
        shape = shape_of(digits)
        if shape is None or len(digits) not in shape.lengths or not luhn(digits):
            return _wrong("Credit card number is invalid", "VALIDATION", "81715")
        if not str(card.get("expirationMonth", "")).isdigit() or not 1 <= int(card["expirationMonth"]) <= 12:
            return _wrong("Expiration month is invalid", "VALIDATION", "81712")
        if "cvv" in card and len(card["cvv"]) != shape.code_length:
            return _wrong("CVV must be 4 digits for American Express and 3 for others", "VALIDATION", "81707")
        made = self.books.keep(
            {
                "id": f"tokencc_{secrets.token_hex(10)}",
                "object": "nonce",
                "bin": bytes(digits[:6]).decode(),
                "last_4": bytes(digits[-4:]).decode(),
                "card_type": _NAMES.get(shape.brand.value, shape.brand.value.title()),
                "expiration_month": card["expirationMonth"],
                "expiration_year": f"20{card['expirationYear'][-2:]}",
                "disputed": bytes(digits) == DISPUTED,
                "unverified": bytes(digits) == UNVERIFIED,
                "used": False,
            }
        )
        method = {"id": made["id"], "usage": "SINGLE_USE"}
        return Answer(200, {"data": {"tokenizeCreditCard": {"paymentMethod": method}}})

    def create_customer(self, asked: Any) -> Answer:
        """POST /customers."""
        name = asked.get("id") or secrets.token_hex(5)
        if f"customer:{name}" in self.books.objects:
            return invalid("customer", "id", "91609", "Customer ID has already been taken.")
        self.books.keep({"id": f"customer:{name}", "object": "customer"})
        return Answer(201, document("customer", {"id": name, "merchant_id": "sandbox"}), kind=XML)

    def create_method(self, asked: Any) -> Answer:
        """POST /payment_methods: a nonce into the vault."""
        nonce = self.books.objects.get(asked.get("payment_method_nonce") or "")
        customer = asked.get("customer_id")
        if f"customer:{customer}" not in self.books.objects:
            return invalid("credit-card", "customer_id", "91705", "Customer ID is invalid.")
        if nonce is None or nonce["used"]:
            code, word = ("91731", "consumed") if nonce else ("91732", "unknown")
            return invalid("credit-card", "payment_method_nonce", code, f"Payment method nonce is {word}.")
        self.books.keep(nonce | {"used": True})
        if nonce["unverified"] and (asked.get("options") or {}).get("verify_card") == "true":
            return _unverified()
        kept = {"id": secrets.token_hex(4), "object": "method", "customer": customer, "gone": False}
        made = self.books.keep(nonce | kept)
        return Answer(201, document("credit_card", card_of(made) | {"customer_id": customer}), kind=XML)

    def delete_method(self, token: str) -> Answer:
        """DELETE /payment_methods/any/TOKEN."""
        found = self.books.objects.get(token)
        if found is None or found["gone"]:
            return missing()
        self.books.keep(found | {"gone": True})
        return Answer(200, "", kind=XML)


def card_of(method: Record) -> Record:
    """A card as a transaction shows it."""
    shown = ("bin", "last_4", "card_type", "expiration_month", "expiration_year")
    token = method["id"] if method["object"] == "method" else None
    return {name: method[name] for name in shown} | {"token": token, "customer_location": "US"}


def _wrong(message: str, kind: str, code: str) -> Answer:
    extensions = {"errorClass": kind, "errorType": "user_error"} | ({"legacyCode": code} if code else {})
    error = {"message": message, "path": ["tokenizeCreditCard"], "extensions": extensions}
    return Answer(200, {"data": {"tokenizeCreditCard": None}, "errors": [error]})


def _unverified() -> Answer:
    verification = {
        "status": "processor_declined",
        "processor_response_code": "2000",
        "processor_response_text": "Do Not Honor",
        "amount": "0.00",
    }
    told = {"errors": {"errors": []}, "message": "Do Not Honor", "verification": verification}
    return Answer(422, document("api_error_response", told), kind=XML)
