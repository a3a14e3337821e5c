"""Looking after links whose payer went to the gateway: one who paid may never come back to our page."""

from datetime import timedelta
from typing import Final

from core.clock import Clock
from payments.links.link import LinkId, LinkState
from payments.links.paying import Paying
from payments.links.store import Links

_WAITS_S: Final = (60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 3 * 3600.0, 6 * 3600.0, 12 * 3600.0)
_DAY_S: Final = 86400.0
_AFTER: Final = timedelta(days=3)


class Watching:
    """Asks the gateway about a link's payment, less and less often, until it is over or nobody can pay it."""

    def __init__(self, links: Links, paying: Paying, clock: Clock) -> None:
        self._links, self._paying, self._clock = links, paying, clock

    async def look(self, subject: str) -> None:
        """The job of a link: its id, and how often it was looked at. Raises StoreLost, to be asked again.

        Three days after the link expired a gateway that never heard of the payment is believed.
        """
        name, _, times = subject.partition(" ")
        link = await self._links.find(LinkId(name))
        if link is None or link.state(self._clock.now()) is not LinkState.PAYING:
            return
        last = self._clock.now() >= link.expires_at + _AFTER
        link = await self._paying.look(link, believes_nothing=last)
        if link.state(self._clock.now()) is LinkState.PAYING and not last:
            looked = int(times or 0)
            await self._links.watch(
                link.id, looked + 1, _WAITS_S[looked] if looked < len(_WAITS_S) else _DAY_S
            )
