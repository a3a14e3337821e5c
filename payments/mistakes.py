"""What may be wrong with what the Desk is asked: each a named error, raised before anything is written."""

from core.errors import BadInput
from core.ids import PaymentId
from core.money import Money


class BadAmount(BadInput):
    """An amount that cannot be taken or given back."""


class KeyReused(BadInput):
    """An idempotency key was used before, with other parameters."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the key {key!r} was used before with other parameters: make a new one")


class NoSuchPayment(BadInput):
    """A payment that was never written down."""

    def __init__(self, payment: PaymentId) -> None:
        super().__init__(f"there is no payment {payment}: look the id up first")


class UnknownGateway(BadInput):
    """A gateway that is not set up here."""

    def __init__(self, gateway: str) -> None:
        super().__init__(f"there is no gateway {gateway!r} in the settings: add it, or name another")


class CannotDo(BadInput):
    """A gateway is asked for what it does not declare."""


def must_be_positive(amount: Money) -> None:
    """Raise BadAmount for zero and less."""
    if amount.minor <= 0:
        raise BadAmount(f"{amount} is not an amount that can be moved: it must be above zero")
