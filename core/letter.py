"""Something that a person is to be told by mail or text message, and where it is handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.money import Money

Value = str | Money | datetime
"""What a template is filled with; money and times are written as the language writes them."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`kind` says what it is (messages.kinds), `to` is a telephone number (E.164) or a mail address.

    It is sent once for each `key`. An empty `language` is the line's own. `account` is the customer to whom
    it belongs, where one is known: erasing that customer makes it unreadable. `about` is the id of what it
    tells of: a payment, a refund, a link.
    """

    kind: str
    to: str = field(repr=False)
    values: Mapping[str, Value] = field(repr=False)
    key: str
    language: str = ""
    account: str = ""
    about: str = ""


class Letters(Protocol):
    """Where letters are handed in."""

    async def put(self, letter: Letter) -> None:
        """Have it sent soon, once for its key; how far it got is written down.

        Raises BadInput for an address that is none, StoreLost when it could not be written down.
        """
        ...
