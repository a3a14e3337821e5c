"""CCAvenue's dialect: the encrypted form, its page, the order status tracker, refunds and payouts."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final
from urllib.parse import parse_qsl, urlencode

from payments.gateways.ccavenue.secrecy import decrypted, encrypted
from payments.sandbox import hosted
from payments.sandbox.books import Books, Record
from payments.sandbox.ccavenue.payouts import Payouts
from payments.sandbox.dialect import Answer, Call, Hook, Ring, Route
from payments.sandbox.settling import today

MERCHANT: Final = "1"
ACCESS_CODE: Final = "AVSANDBOX"
WORKING_KEY: Final = "0123456789ABCDEF0123456789ABCDEF"
"""What the sandbox's one merchant has; both sides encrypt with the same key."""

MEANS: Final = ("4111111111111111", "5123456789012346", "insufficient funds", "expired card", "declined")
"""A card; anything that is no number is what its bank says when it refuses."""


class CCAvenueDialect:
    """CCAvenue, as far as its page, its order status tracker, refunds and payouts go. It rings nobody."""

    name = "CCAvenue"

    def __init__(self, books: Books) -> None:
        self.books = books
        self.heard: list[Record] = []
        payouts = Payouts(books)
        self._commands: Mapping[str, Callable[[Mapping[str, str]], Record]] = {
            "orderStatusTracker": self._tracked,
            "refundOrder": self._refund,
            "getRefundDetails": self._refunds,
            "payoutSummary": payouts.summary,
            "payIdDetails": payouts.details,
        }

    def routes(self) -> Sequence[Route]:
        """All that it answers."""
        return [
            Route("POST", "/transaction/transaction.do", self.begin),
            Route("POST", "/transaction/{id}/pay", self.pay),
            Route("POST", "/apis/servlet/DoWebTrans", self._command),
        ]

    def broken(self) -> Answer:
        """A server error of CCAvenue's."""
        return Answer(500, "<html><body>Internal Server Error</body></html>", kind=hosted.HTML)

    def ring(self, event: Record, hook: Hook) -> Ring:
        """What CCAvenue pushes to a shop: nothing here, as nothing of it could be believed."""
        return Ring(json.dumps(event).encode(), {"Content-Type": "application/json"})

    def begin(self, call: Call) -> Answer:
        """POST /transaction/transaction.do: a payer comes with a form of the merchant's."""
        form = call.params
        try:
            asked = dict(parse_qsl(decrypted(form.get("encRequest", ""), WORKING_KEY)))
        except ValueError:
            return hosted.over("CCAvenue", "Merchant Authentication failed.")
        if form.get("access_code") != ACCESS_CODE or asked.get("merchant_id") != MERCHANT:
            return hosted.over("CCAvenue", "Merchant Authentication failed.")
        known = self._order(asked.get("order_id", ""))
        if known is not None and known["order_status"] != "Initiated":
            return hosted.over("CCAvenue", "Order Id already used.")
        made = known or self.books.keep(_new(asked))
        amount = f"{made['order_amt']} {made['order_currncy']}"
        return hosted.asking("CCAvenue", amount, MEANS, action=f"/transaction/{made['id']}/pay")

    def pay(self, call: Call) -> Answer:
        """A click on the page; whoever is refused goes back to the shop."""
        made = self.books.objects.get(call.names["id"])
        if made is None or made["order_status"] != "Initiated":
            return hosted.over("CCAvenue", "Order Id already used.")
        click = hosted.clicked(call)
        said = "" if click.by.isdigit() else click.by
        status = "Aborted" if click.given_up else "Unsuccessful" if said else "Shipped"
        done = self.books.keep(made | {"order_status": status, "order_bank_response": said})
        told = {
            "order_id": done["order_no"],
            "tracking_id": done["id"],
            "order_status": {"Shipped": "Success", "Unsuccessful": "Failure"}.get(status, status),
            "failure_message": said,
            "currency": done["order_currncy"],
            "amount": done["order_amt"],
        }
        fields = {"encResp": encrypted(urlencode(told), WORKING_KEY), "orderNo": done["order_no"]}
        return hosted.back_by_form(done["cancel_url"] if click.given_up else done["redirect_url"], fields)

    def _command(self, call: Call) -> Answer:
        asked = call.params
        try:
            question = json.loads(decrypted(asked.get("enc_request", ""), WORKING_KEY))
        except ValueError:
            return _plain("1", "Access_code: Invalid Parameter")
        if asked.get("access_code") != ACCESS_CODE:
            return _plain("1", "Access_code: Invalid Parameter")
        answer = self._commands.get(asked.get("command", ""))
        return _sealed(answer(question)) if answer else _plain("1", "Command: Invalid Parameter")

    def _tracked(self, question: Mapping[str, str]) -> Record:
        found = self._order(question.get("order_no", "")) or self.books.objects.get(
            question.get("reference_no", "")
        )
        if found is None:
            return {"status": 1, "error_desc": "No record found", "error_code": "51419"}
        hidden = {"id", "object", "day", "redirect_url", "cancel_url"}
        told = {name: value for name, value in found.items() if name not in hidden}
        return {**told, "reference_no": found["id"], "status": 0, "error_desc": "", "error_code": ""}

    def _refund(self, question: Mapping[str, str]) -> Record:
        paid = self.books.objects.get(question.get("reference_no", ""))
        if paid is None or paid["object"] != "order" or paid["order_status"] not in {"Shipped", "Refunded"}:
            return {"refund_status": 1, "reason": "Invalid order status", "error_code": "51313"}
        mine = [one for one in self.books.listed("refund") if one["reference_no"] == paid["id"]]
        if any(one["refund_ref_no"] == question.get("refund_ref_no") for one in mine):
            return {"refund_status": 1, "reason": "Duplicate refund reference", "error_code": "51316"}
        left = Decimal(paid["order_amt"]) - sum((Decimal(one["refund_amount"]) for one in mine), Decimal(0))
        if not 0 < Decimal(question["refund_amount"]) <= left:
            return {"refund_status": 1, "reason": "Refund amount exceeds", "error_code": "51309"}
        self.books.keep(
            {
                "id": f"rf{secrets.randbelow(10**10):010d}",
                "object": "refund",
                "reference_no": paid["id"],
                "refund_amount": question["refund_amount"],
                "refund_ref_no": question["refund_ref_no"],
                "refund_status": 0,
                "day": today(),
            }
        )
        return {"refund_status": 0, "reason": "", "error_code": ""}

    def _refunds(self, question: Mapping[str, str]) -> Record:
        made = [one for one in self.books.listed("refund") if one["reference_no"] == question["reference_no"]]
        names = ("refund_ref_no", "refund_amount", "refund_status")
        return {"refund_list": [{name: one[name] for name in names} for one in made]}

    def _order(self, number: str) -> Record | None:
        return next((one for one in self.books.listed("order") if one["order_no"] == number), None)


def _new(asked: Mapping[str, str]) -> Record:
    return {
        "id": f"1090{secrets.randbelow(10**8):08d}",
        "object": "order",
        "order_no": asked["order_id"],
        "order_amt": asked["amount"],
        "order_currncy": asked["currency"],
        "order_status": "Initiated",
        "order_bank_response": "",
        "day": today(),
        "redirect_url": asked["redirect_url"],
        "cancel_url": asked.get("cancel_url", asked["redirect_url"]),
    }


def _plain(status: str, said: str) -> Answer:
    body = urlencode({"status": status, "enc_response": said, "enc_error_code": "51407"})
    return Answer(200, body, kind="text/plain")


def _sealed(told: Record) -> Answer:
    return Answer(200, f"status=0&enc_response={encrypted(json.dumps(told), WORKING_KEY)}", kind="text/plain")
