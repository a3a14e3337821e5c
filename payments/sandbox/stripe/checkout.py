"""Stripe Checkout: sessions, and the page on which a payer pays one: https://docs.stripe.com/payments/checkout."""

import time
from typing import Final

from payments.gateways.sandbox.cards import BOGUS_CARDS, Fate
from payments.sandbox import hosted
from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer, Call, Params
from payments.sandbox.stripe import shapes
from payments.sandbox.stripe.counter import Counter
from payments.sandbox.stripe.mistakes import invalid, missing, unknown

_PRICE: Final = "line_items[0][price_data]"
_KEYS: Final = frozenset(
    {
        "mode",
        "line_items[0][quantity]",
        f"{_PRICE}[currency]",
        f"{_PRICE}[unit_amount]",
        f"{_PRICE}[product_data][name]",
        "payment_intent_data[metadata][payment]",
        "payment_intent_data[metadata][page]",
        "client_reference_id",
        "success_url",
        "cancel_url",
        "expires_at",
    }
)
_SOONEST_S: Final = 1800
_LATEST_S: Final = 86400
_SLACK_S: Final = 60


class Checkout(Counter):
    """The counter with a page for payers."""

    def create_session(self, base: str, params: Params) -> Answer:
        """POST /v1/checkout/sessions, in payment mode, for one thing."""
        if wrong := unknown(params, _KEYS):
            return wrong
        lasts_s = int(params.get("expires_at", "0")) - time.time()
        if not _SOONEST_S - _SLACK_S <= lasts_s <= _LATEST_S + _SLACK_S:
            said = "The `expires_at` timestamp must be between 30 minutes and 24 hours from creation."
            return invalid("", said, "expires_at")
        return Answer(200, self.books.keep(shapes.checkout_session(params, base)))

    def session(self, name: str, _: Params) -> Answer:
        """GET /v1/checkout/sessions/ID."""
        found = self._session(name)
        return Answer(200, found) if found else missing("checkout.session", name)

    def expire_session(self, name: str, _: Params) -> Answer:
        """POST /v1/checkout/sessions/ID/expire: nobody can pay it any more."""
        found = self._session(name)
        if found is None:
            return missing("checkout.session", name)
        if found["status"] != "open":
            return invalid("", "Only open sessions can be expired.", "")
        gone = {"status": "expired", "url": None}
        return Answer(200, self._told("checkout.session.expired", found | gone))

    def show(self, call: Call) -> Answer:
        """The page of a session."""
        found = self._session(call.names["id"])
        if found is None or found["status"] != "open":
            return hosted.over("Stripe", "This page has expired, or was paid already.")
        return _asking(found)

    def pay(self, call: Call) -> Answer:
        """A click on the page: a card that is refused may be followed by another."""
        found = self._session(call.names["id"])
        if found is None or found["status"] != "open":
            return hosted.over("Stripe", "This page has expired, or was paid already.")
        click = hosted.clicked(call)
        if click.given_up:
            return hosted.back(found["cancel_url"])
        number = click.by.replace(" ", "")
        made = self.create_method(
            {"type": "card", "card[number]": number, "card[exp_month]": "12", "card[exp_year]": "34"}
        )
        if made.status != 200 or isinstance(made.body, str):
            return _asking(found, "Your card number is incorrect.")
        intent = self._paid(found, made.body)
        if intent["status"] != "succeeded":
            self.books.keep(found | {"payment_intent": intent["id"]})
            return _asking(found, "Your card was declined. Try another.")
        paid = {"status": "complete", "payment_status": "paid", "payment_intent": intent["id"], "url": None}
        self._told("checkout.session.completed", found | paid)
        return hosted.back(found["success_url"])

    def _paid(self, session: Record, method: Record) -> Record:
        intent = self.books.objects.get(session["payment_intent"] or "") or shapes.payment_intent(
            {
                "amount": session["amount_total"],
                "currency": session["currency"],
                "capture_method": "automatic_async",
                "customer": None,
                "description": None,
                "metadata": session["payment_intent_metadata"],
            }
        )
        self._confirm(intent, method, no_action=True)
        return self.books.objects[intent["id"]]

    def _session(self, name: str) -> Record | None:
        found = self.books.objects.get(name)
        if found is None or found["object"] != "checkout.session":
            return None
        if found["status"] == "open" and found["expires_at"] < time.time():
            return self._told("checkout.session.expired", found | {"status": "expired", "url": None})
        return found


def _asking(session: Record, said: str = "") -> Answer:
    cards = (card.number.decode() for card in BOGUS_CARDS if card.fate in {Fate.APPROVE, Fate.DECLINE})
    amount = f"{session['amount_total']} {session['currency'].upper()}"
    return hosted.asking("Stripe", amount, cards, said)
