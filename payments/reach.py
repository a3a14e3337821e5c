"""Whether any gateway can be reached at all, asked before a card is taken."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

import anyio

from core.errors import OutOfReach

_HTTPS: Final = 443


class Reach:
    """Connects to the gateways' addresses, all at once, each for at most `within_s`; nothing is sent."""

    def __init__(self, urls: Sequence[str], within_s: float = 2.0) -> None:
        self._urls, self._within_s = urls, within_s

    async def any(self) -> None:
        """Return when one answers. Raises OutOfReach, naming all, when none does."""
        answered = anyio.Event()
        async with anyio.create_task_group() as group:
            for url in self._urls:
                group.start_soon(self._knock, url, answered, group.cancel_scope)
        if not answered.is_set():
            raise OutOfReach(f"no gateway can be reached: {', '.join(self._urls)}")

    async def _knock(self, url: str, answered: anyio.Event, others: anyio.CancelScope) -> None:
        address = urlsplit(url)
        try:
            with anyio.fail_after(self._within_s):
                stream = await anyio.connect_tcp(address.hostname or "", address.port or _HTTPS)
        except (OSError, TimeoutError):
            return
        answered.set()
        with anyio.CancelScope(shield=True):
            await anyio.aclose_forcefully(stream)
        others.cancel()
