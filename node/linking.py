"""Payment links as the settings have them: for the node and for the command line."""

from datetime import timedelta

from core.clock import SystemClock
from node.settings import Settings
from payments.links.offering import Offering
from payments.links.store import Links
from payments.messages import FolderMessages


def base_url(settings: Settings) -> str:
    """Where payers find our pages."""
    return settings.links.base_url.rstrip("/") or f"http://{settings.api.host}:{settings.api.port}"


def offering(settings: Settings, links: Links) -> Offering:
    """Links that are sent by writing them into a folder, until a sender is set up."""
    messages = FolderMessages(settings.line.data / "messages")
    return Offering(
        links,
        messages,
        messages,
        SystemClock(),
        base_url=base_url(settings),
        lasts=timedelta(hours=settings.links.hours),
        company=settings.line.name,
    )
