"""What the operator says of gateways: what they cost, and which purchases may go to which."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.money import Money
from payments.purchase import Method, Purchase


@dataclass(frozen=True, slots=True)
class Cost:
    """What a gateway takes of a payment: `pct` per cent and `fixed_minor`; `risk_pct` is lost to disputes."""

    pct: float = 0.0
    fixed_minor: int = 0
    risk_pct: float = 0.0

    def kept(self, amount: Money) -> float:
        """What is left of an amount, in minor units; below zero where the fee is more than it."""
        return amount.minor * (1.0 - (self.pct + self.risk_pct) / 100.0) - self.fixed_minor


@dataclass(frozen=True, slots=True)
class When:
    """Which purchases a rule is for: all that is named must fit, and what is not named fits always.

    Amounts are in minor units: `at_least` belongs to it, `below` does not.
    """

    currencies: frozenset[str] = frozenset()
    methods: frozenset[Method] = frozenset()
    brands: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    at_least: int = 0
    below: int | None = None

    def fits(self, purchase: Purchase) -> bool:
        """Whether the rule is for this purchase."""
        minor = purchase.amount.minor
        named = (
            (self.currencies, purchase.amount.currency),
            (self.methods, purchase.method),
            (self.brands, purchase.brand),
            (self.regions, purchase.region),
        )
        in_bounds = self.at_least <= minor and (self.below is None or minor < self.below)
        return in_bounds and all(not wanted or value in wanted for wanted, value in named)


@dataclass(frozen=True, slots=True)
class Rule:
    """For purchases that fit `when`: only the gateways in `only` (empty: any), and none of `never`."""

    name: str
    when: When = field(default_factory=When)
    only: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Terms:
    """All of it; a gateway that is not named costs nothing. A second of waiting costs `second_minor`."""

    costs: Mapping[str, Cost] = field(default_factory=lambda: MappingProxyType({}))
    rules: tuple[Rule, ...] = ()
    second_minor: float = 0.0

    def cost(self, gateway: str) -> Cost:
        """What a gateway costs."""
        return self.costs.get(gateway, _FREE)

    def against(self, gateway: str, purchase: Purchase) -> str:
        """The name of the first rule that keeps a purchase from a gateway; empty when none does."""
        return next((rule.name for rule in self.rules if _forbids(rule, gateway, purchase)), "")


_FREE = Cost()


def _forbids(rule: Rule, gateway: str, purchase: Purchase) -> bool:
    if not rule.when.fits(purchase):
        return False
    return gateway in rule.never or bool(rule.only and gateway not in rule.only)
