"""How much to pay: all that is due, or an amount that the caller keys in and confirms."""

from typing import Final

from core.errors import BadInput
from core.money import Money
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import Question, Star, Unanswered
from ivr.steps.menu import ask_yes_no

_AMOUNT_KEYS: Final = 10  # 9999999*99
_CHANGES: Final = 3
_ASK: Final = Prompt("ask_amount")
_CHOICES: Final = {"1": "full", "2": "other", "3": "nothing"}


async def ask_how_much(line: Line, due: Money) -> Money | Unanswered | None:
    """All of it, a part of it, or None when the caller does not want to pay now.

    Who names an amount at once need not choose first.
    """

    async def understand(keys: str) -> str | Money | None:
        return _CHOICES.get(keys) or (read_amount(keys, due) if len(keys) > 1 else None)

    question = Question(
        "how much",
        Prompt("ask_how_much"),
        understand,
        spoken=lambda language: language.choice_or_amount("how much", tuple(_CHOICES), due),
    )
    answer = await line.ask(question)
    match answer:
        case Unanswered():
            return answer
        case Money():
            return await _confirmed(line, due, answer)
        case "other":
            line.answered("how much", "2")
            return await _confirmed(line, due)
        case "full":
            line.answered("how much", "1")
            return due
        case _:
            line.answered("how much", "3")
            return None


async def ask_amount(
    line: Line, most: Money, name: str = "amount", prompt: Prompt = _ASK
) -> Money | Unanswered:
    """Ask for an amount up to `most`, with `*` as the decimal point: `25*50` is 25.50."""

    async def understand(keys: str) -> Money | None:
        return read_amount(keys, most)

    question = Question(
        name,
        prompt,
        understand,
        max_keys=_AMOUNT_KEYS,
        star=Star.POINT,
        no_match=(Prompt("amount_wrong", most=most), Prompt("amount_wrong_again", most=most)),
        spoken=lambda language: language.amount(most),
    )
    return await line.ask(question)


def read_amount(keys: str, most: Money) -> Money | None:
    """What the keys mean; None when it is no amount, nothing, or more than `most`."""
    try:
        amount = Money.parse(keys.replace("*", ".").removesuffix("."), most.currency)
    except BadInput:
        return None
    return amount if 0 < amount.minor <= most.minor else None


async def _confirmed(line: Line, most: Money, named: Money | None = None) -> Money | Unanswered:
    """The amount, read back and found right; `named` was said already."""
    for _ in range(_CHANGES):
        amount = named or await ask_amount(line, most)
        named = None
        if isinstance(amount, Unanswered):
            return amount
        match await ask_yes_no(line, "confirm amount", Prompt("confirm_amount", amount=amount)):
            case True:
                line.answered("amount", str(amount))
                return amount
            case Unanswered() as unanswered:
                return unanswered
            case False:
                pass
    return Unanswered.NO_MATCH
