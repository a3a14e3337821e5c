"""Which account the call is about: the caller's number knows it, or the caller keys it in."""

from dataclasses import dataclass
from typing import Final

from asr.grammar.check import Check
from asr.grammar.repair import repaired
from ivr.accounts import Account, Accounts
from ivr.line import Line
from ivr.prompt import Digits, Prompt
from ivr.question import Question, Unanswered
from ivr.steps.menu import ask_yes_no

_SAID: Final = 2  # of a number so much is said and written down: it tells two accounts of one caller apart
_TRIES: Final = 3
_GROUP: Final = 4

NUMBER_KEYS: Final = 12  # account numbers are shorter than any card's, so a card keyed in here is cut


@dataclass(frozen=True, slots=True)
class _Repaired:
    """An account whose number is the one that was given but for a slip; the caller must say so."""

    account: Account


async def ask_account(line: Line, accounts: Accounts, check: Check = bool) -> Account | Unanswered:
    """Offer the account of the caller's number if there is one, else ask for the number. Raises StoreLost.

    With a `check` of its digits a number that fails it is repaired where that is possible, and read back.
    """
    known = await accounts.by_caller(line.caller) if line.caller else None
    if known is not None:
        match await ask_yes_no(line, "found account", Prompt("found_account", ending=ending(known))):
            case True:
                return _noted(line, known)
            case Unanswered() as unanswered:
                return unanswered
            case False:
                pass
    return await _keyed(line, accounts, check)


def ending(account: Account) -> Digits:
    """The last two digits, as they are said to whoever calls."""
    return Digits(account.number[-_SAID:])


async def say_due(line: Line, account: Account) -> None:
    """Say what is due on it, or that nothing is."""
    if account.due.minor <= 0:
        await line.say(Prompt("nothing_due", ending=ending(account)))
    else:
        await line.say(Prompt("due", ending=ending(account), amount=account.due))


async def _keyed(line: Line, accounts: Accounts, check: Check) -> Account | Unanswered:
    async def understand(digits: str) -> Account | _Repaired | None:
        if check is bool or check(digits):
            return await accounts.by_number(digits)
        for candidate in repaired([digits], check):
            if (found := await accounts.by_number(candidate)) is not None:
                return _Repaired(found)
        return None

    question = Question(
        "account",
        Prompt("ask_account"),
        understand,
        max_keys=NUMBER_KEYS,
        no_match=(Prompt("account_not_found"), Prompt("account_not_found_again")),
        spoken=lambda language: language.digits(NUMBER_KEYS, check),
    )
    for _ in range(_TRIES):
        given = await line.ask(question)
        answer = await _confirmed(line, given.account) if isinstance(given, _Repaired) else given
        match answer:
            case Account():
                return _noted(line, answer)
            case Unanswered():
                return answer
    return Unanswered.NO_MATCH


async def _confirmed(line: Line, account: Account) -> Account | Unanswered | None:
    """None when it is another one."""
    number = Digits(account.number, group=_GROUP)
    right = await ask_yes_no(line, "confirm account", Prompt("confirm_account", number=number))
    if isinstance(right, Unanswered):
        return right
    return account if right else None


def _noted(line: Line, account: Account) -> Account:
    line.answered("account", "x" * (len(account.number) - _SAID) + account.number[-_SAID:])
    return account
