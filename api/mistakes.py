"""Mistakes about money that have a name, and the problems that they are outside."""

from collections.abc import Mapping
from typing import Final

from core.errors import BadInput
from core.money import UnknownCurrency
from payments.disputes import NoSuchDispute
from payments.mistakes import BadAmount, CannotDo, KeyReused, NoSuchPayment, UnknownGateway

NAMED: Final[Mapping[type[BadInput], tuple[int, str]]] = {
    BadAmount: (400, "bad_amount"),
    CannotDo: (409, "refused"),
    KeyReused: (409, "idempotency_key_reused"),
    NoSuchDispute: (404, "not_found"),
    NoSuchPayment: (404, "not_found"),
    UnknownCurrency: (400, "unknown_currency"),
    UnknownGateway: (404, "unknown_gateway"),
}
"""The status and the code of each; every other mistake is 400 and `bad_input`."""
