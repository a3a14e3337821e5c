"""All dialects that the sandbox speaks, in the order of their ports."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from payments.sandbox.amazon_pay.dialect import AmazonPayDialect
from payments.sandbox.books import Books
from payments.sandbox.braintree.dialect import BraintreeDialect
from payments.sandbox.ccavenue.dialect import CCAvenueDialect
from payments.sandbox.dialect import Dialect
from payments.sandbox.paypal.dialect import PayPalDialect
from payments.sandbox.payu.dialect import PayUDialect
from payments.sandbox.razorpay.dialect import RazorpayDialect
from payments.sandbox.square.dialect import SquareDialect
from payments.sandbox.stripe.dialect import StripeDialect

DIALECTS: Mapping[str, Callable[[Books], Dialect]] = MappingProxyType(
    {
        "stripe": StripeDialect,
        "braintree": BraintreeDialect,
        "paypal": PayPalDialect,
        "square": SquareDialect,
        "razorpay": RazorpayDialect,
        "payu": PayUDialect,
        "ccavenue": CCAvenueDialect,
        "amazon_pay": AmazonPayDialect,
    }
)


def books_file(vendor: str) -> str:
    """The file of a dialect's books; Stripe's was there first."""
    return "books.jsonl" if vendor == "stripe" else f"{vendor}.jsonl"
