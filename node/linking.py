"""Payment links as the settings have them: for the node and for the command line."""

from datetime import timedelta

from core.clock import SystemClock
from core.letter import Letters
from node.api_access import api_url
from node.settings import Settings
from payments.links.offering import Offering
from payments.links.store import Links


def base_url(settings: Settings) -> str:
    """Where payers find our pages."""
    return settings.links.base_url.rstrip("/") or api_url(settings.api)


def offering(settings: Settings, links: Links, letters: Letters) -> Offering:
    """Links that are good for as long as the settings say."""
    lasts = timedelta(hours=settings.links.hours)
    return Offering(links, letters, SystemClock(), base_url=base_url(settings), lasts=lasts)
