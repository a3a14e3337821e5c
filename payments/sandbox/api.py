"""Stripe's dialect as far as a line that takes cards by telephone speaks it.

https://docs.stripe.com/api: payment methods (cards), payment intents, refunds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from payments.brand import Brand, shape_of
from payments.card import luhn
from payments.gateways.sandbox.cards import BOGUS_CARDS, Fate, card_like
from payments.sandbox import shapes
from payments.sandbox.books import Books, Record

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and a JSON body; `silent` when nobody is to hear it."""

    status: int
    body: Record
    silent: bool = False


_METHOD_KEYS = frozenset({"type", "card[number]", "card[exp_month]", "card[exp_year]", "card[cvc]"})
_INTENT_KEYS = frozenset(
    {
        "amount",
        "currency",
        "payment_method",
        "allowed_payment_method_types[0]",
        "payment_method_options[card][moto]",
        "confirm",
        "capture_method",
        "description",
        "error_on_requires_action",
        "off_session",
    }
)
_LIST_KEYS = frozenset({"created[gte]", "created[lte]", "limit", "starting_after"})
_BRANDS = {Brand.DINERS: "diners"}  # Stripe's name where it is not the hosted pay verbs'


class Dialect:
    """The vendor's side of the counter: each method reads the parameters, changes the books and answers."""

    def __init__(self, books: Books) -> None:
        self.books = books

    def create_method(self, params: Params) -> Answer:
        """POST /v1/payment_methods, for a raw card."""
        if wrong := _unknown(params, _METHOD_KEYS):
            return wrong
        digits = memoryview(params.get("card[number]", "").encode())
        shape = shape_of(digits)
        if shape is None or len(digits) not in shape.lengths or not luhn(digits):
            return _card_refused("incorrect_number", "Your card number is incorrect.", "card[number]")
        expiry = int(params.get("card[exp_month]", "0")), 2000 + int(params.get("card[exp_year]", "0")) % 100
        if not 1 <= expiry[0] <= 12:
            return _card_refused("invalid_expiry_month", "The expiration month is invalid.", "exp_month")
        if len(params.get("card[cvc]", "000")) not in {3, 4}:
            return _card_refused("invalid_cvc", "Your card's security code is invalid.", "cvc")
        brand = _BRANDS.get(shape.brand, shape.brand.value)
        place = BOGUS_CARDS.index(card_like(digits))
        last4 = bytes(digits[-4:]).decode()
        return Answer(200, self.books.keep(shapes.payment_method(brand, last4, expiry, place)))

    def create_intent(self, params: Params) -> Answer:
        """POST /v1/payment_intents, confirmed at once or not."""
        loose = {name: text for name, text in params.items() if not name.startswith("metadata[")}
        if wrong := _unknown(loose, _INTENT_KEYS):
            return wrong
        if not params.get("amount", "").isdigit() or int(params["amount"]) <= 0:
            return _invalid("parameter_invalid_integer", "Invalid positive integer", "amount")
        method = self.books.objects.get(params.get("payment_method", ""))
        if "payment_method" in params and method is None:
            return _missing("PaymentMethod", params["payment_method"])
        if method and BOGUS_CARDS[int(method["metadata"]["bogus"])].fate is Fate.LOST:
            return Answer(404, {}, silent=True)  # as if it had never come
        intent = shapes.payment_intent(
            {
                "amount": int(params["amount"]),
                "currency": params.get("currency", "").lower(),
                "capture_method": params.get("capture_method", "automatic_async"),
                "description": params.get("description"),
                "metadata": _metadata(params),
            }
        )
        if params.get("confirm") != "true" or method is None:
            return Answer(200, self.books.keep(intent))
        return self._confirm(intent, method, params.get("error_on_requires_action") == "true")

    def intent(self, name: str) -> Answer:
        """GET /v1/payment_intents/ID."""
        found = self.books.objects.get(name)
        return Answer(200, found) if found else _missing("payment_intent", name)

    def list_intents(self, params: Params) -> Answer:
        """GET /v1/payment_intents, the newest first."""
        if wrong := _unknown(params, _LIST_KEYS):
            return wrong
        newest = list(reversed(self.books.listed("payment_intent")))
        if after := params.get("starting_after"):
            newest = newest[[intent["id"] for intent in newest].index(after) + 1 :]
        first, last = int(params.get("created[gte]", "0")), int(params.get("created[lte]", "99999999999"))
        found = [intent for intent in newest if first <= intent["created"] <= last]
        limit = int(params.get("limit", "10"))
        body = {"object": "list", "url": "/v1/payment_intents", "has_more": len(found) > limit}
        return Answer(200, body | {"data": found[:limit]})

    def capture_intent(self, name: str, params: Params) -> Answer:
        """POST /v1/payment_intents/ID/capture."""
        intent = self.books.objects.get(name)
        if intent is None:
            return _missing("payment_intent", name)
        amount = int(params.get("amount_to_capture", intent["amount_capturable"]))
        if intent["status"] != "requires_capture":
            return _unexpected(intent, "captured")
        if not 0 < amount <= intent["amount_capturable"]:
            return _invalid("amount_too_large", "Amount is more than can be captured.", "amount_to_capture")
        made = self.books.objects[intent["latest_charge"]]
        self.books.keep(made | {"captured": True, "amount_captured": amount})
        taken = {"status": "succeeded", "amount_capturable": 0, "amount_received": amount}
        return Answer(200, self.books.keep(intent | taken))

    def cancel_intent(self, name: str, _: Params) -> Answer:
        """POST /v1/payment_intents/ID/cancel."""
        intent = self.books.objects.get(name)
        if intent is None:
            return _missing("payment_intent", name)
        if intent["status"] in {"succeeded", "canceled", "processing"}:
            return _unexpected(intent, "canceled")
        return Answer(200, self.books.keep(intent | {"status": "canceled", "amount_capturable": 0}))

    def create_refund(self, params: Params) -> Answer:
        """POST /v1/refunds, for an intent."""
        loose = {name: text for name, text in params.items() if not name.startswith("metadata[")}
        if wrong := _unknown(loose, frozenset({"payment_intent", "amount"})):
            return wrong
        intent = self.books.objects.get(params.get("payment_intent", ""))
        if intent is None or intent["status"] != "succeeded":
            return _missing("payment_intent", params.get("payment_intent", ""))
        made = self.books.objects[intent["latest_charge"]]
        left = made["amount_captured"] - made["amount_refunded"]
        amount = int(params.get("amount", left))
        if left == 0:
            return _invalid("charge_already_refunded", f"Charge {made['id']} has already been refunded.", "")
        if not 0 < amount <= left:
            said = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
            return _invalid("", said, "amount")
        returned = {"amount_refunded": made["amount_refunded"] + amount, "refunded": amount == left}
        self.books.keep(made | returned)
        return Answer(200, self.books.keep(shapes.refund(made, amount, _metadata(params))))

    def list_refunds(self, params: Params) -> Answer:
        """GET /v1/refunds, the newest first, of one intent."""
        if wrong := _unknown(params, frozenset({"payment_intent", "limit"})):
            return wrong
        intent, limit = params.get("payment_intent"), int(params.get("limit", "10"))
        made = [one for one in reversed(self.books.listed("refund")) if one["payment_intent"] == intent]
        body = {"object": "list", "url": "/v1/refunds", "has_more": len(made) > limit}
        return Answer(200, body | {"data": made[:limit]})

    def _confirm(self, intent: Record, method: Record, no_action: bool) -> Answer:
        card = BOGUS_CARDS[int(method["metadata"]["bogus"])]
        intent |= {"payment_method": method["id"]}
        if card.code == "authentication_required" and not no_action:
            action = {"type": "redirect_to_url", "redirect_to_url": {"url": "https://example.com/3ds"}}
            return Answer(200, self.books.keep(intent | {"status": "requires_action", "next_action": action}))
        error = shapes.card_error(card) if card.fate is Fate.DECLINE else None
        made = self.books.keep(shapes.charge(intent, method, error))
        if error is not None:
            told = error | {"charge": made["id"], "payment_method": method}
            refused = {"payment_method": None, "latest_charge": made["id"], "last_payment_error": told}
            intent = self.books.keep(intent | refused)
            return Answer(402, {"error": told | {"payment_intent": intent}})
        held = intent["capture_method"] == "manual"
        done = {
            "status": "requires_capture" if held else "succeeded",
            "amount_capturable": intent["amount"] if held else 0,
            "amount_received": 0 if held else intent["amount"],
            "latest_charge": made["id"],
        }
        return Answer(200, self.books.keep(intent | done), silent=card.fate is Fate.SILENT)


def error(status: int, kind: str, code: str, message: str, param: str = "") -> Answer:
    """An error as Stripe words it."""
    known = {"type": kind, "message": message}
    return Answer(
        status,
        {"error": known | ({"code": code} if code else {}) | ({"param": param} if param else {})},
    )


def _unknown(params: Params, known: frozenset[str]) -> Answer | None:
    for name in params:
        if name not in known:
            return _invalid("parameter_unknown", f"Received unknown parameter: {name}", name)
    return None


def _metadata(params: Params) -> dict[str, str]:
    began = "metadata["
    return {name[len(began) : -1]: text for name, text in params.items() if name.startswith(began)}


def _invalid(code: str, message: str, param: str) -> Answer:
    return error(400, "invalid_request_error", code, message, param)


def _missing(kind: str, name: str) -> Answer:
    return error(404, "invalid_request_error", "resource_missing", f"No such {kind}: '{name}'")


def _unexpected(intent: Record, deed: str) -> Answer:
    said = f"This PaymentIntent could not be {deed} because it has a status of {intent['status']}."
    return _invalid("payment_intent_unexpected_state", said, "")


def _card_refused(code: str, message: str, param: str) -> Answer:
    return error(402, "card_error", code, message, param)
