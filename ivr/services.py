"""What flows work with besides the line: bills, the Desk, and what the operator decided."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from asr.grammar.check import Check
from core.clock import Clock, SystemClock
from ivr.accounts import Accounts
from ivr.capture.terms import CaptureTerms
from ivr.intents import Intents
from ivr.line import Line
from ivr.requests import Requests
from ivr.result import CallResult
from payments.desk import Desk
from payments.fraud.one_time_code import OneTimeCodes
from payments.links.offering import Offering
from payments.links.requesting import UpiRequests


@dataclass(frozen=True, slots=True)
class Services:
    """The same for all calls. `agents` is who answers a caller that wants a person; empty: nobody does.

    `codes` sends one-time codes where a payment wants one; None where none can be sent. So it is with
    `requests` for people, `links` to pages on which bills are paid, `upi`, and `intents`, which reads free
    speech.
    """

    accounts: Accounts
    desk: Desk
    cards: CaptureTerms
    agents: str = ""
    codes: OneTimeCodes | None = None
    requests: Requests | None = None
    links: Offering | None = None
    intents: Intents | None = None
    clock: Clock = field(default_factory=SystemClock)
    account_check: Check = bool
    upi: UpiRequests | None = None


Flow = Callable[[Line, Services], Awaitable[CallResult]]
Flows = Mapping[str, Flow]
