"""What is sealed, and where it stands."""

from typing import Final

from db.keys import Place

NUMBER: Final = "accounts.number"
CALLER: Final = "caller"
ADDRESS: Final = "address"
"""The names of the blind indexes; callers of calls and callers of accounts are found by the same."""


def number_of(account: str) -> Place:
    """An account's number."""
    return Place("accounts", "number", account)


def name_of(account: str) -> Place:
    """An account holder's name."""
    return Place("accounts", "name", account)


def caller_of_account(account: str) -> Place:
    """A telephone number that an account is known by."""
    return Place("account_callers", "caller", account)


def caller_of_call(call: str) -> Place:
    """The number of a call's other party."""
    return Place("calls", "caller", call)


def email_of(account: str) -> Place:
    """An account holder's mail address."""
    return Place("accounts", "email", account)


def phone_of(account: str) -> Place:
    """The number that an account holder gets text messages at."""
    return Place("accounts", "phone", account)
