"""Whom one can call: from an extension, a queue or a number to what Asterisk dials."""

import re

from core.errors import BadInput
from core.near import did_you_mean
from dialplan.exchange import Exchange, Extension

DIAL_CONTEXT = "tellerline-dial"
"""Where the dialplan dials whom the directory names, with the name as the extension."""

_NUMBER = re.compile(r"\+[0-9]{2,15}")


class Directory:
    """The names that an exchange knows."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._lines = {
            spelling for number, entry in exchange.numbers.items() for spelling in (number, *entry.also)
        }

    def endpoint(self, to: str) -> str:
        """What Asterisk dials: `PJSIP/201`, `PJSIP/+15550100@carrier`, `Local/billing@tellerline-dial`.

        A number goes by the trunk with the longest beginning of it. Raises BadInput for an unknown one.
        """
        exchange = self._exchange
        if to in exchange.extensions:
            return f"PJSIP/{to}"
        if to in exchange.queues or to in self._lines:
            return f"Local/{to}@{DIAL_CONTEXT}"
        if trunk := self._trunk(to):
            return f"PJSIP/{to}@{trunk}"
        known = {*exchange.extensions, *exchange.queues, *self._lines}
        raise BadInput(f"nobody is called {to!r}, and no trunk dials it{did_you_mean(to, known)}")

    def browser_of(self, user: str) -> tuple[str, Extension] | None:
        """The extension with which a user takes calls in the browser, by the address they sign in with."""
        for extension, phone in self._exchange.extensions.items():
            if phone.user is not None and phone.user.lower() == user.lower():
                return extension, phone
        return None

    def browser(self, extension: str) -> Extension:
        """A browser's extension. Raises BadInput when there is none of this name."""
        phone = self._exchange.extensions.get(extension)
        if phone is None or not phone.webrtc:
            raise BadInput(
                f"{extension!r} is no extension of a browser: give it `webrtc: yes` in the exchange"
            )
        return phone

    @property
    def first_number(self) -> str:
        """The line's number that stands first in the file."""
        return next(iter(self._exchange.numbers))

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that its numbers answer in, each once."""
        of_numbers = (one.language or self._exchange.language for one in self._exchange.numbers.values())
        return tuple(dict.fromkeys(of_numbers))

    def _trunk(self, number: str) -> str | None:
        if _NUMBER.fullmatch(number) is None:
            return None
        fitting = [
            (len(prefix), name)
            for name, trunk in self._exchange.trunks.items()
            for prefix in trunk.dials
            if number.startswith(prefix) and len(number) > len(prefix) + 1  # as the pattern `_+1X.` asks
        ]
        return max(fitting)[1] if fitting else None
