"""What flows work with besides the line: bills, the Desk, and what the operator decided."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from ivr.accounts import Accounts
from ivr.capture.terms import CaptureTerms
from ivr.line import Line
from ivr.result import CallResult
from payments.desk import Desk
from payments.fraud.one_time_code import OneTimeCodes
from payments.links.offering import Offering


@dataclass(frozen=True, slots=True)
class Services:
    """The same for all calls. `agents` is who answers a caller that wants a person; empty: nobody does.

    `codes` sends one-time codes where a payment wants one; None where none can be sent. So it is with
    `links` to pages on which bills are paid.
    """

    accounts: Accounts
    desk: Desk
    cards: CaptureTerms
    agents: str = ""
    codes: OneTimeCodes | None = None
    links: Offering | None = None


Flow = Callable[[Line, Services], Awaitable[CallResult]]
Flows = Mapping[str, Flow]
