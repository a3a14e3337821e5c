"""What the models see of a purchase: a row of numbers, the same in training as on a call."""

from collections.abc import Mapping
from math import cos, log1p, pi, sin
from typing import Final

from core.money import Money, exponent
from payments.fraud.keys import Kind
from payments.fraud.sightings import NOTHING, Velocities, Velocity
from payments.purchase import Method, Purchase

FEATURES: Final = (
    "amount",
    "hour_sin",
    "hour_cos",
    "weekend",
    "withheld",
    "abroad",
    "keyed",
    "amex",
    "card_short",
    "card_hour",
    "card_day",
    "card_week",
    "card_declines",
    "card_accounts",
    "card_new",
    "card_amount_ratio",
    "caller_short",
    "caller_day",
    "caller_declines",
    "caller_cards",
    "caller_new",
    "account_hour",
    "account_day",
    "account_declines",
    "account_cards",
    "account_amount_ratio",
    "address_day",
    "address_cards",
)
_HOURS: Final = 24.0
_WEEKEND: Final = 5

Row = tuple[float, ...]


def row(purchase: Purchase, seen: Velocities, home: str) -> Row:
    """The numbers, in the order of FEATURES; `home` is the country (ISO 3166) of the line's customers.

    Amounts count in major units of their own currency, as logarithms: nothing is exchanged.
    """
    amount = major(purchase.amount)
    turn = 2 * pi * (purchase.at.hour + purchase.at.minute / 60) / _HOURS
    card, caller = _of(seen, Kind.CARD), _of(seen, Kind.CALLER)
    account, address = _of(seen, Kind.ACCOUNT), _of(seen, Kind.ADDRESS)
    return (
        log1p(amount),
        sin(turn),
        cos(turn),
        float(purchase.at.weekday() >= _WEEKEND),
        float(not purchase.caller),
        float(purchase.region not in {"", home}),
        float(purchase.method is Method.CARD),
        float(purchase.brand == "amex"),
        float(card.short),
        float(card.hour),
        float(card.day),
        float(card.week),
        float(card.declines_day),
        float(card.partners_day),
        float(not card.week),
        _ratio(amount, card),
        float(caller.short),
        float(caller.day),
        float(caller.declines_day),
        float(caller.partners_day),
        float(not caller.week),
        float(account.hour),
        float(account.day),
        float(account.declines_day),
        float(account.partners_day),
        _ratio(amount, account),
        float(address.day),
        float(address.partners_day),
    )


def major(amount: Money) -> float:
    """An amount in major units, to be compared and never to be charged."""
    return float(amount.minor / 10 ** exponent(amount.currency))


def _of(seen: Mapping[Kind, Velocity], kind: Kind) -> Velocity:
    return seen.get(kind, NOTHING)


def _ratio(amount: float, before: Velocity) -> float:
    """How much more than usual, as a logarithm; 0 where nothing is usual."""
    return log1p(amount) - log1p(before.mean_week) if before.week else 0.0
