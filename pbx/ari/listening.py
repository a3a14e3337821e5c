"""A supervisor's ear on a call: both parties, and nothing while a card is entered."""

from contextlib import suppress

from core.audio import Audio
from core.errors import CallGone, SwitchLost
from pbx.ari.leg import Leg
from pbx.ari.media import AriMedia
from pbx.ari.rest import Rejected, Rest


class AriListening:
    """`listener` is the snoop channel that hears both parties; `media` brings its sound to us."""

    rate_hz = AriMedia.rate_hz

    def __init__(self, rest: Rest, listener: Leg, media: AriMedia) -> None:
        self._rest, self._listener, self._media = rest, listener, media
        self._deaf = False

    async def receive(self) -> Audio:
        """The next 20 ms of both parties; silence while a card is entered."""
        return await self._media.receive()

    async def deafen(self, *, deaf: bool) -> None:
        """Follow the call in and out of card entry."""
        if deaf != self._deaf:
            self._deaf = deaf
            with suppress(CallGone):
                await self._rest.ask(
                    "POST" if deaf else "DELETE", "channels", self._listener.channel, "mute", direction="in"
                )

    async def close(self) -> None:
        """Take the ear away; the call stays up."""
        await self._media.close()
        with suppress(CallGone, Rejected, SwitchLost):
            await self._rest.ask("DELETE", "channels", self._listener.channel)
