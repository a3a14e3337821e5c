"""What is to be captured, how often it may be tried, and what for."""

from dataclasses import dataclass
from typing import Final

from core.errors import BadInput
from core.money import Money
from ivr.capture.prompts import Rule
from ivr.capture.words import Method, TokenType
from ivr.prompt import Prompt
from payments.bank import AccountType
from payments.brand import Brand
from payments.card import MATCHED, CardField

USUAL_BRANDS: Final = frozenset({Brand.VISA, Brand.MASTERCARD, Brand.AMEX})
LONGEST_TIMEOUT_S: Final = 600.0
MOST_ATTEMPTS: Final = 3
LONGEST_NAME: Final = 100
MOST_MINOR: Final = 100_000_000  # one million of a currency with cents, as hosted pay verbs have it

_AGAIN: Final = {first: again for again, first in MATCHED.items()}


@dataclass(frozen=True, slots=True)
class CaptureTerms:
    """The attributes of a hosted pay verb. Raises BadInput, with every mistake, for what cannot be.

    `timeout_s` is how long the caller may wait before a key (None: as at the line's other questions);
    `attempts` how often a field may be tried, 1 to 3. `postal_code` may be the code itself, which is then
    not asked for. `charge` None is: no money, only a token. `matching` names fields that are keyed in twice.
    `confirm` asks for 1 or 2 with the last four digits. `prompts` go before the line's own; `processing` is
    said by a session while the gateway is asked, to a caller who talks with nobody. A capture ends after
    `idle_s` without progress, and after `longest_s` in any case. `holder` is the name on a bank account,
    which nobody keys in; empty, the customer's id stands on the debit.
    """

    method: Method = Method.CREDIT_CARD
    account_type: AccountType = AccountType.CONSUMER_CHECKING
    holder: str = ""
    accepted: frozenset[Brand] = USUAL_BRANDS
    security_code: bool = True
    postal_code: bool | str = False
    shortest_postal: int = 0
    matching: frozenset[CardField] = frozenset()
    confirm: bool = False
    charge: Money | None = None
    token: TokenType = TokenType.ONE_TIME
    description: str = ""
    language: str = ""
    timeout_s: float | None = None
    attempts: int = 2
    prompts: tuple[Rule, ...] = ()
    processing: Prompt | None = None
    steps_back: int = 10
    idle_s: float = 90.0
    longest_s: float = 300.0

    def __post_init__(self) -> None:
        if mistakes := [told for wrong, told in self._doubts() if wrong]:
            raise BadInput("the terms of the capture have mistakes: " + "; ".join(mistakes))

    @property
    def steps(self) -> tuple[CardField, ...]:
        """The fields that are asked for, in order; each that is keyed in twice, twice in a row."""
        if self.method is Method.ACH_DEBIT:
            return (CardField.ROUTING, CardField.ACCOUNT)
        asked = [CardField.NUMBER, CardField.EXPIRY]
        if self.security_code:
            asked.append(CardField.CODE)
        if self.postal_code is True:
            asked.append(CardField.POSTAL)
        return tuple(step for first in asked for step in (first, _AGAIN[first]) if self._is_asked(step))

    def _is_asked(self, step: CardField) -> bool:
        return step not in MATCHED or MATCHED[step] in self.matching

    def _doubts(self) -> list[tuple[bool, str]]:
        charge = self.charge.minor if self.charge else 0
        timeout_s = LONGEST_TIMEOUT_S if self.timeout_s is None else self.timeout_s
        return [
            (not self.accepted, "no brand of card is accepted"),
            (not 1 <= self.attempts <= MOST_ATTEMPTS, f"maxAttempts is 1 to {MOST_ATTEMPTS}"),
            (not 0 < timeout_s <= LONGEST_TIMEOUT_S, f"timeout is 1 to {LONGEST_TIMEOUT_S:g} seconds"),
            (not 0 <= charge <= MOST_MINOR, "chargeAmount is 0 to 1,000,000"),
            (len(self.holder) > LONGEST_NAME, f"bankAccountHolder has at most {LONGEST_NAME} letters"),
            (not 0 <= self.shortest_postal <= 10, "a postal code has at most 10 digits"),
            (not self.matching <= _AGAIN.keys(), "only a card's fields can be keyed in twice"),
        ]
