"""Payment links as the settings have them: for the node and for the command line."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from core.clock import Clock, SystemClock
from core.ids import CallId
from core.letter import Letters
from db.calls import StoredSessions
from node.api_access import api_url
from node.settings import Settings
from payments.gateway import Gateway
from payments.links.judging import Judging
from payments.links.offering import Offering
from payments.links.paying import Paying
from payments.links.requesting import UpiRequests
from payments.links.store import Links
from payments.risk import Fraud
from payments.route import Router
from payments.store import Payments


def base_url(settings: Settings) -> str:
    """Where payers find our pages."""
    return settings.links.base_url.rstrip("/") or api_url(settings.api)


def offering(settings: Settings, links: Links, letters: Letters) -> Offering:
    """Links that are good for as long as the settings say."""
    lasts = timedelta(hours=settings.links.hours)
    return Offering(links, letters, SystemClock(), base_url=base_url(settings), lasts=lasts)


def judging(
    payments: Payments, router: Router, fraud: Fraud, sessions: StoredSessions, clock: Clock
) -> Judging:
    """The rules that hold on a call, for what is paid on a page."""

    async def caller_of(call: CallId) -> str:
        found = await sessions.find(call)
        return found.caller if found is not None and found.caller.startswith("+") else ""

    return Judging(payments, router, fraud, clock, caller_of)


def paying(
    links: Links, payments: Payments, gateways: Mapping[str, Gateway], chance: Random, judged: Judging
) -> Paying:
    """What lets links be paid."""
    return Paying(links, payments, list(gateways.values()), SystemClock(), chance, judging=judged)


def upi_requests(
    settings: Settings,
    links: Links,
    payments: Payments,
    gateways: Mapping[str, Gateway],
    chance: Random,
    *,
    judged: Judging,
) -> UpiRequests:
    """Requests for money at callers' telephones."""
    return UpiRequests(
        links,
        payments,
        list(gateways.values()),
        SystemClock(),
        chance,
        base_url=base_url(settings),
        wait_s=settings.links.upi_wait_s,
        judging=judged,
    )
