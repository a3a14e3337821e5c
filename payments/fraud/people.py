"""What a person decides about a purchase that waited: it passes when it comes again, or never does."""

from datetime import datetime, timedelta
from typing import Final

from core.errors import BadInput
from core.ids import AttemptId
from payments.fraud.keys import Kind, Mark
from payments.fraud.lists import Entry, Lists
from payments.fraud.reviews import Review, Reviews, Standing

APPROVED_FOR: Final = timedelta(days=1)
_KNOWN_BY: Final = (Kind.CARD, Kind.ACCOUNT, Kind.CALLER)


class People:
    """Where people decide; `who` stands in the audit trail."""

    def __init__(self, reviews: Reviews, lists: Lists) -> None:
        self._reviews, self._lists = reviews, lists

    async def approve(self, attempt: AttemptId, who: str, note: str, now: datetime) -> Review:
        """Let the payment pass when it comes again within a day. Raises BadInput when it does not wait."""
        review = await self._decided(attempt, Standing.APPROVED, who, note, now)
        until = now + APPROVED_FOR
        entry = Entry(_mark(review), True, f"{attempt} was approved", who, now, until)
        await self._lists.put(entry)
        return review

    async def refuse(self, attempt: AttemptId, who: str, note: str, now: datetime, *, deny: bool) -> Review:
        """Leave it at that, and `deny` the card for ever. Raises BadInput when it does not wait."""
        review = await self._decided(attempt, Standing.REFUSED, who, note, now)
        if deny:
            await self._lists.put(Entry(_mark(review), False, f"{attempt} was refused", who, now))
        return review

    async def _decided(
        self, attempt: AttemptId, standing: Standing, who: str, note: str, now: datetime
    ) -> Review:
        decided = await self._reviews.decide(attempt, standing, who, note, now)
        if decided is not None:
            return decided
        found = await self._reviews.find(attempt)
        if found is None:
            raise BadInput(f"{attempt} waits for nobody: see `tellerline fraud reviews`")
        raise BadInput(f"{attempt} was {found.standing.value} by {found.decided_by} already")


def _mark(review: Review) -> Mark:
    """What it is known by best: its card, else its account."""
    return min(review.marks, key=lambda mark: _KNOWN_BY.index(mark.kind) if mark.kind in _KNOWN_BY else 9)
