"""Objects in Stripe's shapes: every key that its SDK (16.1, API 2026-10-28) does not call optional."""

import secrets
import time
from typing import Any

from payments.gateways.sandbox.cards import BogusCard
from payments.sandbox.books import Record
from payments.sandbox.dialect import Params

_NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
_NOBODY = {"address": _NO_ADDRESS, "email": None, "name": None, "phone": None, "tax_id": None}


def payment_method(brand: str, last4: str, expiry: tuple[int, int], bogus: int) -> Record:
    """A card; `expiry` is month and year, `bogus` its place among the test cards (kept in the metadata)."""
    return _new("payment_method", "pm") | {
        "type": "card",
        "billing_details": _NOBODY,
        "allow_redisplay": "unspecified",
        "customer": None,
        "metadata": {"bogus": str(bogus)},
        "card": {
            "brand": brand,
            "last4": last4,
            "exp_month": expiry[0],
            "exp_year": expiry[1],
            "funding": "credit",
            "country": "US",
            "fingerprint": None,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": None},
            "networks": {"available": [brand], "preferred": None},
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
            "generated_from": None,
        },
    }


def bank_method(facts: dict[str, str], name: str) -> Record:
    """A bank account; `facts` are its kind, holder, routing number and last four digits."""
    return _new("payment_method", "pm") | {
        "type": "us_bank_account",
        "billing_details": _NOBODY | {"name": name},
        "allow_redisplay": "unspecified",
        "customer": None,
        "metadata": {},
        "us_bank_account": facts
        | {
            "bank_name": "STRIPE TEST BANK",
            "financial_connections_account": None,
            "fingerprint": None,
            "networks": {"preferred": "ach", "supported": ["ach"]},
            "status_details": None,
        },
    }


def payment_intent(order: dict[str, Any]) -> Record:
    """An intent that nobody confirmed yet."""
    return _new("payment_intent", "pi") | {
        "amount": order["amount"],
        "amount_capturable": 0,
        "amount_received": 0,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": order["capture_method"],
        "client_secret": None,
        "confirmation_method": "automatic",
        "currency": order["currency"],
        "customer": order["customer"],
        "description": order["description"],
        "last_payment_error": None,
        "latest_charge": None,
        "metadata": order["metadata"],
        "next_action": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
    }


def charge(intent: Record, method: Record, error: Record | None) -> Record:
    """One attempt to charge a card for an intent."""
    taken = error is None and intent["capture_method"] != "manual"
    return _new("charge", "ch") | {
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if taken else 0,
        "amount_refunded": 0,
        "billing_details": _NOBODY,
        "captured": taken,
        "currency": intent["currency"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": error["code"] if error else None,
        "failure_message": error["message"] if error else None,
        "metadata": intent["metadata"],
        "paid": error is None,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "refunded": False,
        "status": "failed" if error else "succeeded",
    }


def refund(charge_made: Record, amount: int, metadata: dict[str, str]) -> Record:
    """Money on its way back."""
    return _new("refund", "re") | {
        "amount": amount,
        "charge": charge_made["id"],
        "currency": charge_made["currency"],
        "metadata": metadata,
        "payment_intent": charge_made["payment_intent"],
        "reason": None,
        "status": "succeeded",
    }


def setup_intent(method: str, customer: str, metadata: dict[str, str]) -> Record:
    """A card on its way to be kept."""
    return _new("setup_intent", "seti") | {
        "customer": customer,
        "client_secret": None,
        "last_setup_error": None,
        "metadata": metadata,
        "next_action": None,
        "payment_method": method,
        "payment_method_types": ["card"],
        "status": "requires_confirmation",
        "usage": "off_session",
    }


def customer(description: str | None, metadata: dict[str, str]) -> Record:
    """Whom kept cards belong to."""
    return _new("customer", "cus") | {"description": description, "metadata": metadata}


def dispute(charge_made: Record) -> Record:
    """The cardholder's complaint about a charge, with three weeks to answer it."""
    return _new("dispute", "dp") | {
        "amount": charge_made["amount"],
        "balance_transactions": [],
        "charge": charge_made["id"],
        "currency": charge_made["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": int(time.time()) + 21 * 86400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "metadata": {},
        "payment_intent": charge_made["payment_intent"],
        "reason": "fraudulent",
        "status": "needs_response",
    }


def checkout_session(params: Params, base: str) -> Record:
    """A page that nobody paid on yet; Stripe does not show the metadata that the intent will have."""
    price, data = "line_items[0][price_data]", "payment_intent_data[metadata]["
    made = _new("checkout.session", "cs_test")
    total = int(params[f"{price}[unit_amount]"]) * int(params["line_items[0][quantity]"])
    return made | {
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "currency": params[f"{price}[currency]"],
        "custom_fields": [],
        "custom_text": dict.fromkeys(
            ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
        ),
        "expires_at": int(params["expires_at"]),
        "metadata": {},
        "mode": params["mode"],
        "payment_intent": None,
        "payment_intent_metadata": {
            name.removeprefix(data).rstrip("]"): text
            for name, text in params.items()
            if name.startswith(data)
        },
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "success_url": params.get("success_url"),
        "url": f"{base}/c/pay/{made['id']}",
    }


def event(kind: str, about: Record) -> Record:
    """What is told by webhook, with the object as it was then."""
    return _new("event", "evt") | {
        "api_version": "2026-10-28",
        "data": {"object": about},
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def card_error(card: BogusCard) -> Record:
    """The error of a declined card."""
    error = {"type": "card_error", "code": card.code, "message": "Your card was declined."}
    return error | ({"decline_code": card.decline_code} if card.decline_code else {})


def _new(kind: str, prefix: str) -> Record:
    return {
        "id": f"{prefix}_{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "livemode": False,
    }
