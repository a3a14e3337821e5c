"""Whom one can call: from an extension, a queue or a number to what Asterisk dials."""

import re

from core.errors import BadInput
from core.near import did_you_mean
from dialplan.exchange import Exchange

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
