"""Stripe's payment intents, refunds and disputes, as far as a line that takes cards by telephone needs them.

https://docs.stripe.com/api: payment intents, refunds, disputes.
"""

from payments.gateways.sandbox.cards import Fate
from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer, Params
from payments.sandbox.stripe import banks, shapes
from payments.sandbox.stripe.banks import is_bank
from payments.sandbox.stripe.cards import Cards, bogus
from payments.sandbox.stripe.mistakes import invalid, metadata, missing, unexpected, unknown

_INTENT_KEYS = frozenset(
    {
        "amount",
        "currency",
        "payment_method",
        "allowed_payment_method_types[0]",
        "payment_method_options[card][moto]",
        "payment_method_options[us_bank_account][verification_method]",
        "mandate_data[customer_acceptance][type]",
        "confirm",
        "capture_method",
        "description",
        "error_on_requires_action",
        "off_session",
        "customer",
    }
)
_LIST_KEYS = frozenset({"created[gte]", "created[lte]", "limit", "starting_after"})


class Counter(Cards):
    """The vendor's side of the counter: each deed reads the parameters, changes the books and answers."""

    def create_intent(self, params: Params) -> Answer:
        """POST /v1/payment_intents, confirmed at once or not."""
        if wrong := unknown(params, _INTENT_KEYS):
            return wrong
        method = self.books.objects.get(params.get("payment_method", ""))
        if wrong := _mismatched(method, params):
            return wrong
        if method and not is_bank(method) and bogus(method).fate is Fate.LOST:
            return Answer(404, {}, silent=True)  # as if it had never come
        intent = shapes.payment_intent(
            {
                "amount": int(params["amount"]),
                "currency": params.get("currency", "").lower(),
                "capture_method": params.get("capture_method", "automatic_async"),
                "customer": params.get("customer"),
                "description": params.get("description"),
                "metadata": metadata(params),
            }
        )
        if params.get("confirm") != "true" or method is None:
            return Answer(200, self.books.keep(intent))
        if is_bank(method):
            return self._debit(intent, method, params)
        return self._confirm(intent, method, params.get("error_on_requires_action") == "true")

    def verify_deposits(self, name: str, params: Params) -> Answer:
        """POST /v1/payment_intents/ID/verify_microdeposits: the debit goes out, and its days pass at once."""
        intent = self.books.objects.get(name)
        if intent is None:
            return missing("payment_intent", name)
        if intent["status"] != "requires_action" or not intent["payment_method"]:
            return unexpected(intent, "verified")
        if params.get("descriptor_code") != banks.RIGHT_CODE:
            said = "The descriptor code does not match the one that was sent."
            return invalid("payment_method_microdeposit_verification_descriptor_code_mismatch", said, "")
        method = self.books.objects[intent["payment_method"]]
        under_way = self._told(
            "payment_intent.processing", intent | {"status": "processing", "next_action": None}
        )
        ended, error = banks.settled(under_way, method)
        made = self.books.keep(shapes.charge(under_way, method, error))
        kind = "payment_intent.succeeded" if error is None else "payment_intent.payment_failed"
        self._told(kind, ended | {"latest_charge": made["id"]})
        return Answer(200, under_way)

    def intent(self, name: str, _: Params) -> Answer:
        """GET /v1/payment_intents/ID."""
        found = self.books.objects.get(name)
        return Answer(200, found) if found else missing("payment_intent", name)

    def list_intents(self, params: Params) -> Answer:
        """GET /v1/payment_intents, the newest first."""
        if wrong := unknown(params, _LIST_KEYS):
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
            return missing("payment_intent", name)
        amount = int(params.get("amount_to_capture", intent["amount_capturable"]))
        if intent["status"] != "requires_capture":
            return unexpected(intent, "captured")
        if not 0 < amount <= intent["amount_capturable"]:
            return invalid("amount_too_large", "Amount is more than can be captured.", "amount_to_capture")
        made = self.books.objects[intent["latest_charge"]]
        self.books.keep(made | {"captured": True, "amount_captured": amount})
        taken = {"status": "succeeded", "amount_capturable": 0, "amount_received": amount}
        return Answer(200, self._told("payment_intent.succeeded", intent | taken))

    def cancel_intent(self, name: str, _: Params) -> Answer:
        """POST /v1/payment_intents/ID/cancel."""
        intent = self.books.objects.get(name)
        if intent is None:
            return missing("payment_intent", name)
        if intent["status"] in {"succeeded", "canceled", "processing"}:
            return unexpected(intent, "canceled")
        canceled = intent | {"status": "canceled", "amount_capturable": 0}
        return Answer(200, self._told("payment_intent.canceled", canceled))

    def create_refund(self, params: Params) -> Answer:
        """POST /v1/refunds, for an intent."""
        if wrong := unknown(params, frozenset({"payment_intent", "amount"})):
            return wrong
        intent = self.books.objects.get(params.get("payment_intent", ""))
        if intent is None or intent["status"] != "succeeded":
            return missing("payment_intent", params.get("payment_intent", ""))
        made = self.books.objects[intent["latest_charge"]]
        left = made["amount_captured"] - made["amount_refunded"]
        amount = int(params.get("amount", left))
        if left == 0:
            return invalid("charge_already_refunded", f"Charge {made['id']} has already been refunded.", "")
        if not 0 < amount <= left:
            said = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
            return invalid("", said, "amount")
        returned = {"amount_refunded": made["amount_refunded"] + amount, "refunded": amount == left}
        self.books.keep(made | returned)
        return Answer(200, self._told("refund.created", shapes.refund(made, amount, metadata(params))))

    def list_refunds(self, params: Params) -> Answer:
        """GET /v1/refunds, the newest first, of one intent."""
        if wrong := unknown(params, frozenset({"payment_intent", "limit"})):
            return wrong
        intent, limit = params.get("payment_intent"), int(params.get("limit", "10"))
        made = [one for one in reversed(self.books.listed("refund")) if one["payment_intent"] == intent]
        body = {"object": "list", "url": "/v1/refunds", "has_more": len(made) > limit}
        return Answer(200, body | {"data": made[:limit]})

    def dispute(self, name: str, _: Params) -> Answer:
        """GET /v1/disputes/ID."""
        found = self.books.objects.get(name)
        return Answer(200, found) if found else missing("dispute", name)

    def update_dispute(self, name: str, params: Params) -> Answer:
        """POST /v1/disputes/ID: evidence, and with `submit` the bank decides."""
        found = self.books.objects.get(name)
        if found is None:
            return missing("dispute", name)
        if found["status"] != "needs_response":
            return invalid("", f"This dispute is already {found['status']}.", "")
        evidence = {key[9:-1]: text for key, text in params.items() if key.startswith("evidence[")}
        details = found["evidence_details"] | {"has_evidence": True, "submission_count": 1}
        given = found | {"evidence": evidence, "evidence_details": details}
        if params.get("submit") == "true":
            given |= {"status": "under_review"}
        return Answer(200, self._told("charge.dispute.updated", given))

    def close_dispute(self, name: str, _: Params) -> Answer:
        """POST /v1/disputes/ID/close: the merchant gives in."""
        found = self.books.objects.get(name)
        if found is None:
            return missing("dispute", name)
        if found["status"] in {"won", "lost"}:
            return invalid("", f"This dispute is already {found['status']}.", "")
        return Answer(200, self._told("charge.dispute.closed", found | {"status": "lost"}))

    def _debit(self, intent: Record, method: Record, params: Params) -> Answer:
        waiting = banks.confirm(intent, method, params)
        if isinstance(waiting, Answer):
            return waiting
        return Answer(200, self._told("payment_intent.requires_action", waiting))

    def _confirm(self, intent: Record, method: Record, no_action: bool) -> Answer:
        card = bogus(method)
        intent |= {"payment_method": method["id"]}
        if card.code == "authentication_required" and not no_action:
            action = {"type": "redirect_to_url", "redirect_to_url": {"url": "https://example.com/3ds"}}
            return Answer(200, self.books.keep(intent | {"status": "requires_action", "next_action": action}))
        error = shapes.card_error(card) if card.fate is Fate.DECLINE else None
        made = self.books.keep(shapes.charge(intent, method, error))
        if error is not None:
            told = error | {"charge": made["id"], "payment_method": method}
            refused = {"payment_method": None, "latest_charge": made["id"], "last_payment_error": told}
            intent = self._told("payment_intent.payment_failed", intent | refused)
            return Answer(402, {"error": told | {"payment_intent": intent}})
        held = intent["capture_method"] == "manual"
        done = {
            "status": "requires_capture" if held else "succeeded",
            "amount_capturable": intent["amount"] if held else 0,
            "amount_received": 0 if held else intent["amount"],
            "latest_charge": made["id"],
        }
        kind = "payment_intent.amount_capturable_updated" if held else "payment_intent.succeeded"
        answer = Answer(200, self._told(kind, intent | done), silent=card.fate is Fate.SILENT)
        if card.disputed:
            self._told("charge.dispute.created", shapes.dispute(made))
            self.books.keep(made | {"disputed": True})
        return answer

    def _told(self, kind: str, record: Record) -> Record:
        """Write an object down, and have an event about it sent."""
        self.heard.append(shapes.event(kind, self.books.keep(record)))
        return record


def _mismatched(method: Record | None, params: Params) -> Answer | None:
    if not params.get("amount", "").isdigit() or int(params["amount"]) <= 0:
        return invalid("parameter_invalid_integer", "Invalid positive integer", "amount")
    if "payment_method" in params and (method is None or method.get("detached")):
        return missing("PaymentMethod", params["payment_method"])
    if method and is_bank(method) and "customer" in params:  # nobody confirms a kept one's deposits here
        return invalid("payment_method_unactivated", "The bank account is not verified.", "payment_method")
    if method and method["customer"] != params.get("customer"):
        return invalid("", "The payment method does not belong to this customer.", "customer")
    return None
