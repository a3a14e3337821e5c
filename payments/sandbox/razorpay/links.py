"""Razorpay's payment links, and the page on which a payer pays one."""

import hashlib
import hmac
import time
from typing import Any
from urllib.parse import urlencode

from payments.sandbox import hosted
from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer, Call, Params
from payments.sandbox.razorpay import means
from payments.sandbox.razorpay.counter import Counter, new, shown
from payments.sandbox.razorpay.mistakes import missing, wrong

_OVER = "This link is not valid any more, or was paid already."


class Links(Counter):
    """The counter with pages for payers."""

    def create_link(self, base: str, asked: Any) -> Answer:
        """POST /v1/payment_links; each reference is taken once."""
        reference, expires = asked.get("reference_id"), asked.get("expire_by", 0)
        if reference and any(one["reference_id"] == reference for one in self.books.listed("plink")):
            return wrong(f"payment link already exists with reference_id: {reference}")
        if expires and expires < time.time() + 15 * 60:
            return wrong("expire_by should be at least 15 minutes after current time")
        made = new("plink")
        kept = {
            "accept_partial": bool(asked.get("accept_partial")),
            "amount": asked["amount"],
            "amount_paid": 0,
            "callback_method": asked.get("callback_method", ""),
            "callback_url": asked.get("callback_url", ""),
            "cancelled_at": 0,
            "currency": asked.get("currency", "INR"),
            "customer": asked.get("customer") or [],
            "description": asked.get("description", ""),
            "expire_by": expires,
            "expired_at": 0,
            "notes": asked.get("notes") or [],
            "notify": asked.get("notify") or {},
            "order": None,
            "payments": None,
            "reference_id": reference or "",
            "reminder_enable": bool(asked.get("reminder_enable")),
            "short_url": f"{base}/rzp/{made['id']}",
            "status": "created",
            "updated_at": int(time.time()),
            "upi_link": asked.get("upi_link") in {True, "true"},
        }
        return Answer(200, _shown(self.books.keep(made | kept)))

    def list_links(self, params: Params) -> Answer:
        """GET /v1/payment_links."""
        reference = params.get("reference_id")
        made = [self._now(one) for one in self.books.listed("plink")]
        found = [_shown(one) for one in made if reference is None or one["reference_id"] == reference]
        return Answer(200, {"payment_links": found})

    def payment_link(self, name: str) -> Answer:
        """GET /v1/payment_links/ID."""
        found = self.found(name, "plink")
        return Answer(200, _shown(self._now(found))) if found else missing()

    def cancel_link(self, name: str) -> Answer:
        """POST /v1/payment_links/ID/cancel."""
        found = self.found(name, "plink")
        if found is None or self._now(found)["status"] != "created":
            return wrong("Payment Link cannot be cancelled")
        gone = self.books.keep(found | {"status": "cancelled", "cancelled_at": int(time.time())})
        self.tell("payment_link.cancelled", payment_link=gone)
        return Answer(200, _shown(gone))

    def show(self, call: Call) -> Answer:
        """The page of a link."""
        found = self.found(call.names["id"], "plink")
        if found is None or self._now(found)["status"] != "created":
            return hosted.over("Razorpay", _OVER)
        return _asking(found)

    def pay(self, call: Call, secret: str) -> Answer:
        """A click on the page: who is refused may try again there."""
        found = self.found(call.names["id"], "plink")
        if found is None or self._now(found)["status"] != "created":
            return hosted.over("Razorpay", _OVER)
        click = hosted.clicked(call)
        if click.given_up:
            return hosted.back(found["callback_url"])
        reason = means.reason_of(click.by)
        if reason is None or (found["upi_link"] and "@" not in click.by):
            return _asking(
                found, "No UPI address." if found["upi_link"] else "Neither a card nor a UPI address."
            )
        order = self.found(found["order"] or "", "order") or self._order(found)
        made = self.paid(order, "upi" if "@" in click.by else "card", reason, found["notes"])
        if reason:
            self.books.keep(self.books.objects[found["id"]] | {"order": order["id"]})
            return _asking(found, f"Your payment could not be completed ({reason}). Try again.")
        return hosted.back(self._done(found, order, made, secret))

    def _order(self, link: Record) -> Record:
        made = self.create_order(
            {"amount": link["amount"], "currency": link["currency"], "notes": link["notes"]}
        )
        assert isinstance(made.body, dict)  # noqa: S101 - an order that this counter made itself
        return self.books.objects[made.body["id"]]

    def _done(self, link: Record, order: Record, payment: Record, secret: str) -> str:
        told = {"payment_id": payment["id"], "amount": payment["amount"], "method": payment["method"]}
        paid = self.books.keep(
            link
            | {
                "status": "paid",
                "amount_paid": link["amount"],
                "order": order["id"],
                "payments": [told | {"status": "captured", "created_at": payment["created_at"]}],
            }
        )
        self.tell(
            "payment_link.paid", payment_link=paid, order=self.books.objects[order["id"]], payment=payment
        )
        signed = f"{link['id']}|{link['reference_id']}|paid|{payment['id']}"
        query = {
            "razorpay_payment_id": payment["id"],
            "razorpay_payment_link_id": link["id"],
            "razorpay_payment_link_reference_id": link["reference_id"],
            "razorpay_payment_link_status": "paid",
            "razorpay_signature": hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest(),
        }
        return f"{link['callback_url']}?{urlencode(query)}"

    def _now(self, link: Record) -> Record:
        """The link as it stands at this time."""
        if link["status"] != "created" or not link["expire_by"] or time.time() < link["expire_by"]:
            return link
        gone = self.books.keep(link | {"status": "expired", "expired_at": link["expire_by"]})
        self.tell("payment_link.expired", payment_link=gone)
        return gone


def _shown(link: Record) -> Record:
    return {name: value for name, value in shown(link).items() if name not in {"entity", "order"}}


def _asking(link: Record, said: str = "") -> Answer:
    return hosted.asking("Razorpay", f"{link['amount']} {link['currency']}", (*means.GOOD, *means.BAD), said)
