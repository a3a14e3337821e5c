"""All gateways, by the names that the tests show."""

from collections.abc import Mapping

from tests.contract.benches.amazon_pay import AMAZON_PAY
from tests.contract.benches.bench import Vendor
from tests.contract.benches.braintree import BRAINTREE
from tests.contract.benches.ccavenue import CCAVENUE
from tests.contract.benches.paypal import PAYPAL
from tests.contract.benches.payu import PAYU
from tests.contract.benches.razorpay import RAZORPAY
from tests.contract.benches.sandbox import SANDBOX
from tests.contract.benches.square import SQUARE
from tests.contract.benches.stripe import STRIPE

VENDORS: Mapping[str, Vendor] = {
    "sandbox": SANDBOX,
    "stripe": STRIPE,
    "braintree": BRAINTREE,
    "paypal": PAYPAL,
    "square": SQUARE,
    "razorpay": RAZORPAY,
    "payu": PAYU,
    "ccavenue": CCAVENUE,
    "amazon_pay": AMAZON_PAY,
}
