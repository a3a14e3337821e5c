"""What an operator may set about money: taking it, links, routing, the fraud screen."""

from dataclasses import dataclass
from typing import Literal

from core.settings import setting


@dataclass(frozen=True, slots=True)
class PaymentsSettings:
    """Taking money."""

    gateway: Literal["stripe", "sandbox"] = setting(
        "stripe", "The gateway that is charged; `sandbox` is our own emulator, which speaks like Stripe."
    )
    stripe_url: str = setting("https://api.stripe.com", "Stripe, or the sandbox that speaks like it.")
    stripe_key: str = setting("", "The secret key that Stripe gave you.")
    stripe_ca: str = setting("", "A file with the certificate authority to trust instead of the system's.")
    stripe_webhook_secret: str = setting("", "What Stripe signs its webhooks with; empty: none is believed.")
    stripe_moto: bool = setting(False, "Mark payments as telephone orders (Stripe must have allowed it).")
    accounts: str = setting("", "A TOML file with further accounts at payment processors.")
    brands: tuple[str, ...] = setting(("visa", "mastercard", "amex"), "Card brands that are taken.")
    reconcile_every_s: float = setting(15.0, "How often payments without an answer are asked after.", 1, 3600)
    reconcile_after_s: float = setting(
        90.0, "How long a payment is left alone before it is asked after, in seconds.", 1, 3600
    )
    reconcile_grace_s: float = setting(
        600.0,
        "How old a payment is, in seconds, when a gateway that never heard of it is believed: nothing that "
        "was sent may arrive later than that.",
        60,
        86_400,
    )


@dataclass(frozen=True, slots=True)
class LinksSettings:
    """Pages on which payers pay."""

    base_url: str = setting(
        "", "Where payers find this API, such as https://pay.example.com; empty is api.host and api.port."
    )
    hours: float = setting(72.0, "How long a link can be opened.", 0.01, 24 * 90)
    upi_wait_s: float = setting(90.0, "How long a call waits for a payment by UPI, in seconds.", 10, 600)


@dataclass(frozen=True, slots=True)
class RoutingSettings:
    """Which gateway a payment goes to, where the line has several."""

    file: str = setting("", "The file with the gateways' costs and the rules (docs/why/routing.md), or none.")
    share_every_s: float = setting(
        1.0, "How often nodes tell each other what they observed of gateways.", 0.1, 60
    )


@dataclass(frozen=True, slots=True)
class FraudSettings:
    """The fraud screen."""

    screen: Literal["on", "watch", "off"] = setting(
        "watch",
        "Purchases are screened before they are charged; `watch` notes what it would do, and lets pass.",
    )
    key: str = setting(
        "",
        "The key of fingerprints, 64 hex digits, the same on all nodes; empty: one is made in `line.data`.",
    )
    model: str = setting("", "A file that `tellerline fraud train` wrote; empty: the one that ships.")
    home: str = setting("US", "The country of your customers (ISO 3166).")
    challenge_score: float = setting(0.4, "From this score of the model on a one-time code is asked.", 0, 1)
    review_score: float = setting(0.75, "From this score on a person decides.", 0, 1)
    refuse_score: float = setting(0.97, "From this score on nothing is charged.", 0, 1)
    unusual_percentile: float = setting(
        100.0, "What is less usual than this share of the training asks for a code.", 50, 100
    )
    card_in_10_minutes: int = setting(4, "From so many uses of a card on a code is asked.", 2, 500)
    caller_in_a_day: int = setting(12, "From so many payments of a caller on a code is asked.", 2, 500)
    cards_of_a_caller: int = setting(
        4, "From so many cards of a caller in a day on a person decides.", 2, 500
    )
    accounts_of_a_card: int = setting(
        4, "From so many accounts of a card in a day on a person decides.", 2, 500
    )
    declines_of_a_card: int = setting(
        4, "From so many refusals of a card in a day on nothing is charged.", 1, 500
    )
    declines_of_an_account: int = setting(
        8, "From so many refusals for an account in a day on a person decides.", 1, 500
    )
    review_above_minor: int = setting(0, "Above this amount (minor units) a person decides; 0: never.", 0)
