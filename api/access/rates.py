"""How often one may ask: so many a minute for each key, user or address, on each node for itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from api.problem import NotDone
from core.clock import Clock

_WINDOW_S: Final = 60
_MOST_KNOWN: Final = 50_000


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a limit, and in how many seconds it begins anew."""

    limit: int
    left: int
    again_s: int

    @property
    def headers(self) -> dict[str, str]:
        """As clients read it (draft-ietf-httpapi-ratelimit-headers)."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.again_s),
            "RateLimit-Policy": f"{self.limit};w={_WINDOW_S}",
        }


STANDING: Final = web.RequestKey("standing", Standing)
"""Where the gate leaves what is told in the headers of an answer."""


class Rates:
    """Counts in windows of a minute; a limit of 0 is none."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._window = clock, 0
        self._counts: dict[str, int] = {}

    def take(self, whose: str, limit: int) -> Standing | None:
        """Count one. Raises NotDone (429) when there were `limit` in this minute; None without a limit."""
        if not limit:
            return None
        standing = self.look(whose, limit)
        if not standing.left:
            raise NotDone(
                429,
                "too_many_requests",
                f"{limit} a minute are served: ask again in {standing.again_s} s",
                {**standing.headers, "Retry-After": str(standing.again_s)},
            )
        self._counts[whose] = self._counts.get(whose, 0) + 1
        return Standing(limit, standing.left - 1, standing.again_s)

    def look(self, whose: str, limit: int) -> Standing:
        """What is left, without counting."""
        now = self._begin(self._clock.now())
        return Standing(limit, max(0, limit - self._counts.get(whose, 0)), _WINDOW_S - now % _WINDOW_S)

    def _begin(self, at: datetime) -> int:
        now = int(at.timestamp())
        if now // _WINDOW_S != self._window or len(self._counts) > _MOST_KNOWN:
            self._window = now // _WINDOW_S
            self._counts.clear()
        return now


async def tell_standing(request: web.Request, response: web.StreamResponse) -> None:
    """Put what is left on each answer, as a signal of the application."""
    standing = request.get(STANDING)
    if standing is not None:
        for name, value in standing.headers.items():
            response.headers.setdefault(name, value)
