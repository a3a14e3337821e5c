"""Sound files that Asterisk plays to one channel, at no cost to us."""

import anyio

from core.errors import Refused
from pbx.ari.leg import Leg
from pbx.ari.rest import Rejected, Rest

_GONE = 404


class AriPlayback:
    """Made before Asterisk is asked to play, under an id of ours."""

    def __init__(self, rest: Rest, leg: Leg, playback_id: str) -> None:
        self.id = playback_id
        self._rest, self._leg = rest, leg
        self._done = anyio.Event()
        self._stopped = self._failed = False

    async def finished(self) -> bool:
        """Wait until it ends; True when it was heard whole, False when it was stopped.

        Raises Refused when Asterisk could not play it, CallGone when the call ended first.
        """
        if not self._done.is_set():
            await self._leg.wait(self._done)
        if self._failed and not self._stopped:
            raise Refused(
                f"Asterisk could not play {self.id}: are the sound files there, in a format it knows?"
            )
        return not self._stopped

    async def stop(self) -> None:
        """Silence it at once. Stopping what has ended already does nothing."""
        if self._stopped or self._done.is_set() or self._leg.how is not None:
            return
        self._stopped = True
        try:
            await self._rest.ask("DELETE", "playbacks", self.id)
        except Rejected as no:
            if no.status != _GONE:
                raise
            self._stopped = False  # it ended by itself, just now

    def finish(self, *, failed: bool) -> None:
        """Asterisk says that it ended. One that fails because the caller hung up waits for the call's end."""
        if failed and self._leg.ending:
            return
        self._failed = failed
        self._done.set()

    async def check(self) -> None:
        """After a lost connection: ask whether it still plays, for its end may have gone unheard."""
        try:
            await self._rest.ask("GET", "playbacks", self.id)
        except Rejected:
            self._done.set()
