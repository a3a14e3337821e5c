"""Stripe's cards: payment methods, customers, and set-up intents that keep a card for later."""

from core.check_digits import luhn
from payments.brand import Brand, shape_of
from payments.gateways.sandbox.cards import BOGUS_CARDS, BogusCard, Fate, card_like
from payments.sandbox.books import Books, Record
from payments.sandbox.dialect import Answer, Params
from payments.sandbox.stripe import banks, shapes
from payments.sandbox.stripe.mistakes import card_refused, invalid, metadata, missing, unknown

_METHOD_KEYS = frozenset({"type", "card[number]", "card[exp_month]", "card[exp_year]", "card[cvc]"})
_SETUP_KEYS = frozenset(
    {
        "confirm",
        "customer",
        "payment_method",
        "allowed_payment_method_types[0]",
        "payment_method_options[card][moto]",
        "payment_method_options[us_bank_account][verification_method]",
        "mandate_data[customer_acceptance][type]",
        "usage",
    }
)
_BRANDS = {Brand.DINERS: "diners"}  # Stripe's name where it is not the hosted pay verbs'


class Cards:
    """The part of the counter where cards are handed in."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.heard: list[Record] = []

    def create_method(self, params: Params) -> Answer:
        """POST /v1/payment_methods, for a raw card or a bank account."""
        if params.get("type") == banks.KIND:
            return banks.create_method(self.books, params)
        if wrong := unknown(params, _METHOD_KEYS):
            return wrong
        digits = memoryview(params.get("card[number]", "").encode())
        shape = shape_of(digits)
        if shape is None or len(digits) not in shape.lengths or not luhn(digits):
            return card_refused("incorrect_number", "Your card number is incorrect.", "card[number]")
        expiry = int(params.get("card[exp_month]", "0")), 2000 + int(params.get("card[exp_year]", "0")) % 100
        if not 1 <= expiry[0] <= 12:
            return card_refused("invalid_expiry_month", "The expiration month is invalid.", "exp_month")
        if len(params.get("card[cvc]", "000")) not in {3, 4}:
            return card_refused("invalid_cvc", "Your card's security code is invalid.", "cvc")
        brand = _BRANDS.get(shape.brand, shape.brand.value)
        place = BOGUS_CARDS.index(card_like(digits))
        last4 = bytes(digits[-4:]).decode()
        return Answer(200, self.books.keep(shapes.payment_method(brand, last4, expiry, place)))

    def detach_method(self, name: str, _: Params) -> Answer:
        """POST /v1/payment_methods/ID/detach."""
        method = self.books.objects.get(name)
        if method is None:
            return missing("PaymentMethod", name)
        if method["customer"] is None:
            return invalid("", "The payment method is not attached to a customer.", "")
        return Answer(200, self.books.keep(method | {"customer": None, "detached": True}))

    def create_customer(self, params: Params) -> Answer:
        """POST /v1/customers."""
        if wrong := unknown(params, frozenset({"description"})):
            return wrong
        made = shapes.customer(params.get("description"), metadata(params))
        return Answer(200, self.books.keep(made))

    def create_setup(self, params: Params) -> Answer:
        """POST /v1/setup_intents, confirmed at once."""
        if wrong := unknown(params, _SETUP_KEYS):
            return wrong
        method = self.books.objects.get(params.get("payment_method", ""))
        if method is None or method.get("detached"):
            return missing("PaymentMethod", params.get("payment_method", ""))
        if self.books.objects.get(params.get("customer", "")) is None:
            return missing("customer", params.get("customer", ""))
        setup = shapes.setup_intent(method["id"], params["customer"], metadata(params))
        if banks.is_bank(method):
            waiting = banks.set_up(setup, params)
            return waiting if isinstance(waiting, Answer) else Answer(200, self.books.keep(waiting))
        return self._set_up_card(setup, method, params["customer"])

    def setup(self, name: str, _: Params) -> Answer:
        """GET /v1/setup_intents/ID."""
        found = self.books.objects.get(name)
        return Answer(200, found) if found else missing("setup_intent", name)

    def _set_up_card(self, setup: Record, method: Record, customer: str) -> Answer:
        card = bogus(method)
        if card.code == "authentication_required":
            action = {"type": "redirect_to_url", "redirect_to_url": {"url": "https://example.com/3ds"}}
            asked = {"status": "requires_action", "next_action": action}
            return Answer(200, self.books.keep(setup | asked))
        if card.fate is Fate.DECLINE:
            told = shapes.card_error(card)
            kept = {"status": "requires_payment_method", "last_setup_error": told, "payment_method": None}
            setup = self.books.keep(setup | kept)
            return Answer(402, {"error": told | {"setup_intent": setup}})
        self.books.keep(method | {"customer": customer})
        return Answer(200, self.books.keep(setup | {"status": "succeeded"}))


def bogus(method: Record) -> BogusCard:
    """The test card behind a payment method."""
    return BOGUS_CARDS[int(method["metadata"]["bogus"])]
