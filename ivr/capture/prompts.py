"""What is said for a step, an error, a brand and an attempt: rules, of which the most special one counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ivr.capture.words import ErrorType
from ivr.prompt import Prompt
from payments.brand import Brand
from payments.card import CardField


@dataclass(frozen=True, slots=True)
class Rule:
    """A prompt, and what it is for; an empty set is any. A rule with errors says what is wrong, others ask.

    Attempts count from 1.
    """

    prompt: Prompt
    steps: frozenset[CardField] = frozenset()
    errors: frozenset[ErrorType] = frozenset()
    brands: frozenset[Brand] = frozenset()
    attempts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a capture is when something is to be said."""

    step: CardField
    brand: Brand | None
    attempt: int


def _asked(step: CardField, prompt: Prompt, *brands: Brand) -> Rule:
    return Rule(prompt, frozenset({step}), brands=frozenset(brands))


def _wrong(error: ErrorType, prompt: Prompt) -> Rule:
    return Rule(prompt, errors=frozenset({error}))


_RULES: Final[Sequence[Rule]] = (
    _asked(CardField.NUMBER, Prompt("card_number")),
    _asked(CardField.EXPIRY, Prompt("card_expiry")),
    _asked(CardField.CODE, Prompt("card_code")),
    _asked(CardField.CODE, Prompt("card_code_amex"), Brand.AMEX),
    _asked(CardField.POSTAL, Prompt("card_postal")),
    _asked(CardField.ROUTING, Prompt("bank_routing")),
    _asked(CardField.ACCOUNT, Prompt("bank_account")),
    _asked(CardField.NUMBER_AGAIN, Prompt("card_number_again")),
    _asked(CardField.EXPIRY_AGAIN, Prompt("card_expiry_again")),
    _asked(CardField.CODE_AGAIN, Prompt("card_code_again")),
    _asked(CardField.POSTAL_AGAIN, Prompt("card_postal_again")),
    _wrong(ErrorType.TIMEOUT, Prompt("card_no_input")),
    _wrong(ErrorType.NUMBER, Prompt("card_number_wrong")),
    _wrong(ErrorType.BRAND, Prompt("card_brand_not_accepted")),
    _wrong(ErrorType.EXPIRY, Prompt("card_expiry_wrong")),
    _wrong(ErrorType.CODE, Prompt("card_code_wrong")),
    _wrong(ErrorType.POSTAL, Prompt("card_postal_wrong")),
    _wrong(ErrorType.ROUTING, Prompt("bank_routing_wrong")),
    _wrong(ErrorType.ACCOUNT, Prompt("bank_account_wrong")),
    _wrong(ErrorType.MATCH, Prompt("card_inputs_differ")),
)


def asking(own: Sequence[Rule], moment: Moment) -> Prompt:
    """The question for a step."""
    return _best([rule for rule in (*_RULES, *own) if not rule.errors and _fits(rule, moment)])


def refusing(own: Sequence[Rule], moment: Moment, error: ErrorType) -> Prompt:
    """What is wrong with what was keyed in at the step."""
    return _best([rule for rule in (*_RULES, *own) if error in rule.errors and _fits(rule, moment)])


def _best(rules: Sequence[Rule]) -> Prompt:
    """The one that says most closely what it is for; of equals the last, so that own ones come first."""
    return max(enumerate(rules), key=lambda placed: (_special(placed[1]), placed[0]))[1].prompt


def _special(rule: Rule) -> int:
    return sum(map(bool, (rule.steps, rule.brands, rule.attempts)))


def _fits(rule: Rule, moment: Moment) -> bool:
    return (
        (not rule.steps or moment.step in rule.steps)
        and (not rule.brands or moment.brand in rule.brands)
        and (not rule.attempts or moment.attempt in rule.attempts)
    )
