"""Which account the call is about: the caller's number knows it, or the caller keys it in."""

from typing import Final

from ivr.accounts import Account, Accounts
from ivr.line import Line
from ivr.prompt import Digits, Prompt
from ivr.question import Question, Unanswered
from ivr.steps.menu import ask_yes_no

_SAID: Final = 2  # of a number so much is said and written down: it tells two accounts of one caller apart
NUMBER_KEYS: Final = 12  # account numbers are shorter than any card's, so a card keyed in here is cut


async def ask_account(line: Line, accounts: Accounts) -> Account | Unanswered:
    """Offer the account of the caller's number if there is one, else ask for the number. Raises StoreLost."""
    known = await accounts.by_caller(line.caller) if line.caller else None
    if known is not None:
        match await ask_yes_no(line, "found account", Prompt("found_account", ending=ending(known))):
            case True:
                return _noted(line, known)
            case Unanswered() as unanswered:
                return unanswered
            case False:
                pass
    return await _keyed(line, accounts)


def ending(account: Account) -> Digits:
    """The last two digits, as they are said to whoever calls."""
    return Digits(account.number[-_SAID:])


async def _keyed(line: Line, accounts: Accounts) -> Account | Unanswered:
    not_found = (Prompt("account_not_found"), Prompt("account_not_found_again"))
    question = Question(
        "account",
        Prompt("ask_account"),
        accounts.by_number,
        max_keys=NUMBER_KEYS,
        no_match=not_found,
        spoken=lambda language: language.digits(NUMBER_KEYS),
    )
    answer = await line.ask(question)
    return answer if isinstance(answer, Unanswered) else _noted(line, answer)


def _noted(line: Line, account: Account) -> Account:
    line.answered("account", "x" * (len(account.number) - _SAID) + account.number[-_SAID:])
    return account
