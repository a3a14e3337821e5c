"""The telephones that browsers may be, from the admin's file and the settings."""

from api.broadcast import Broadcast
from api.routes.phones import BrowserPhone, Phones
from dialplan.directory import Directory
from dialplan.exchange import Extension
from node.settings import Settings


def phones(settings: Settings, directory: Directory, facts: Broadcast) -> Phones:
    """Raises BadInput when `api.open_phone` names no extension of a browser."""

    def of(user: str) -> BrowserPhone | None:
        found = directory.browser_of(user) if user else None
        return _phone(*found) if found is not None else None

    shared = settings.api.open_phone
    return Phones(
        of,
        _phone(shared, directory.browser(shared), directory.first_number) if shared else None,
        f"{settings.switch.url.rstrip('/')}/ws",
        facts,
    )


def _phone(extension: str, phone: Extension, calls: str = "") -> BrowserPhone:
    return BrowserPhone(extension, phone.name or extension, phone.password.get_secret_value(), calls)
