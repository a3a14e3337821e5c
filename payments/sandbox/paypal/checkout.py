"""PayPal's orders that a payer approves, and the page on which they do."""

from typing import Any, Final

from payments.sandbox import hosted
from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer, Call
from payments.sandbox.paypal.counter import Counter
from payments.sandbox.paypal.mistakes import missing, unprocessable

REFUSED: Final = "INSTRUMENT_DECLINED"
MEANS: Final = ("PayPal balance", REFUSED)


class Checkout(Counter):
    """The counter with a page for payers."""

    def open_order(self, asked: Any, base: str) -> Answer:
        """POST /v2/checkout/orders, to be approved by a payer."""
        unit = asked["purchase_units"][0]
        if self._invoiced(unit.get("invoice_id")):
            return unprocessable("DUPLICATE_INVOICE_ID", "Duplicate Invoice ID detected.")
        context = asked["payment_source"]["paypal"]["experience_context"]
        order = self.new_order(asked, "PAYER_ACTION_REQUIRED", {"paypal": {}})
        made = order | {"url": f"{base}/checkoutnow/{order['id']}", "context": context, "by": ""}
        self.books.keep(made)
        return self.order(made["id"])

    def capture_order(self, name: str) -> Answer:
        """POST /v2/checkout/orders/ID/capture."""
        found = self.books.objects.get(name)
        if found is None or found["object"] != "order":
            return missing("The order does not exist.")
        if found["status"] == "COMPLETED":
            return unprocessable("ORDER_ALREADY_CAPTURED", "Order already captured.")
        if found["status"] != "APPROVED":
            return unprocessable("ORDER_NOT_APPROVED", "Payer has not yet approved the Order for payment.")
        if found["by"] == REFUSED:
            self.books.keep(found | {"status": "PAYER_ACTION_REQUIRED"})
            return unprocessable(REFUSED, "The instrument presented was declined by the processor.")
        done = self.books.keep(found | {"status": "COMPLETED"})
        self._payment("capture", done, done["unit"]["amount"], "")
        return Answer(201, self.order(name).body)

    def drop_order(self, name: str) -> None:
        """Let an order go that nobody approved in time."""
        self.books.keep(self.books.objects[name] | {"object": "dropped"})

    def show(self, call: Call) -> Answer:
        """GET /checkoutnow/ID: the page."""
        found = self._payable(call.names["id"])
        if found is None:
            return hosted.over("PayPal", "Things don't appear to be working: this order is over.")
        amount = found["unit"]["amount"]
        return hosted.asking("PayPal", f"{amount['value']} {amount['currency_code']}", MEANS)

    def approve(self, call: Call) -> Answer:
        """A click on the page: an approval, which takes no money yet."""
        found = self._payable(call.names["id"])
        if found is None:
            return hosted.over("PayPal", "Things don't appear to be working: this order is over.")
        click = hosted.clicked(call)
        query = f"?token={found['id']}"
        if click.given_up:
            return hosted.back(found["context"]["cancel_url"] + query)
        self.books.keep(found | {"status": "APPROVED", "by": click.by})
        self._tell("CHECKOUT.ORDER.APPROVED", {"id": found["id"], "status": "APPROVED"})
        return hosted.back(f"{found['context']['return_url']}{query}&PayerID=SANDBOXPAYER")

    def _payable(self, name: str) -> Record | None:
        found = self.books.objects.get(name)
        open_ = (
            found is not None and found["object"] == "order" and found["status"] == "PAYER_ACTION_REQUIRED"
        )
        return found if open_ else None
