"""Payment links as the settings have them: for the node and for the command line."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from core.clock import Clock, SystemClock
from core.letter import Letters
from node.api_access import api_url
from node.settings import Settings
from payments.gateway import Gateway
from payments.links.offering import Offering
from payments.links.paying import Paying
from payments.links.requesting import UpiRequests
from payments.links.store import Links
from payments.links.watching import Watching
from payments.store import Payments


def base_url(settings: Settings) -> str:
    """Where payers find our pages."""
    return settings.links.base_url.rstrip("/") or api_url(settings.api)


def offering(settings: Settings, links: Links, letters: Letters) -> Offering:
    """Links that are good for as long as the settings say."""
    lasts = timedelta(hours=settings.links.hours)
    return Offering(links, letters, SystemClock(), base_url=base_url(settings), lasts=lasts)


def watching(
    links: Links, payments: Payments, gateways: Mapping[str, Gateway], clock: Clock, chance: Random
) -> Watching:
    """What looks after links whose payers are at a gateway."""
    return Watching(links, Paying(links, payments, list(gateways.values()), clock, chance), clock)


def upi_requests(
    settings: Settings,
    links: Links,
    payments: Payments,
    gateways: Mapping[str, Gateway],
    chance: Random,
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
    )
