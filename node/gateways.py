"""The one place that names concrete gateways: the processors that there are, and accounts at them."""

import os
from collections.abc import Mapping
from pathlib import Path

from core.clock import Clock
from core.errors import BadInput
from node.accounts import read as read_accounts
from node.money_settings import PaymentsSettings
from payments.gateways.amazon_pay.processor import PROCESSOR as AMAZON_PAY
from payments.gateways.braintree.processor import PROCESSOR as BRAINTREE
from payments.gateways.ccavenue.processor import PROCESSOR as CCAVENUE
from payments.gateways.paypal.processor import PROCESSOR as PAYPAL
from payments.gateways.payu.processor import PROCESSOR as PAYU
from payments.gateways.razorpay.processor import PROCESSOR as RAZORPAY
from payments.gateways.square.processor import PROCESSOR as SQUARE
from payments.gateways.stripe.account import Account
from payments.gateways.stripe.gateway import StripeGateway
from payments.gateways.stripe.processor import PROCESSOR as STRIPE
from payments.processor import OpenGateway, Processor

PROCESSORS: Mapping[str, Processor] = {
    "stripe": STRIPE,
    "braintree": BRAINTREE,
    "paypal": PAYPAL,
    "square": SQUARE,
    "razorpay": RAZORPAY,
    "payu": PAYU,
    "ccavenue": CCAVENUE,
    "amazon_pay": AMAZON_PAY,
}
"""Every processor that an account may be at; a new one is a folder in payments/gateways and a line here."""


def main_gateway(settings: PaymentsSettings) -> StripeGateway:
    """The gateway of the settings; make it inside the running loop. Raises BadInput without a key."""
    if not settings.stripe_key:
        raise BadInput(
            "payments.stripe_key is empty: set it to the gateway's secret key, or try `tellerline demo`"
        )
    authority = Path(settings.stripe_ca) if settings.stripe_ca else None
    return StripeGateway(
        Account(
            settings.stripe_key,
            settings.stripe_moto,
            settings.stripe_url,
            authority,
            name=settings.gateway,
            webhook_secret=settings.stripe_webhook_secret,
        )
    )


def further_gateways(settings: PaymentsSettings, clock: Clock) -> list[OpenGateway]:
    """The gateways of the operator's file of accounts; make them inside the running loop."""
    if not settings.accounts:
        return []
    accounts = read_accounts(Path(settings.accounts), os.environ, PROCESSORS)
    if settings.gateway in {account.name for _, account in accounts}:
        raise BadInput(f"{settings.accounts} names an account {settings.gateway!r}, as payments.gateway does")
    return [processor.open(account, clock) for processor, account in accounts]
