"""What flows work with besides the line: bills, the Desk, and what the operator decided."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from ivr.accounts import Accounts
from ivr.line import Line
from ivr.result import CallResult
from ivr.secure import CardTerms
from payments.desk import Desk


@dataclass(frozen=True, slots=True)
class Services:
    """The same for all calls. `agents` is who answers a caller that wants a person; empty: nobody does."""

    accounts: Accounts
    desk: Desk
    cards: CardTerms
    agents: str = ""


Flow = Callable[[Line, Services], Awaitable[CallResult]]
Flows = Mapping[str, Flow]
