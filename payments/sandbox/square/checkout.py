"""Square's checkout links, and the page on which a payer pays one."""

import secrets
from typing import Any

from payments.sandbox import hosted
from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer, Call
from payments.sandbox.square.counter import NONCES, Counter, now, shown
from payments.sandbox.square.mistakes import wrong


class Checkout(Counter):
    """The counter with pages for payers."""

    def create_link(self, asked: Any, base: str) -> Answer:
        """POST /v2/online-checkout/payment-links, of an order."""
        order, name = asked["order"], secrets.token_hex(8).upper()
        total = sum(
            item["base_price_money"]["amount"] * int(item["quantity"]) for item in order["line_items"]
        )
        money = {"amount": total, "currency": order["line_items"][0]["base_price_money"]["currency"]}
        kept = self.books.keep(
            {
                "id": f"O{secrets.token_hex(10)}",
                "object": "order",
                "location_id": order["location_id"],
                "reference_id": order.get("reference_id"),
                "state": "OPEN",
                "total_money": money,
                "line_items": order["line_items"],
                "created_at": now(),
                "version": 1,
            }
        )
        made = {
            "id": name,
            "object": "payment_link",
            "version": 1,
            "order_id": kept["id"],
            "url": f"{base}/checkout/{name}",
            "long_url": f"{base}/checkout/{name}",
            "payment_note": asked.get("payment_note"),
            "checkout_options": asked.get("checkout_options") or {},
            "created_at": now(),
        }
        link = shown(self.books.keep(made))
        return Answer(200, {"payment_link": link, "related_resources": {"orders": [shown(kept)]}})

    def delete_link(self, name: str) -> Answer:
        """DELETE /v2/online-checkout/payment-links/ID: its order is cancelled."""
        found = self.books.objects.get(name)
        if found is None or found["object"] != "payment_link":
            return wrong(404, "INVALID_REQUEST_ERROR", "NOT_FOUND", "Payment link not found.", "id")
        self.books.keep(self.books.objects[found["order_id"]] | {"state": "CANCELED"})
        return Answer(200, {"id": name, "cancelled_order_id": found["order_id"]})

    def show(self, call: Call) -> Answer:
        """The page of a link."""
        found = self._payable(call.names["id"])
        if found is None:
            return hosted.over("Square", "This page is closed, or was paid already.")
        return self._asking(found)

    def pay(self, call: Call) -> Answer:
        """A click on the page: who is refused may try again there."""
        found = self._payable(call.names["id"])
        if found is None:
            return hosted.over("Square", "This page is closed, or was paid already.")
        click, order = hosted.clicked(call), self.books.objects[found["order_id"]]
        back = found["checkout_options"].get("redirect_url", "")
        if click.given_up:
            return hosted.back(back)
        answer = self.create_payment(
            {
                "source_id": click.by,
                "amount_money": order["total_money"],
                "location_id": order["location_id"],
                "note": found["payment_note"],
                "order_id": order["id"],
            }
        )
        if answer.status != 200 or isinstance(answer.body, str):
            return self._asking(found, "The card was declined. Try another.")
        paid = answer.body["payment"]
        tender = {"id": paid["id"], "payment_id": paid["id"], "amount_money": paid["amount_money"]}
        self.books.keep(order | {"state": "COMPLETED", "tenders": [{**tender, "type": "CARD"}]})
        return hosted.back(f"{back}?orderId={order['id']}&transactionId={paid['id']}")

    def _asking(self, link: Record, said: str = "") -> Answer:
        money = self.books.objects[link["order_id"]]["total_money"]
        return hosted.asking("Square", f"{money['amount']} {money['currency']}", NONCES, said)

    def _payable(self, name: str) -> Record | None:
        found = self.books.objects.get(name)
        if found is None or found["object"] != "payment_link":
            return None
        return found if self.books.objects[found["order_id"]]["state"] == "OPEN" else None
