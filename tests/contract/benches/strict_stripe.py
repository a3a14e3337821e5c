"""Stripe's dialect with the SDK's own request types as an oracle: what they do not describe is refused."""

import typing
from types import ModuleType
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from stripe.params import _customer_create_params as customers
from stripe.params import _payment_intent_capture_params as captures
from stripe.params import _payment_intent_create_params as intents
from stripe.params import _payment_intent_list_params as lists
from stripe.params import _payment_method_create_params as methods
from stripe.params import _refund_create_params as refunds
from stripe.params import _refund_list_params as refund_lists
from stripe.params import _setup_intent_create_params as setups
from stripe.params.checkout import _session_create_params as sessions
from typing_extensions import is_typeddict

from payments.sandbox.dialect import Answer, Params
from payments.sandbox.stripe.dialect import StripeDialect


class StrictStripe(StripeDialect):
    """Takes nothing that the vendor's SDK does not describe."""

    def create_method(self, params: Params) -> Answer:
        _METHOD.validate_python(nested(params))
        return super().create_method(params)

    def create_intent(self, params: Params) -> Answer:
        INTENT.validate_python(nested(params))
        return super().create_intent(params)

    def list_intents(self, params: Params) -> Answer:
        _LIST.validate_python(nested(params))
        return super().list_intents(params)

    def capture_intent(self, name: str, params: Params) -> Answer:
        _CAPTURE.validate_python(nested(params))
        return super().capture_intent(name, params)

    def create_refund(self, params: Params) -> Answer:
        _REFUND.validate_python(nested(params))
        return super().create_refund(params)

    def create_session(self, base: str, params: Params) -> Answer:
        _SESSION.validate_python(nested(params))
        return super().create_session(base, params)

    def create_customer(self, params: Params) -> Answer:
        _CUSTOMER.validate_python(nested(params))
        return super().create_customer(params)

    def create_setup(self, params: Params) -> Answer:
        _SETUP.validate_python(nested(params))
        return super().create_setup(params)

    def list_refunds(self, params: Params) -> Answer:
        _REFUND_LIST.validate_python(nested(params))
        return super().list_refunds(params)


def strict(described: type, module: ModuleType) -> TypeAdapter[Any]:
    """A checker of a TypedDict that refuses keys which it, or one nested in it, does not name."""
    for kind in vars(module).values():
        if is_typeddict(kind):
            kind.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    adapter = TypeAdapter[Any](described)
    # what a request's options are made of is imported elsewhere, or for type checkers only
    adapter.rebuild(_types_namespace={**vars(typing), **vars(module), "StripeContext": str})
    return adapter


_METHOD = strict(methods.PaymentMethodCreateParams, methods)
INTENT = strict(intents.PaymentIntentCreateParams, intents)
_LIST = strict(lists.PaymentIntentListParams, lists)
_SESSION = strict(sessions.SessionCreateParams, sessions)
_CAPTURE = strict(captures.PaymentIntentCaptureParams, captures)
_REFUND = strict(refunds.RefundCreateParams, refunds)
_CUSTOMER = strict(customers.CustomerCreateParams, customers)
_SETUP = strict(setups.SetupIntentCreateParams, setups)
_REFUND_LIST = strict(refund_lists.RefundListParams, refund_lists)


def nested(params: Params) -> dict[str, Any]:
    """`{"card[cvc]": "1"}` as `{"card": {"cvc": "1"}}`, and `x[0]` as a list."""
    tree: dict[str, Any] = {}
    for name, text in params.items():
        *path, leaf = name.replace("]", "").split("[")
        branch = tree
        for step in path:
            branch = branch.setdefault(step, {})
        branch[leaf] = text
    return {
        name: list(branch.values()) if isinstance(branch, dict) and "0" in branch else branch
        for name, branch in tree.items()
    }
