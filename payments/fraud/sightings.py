"""Where and when marks were seen: the store that velocity windows are counted from."""

from bisect import insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from core.ids import AttemptId
from payments.fraud.keys import Kind, Mark

SHORT: Final = timedelta(minutes=10)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
MOST: Final = 500  # of a mark's newest sightings count: a switchboard's number has thousands


@dataclass(frozen=True, slots=True)
class Sighting:
    """A purchase as it is remembered; `amount` is in major units of its own currency."""

    attempt: AttemptId
    at: datetime
    amount: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Velocity:
    """What was seen of one mark before a purchase, in the windows that end with it.

    `declines_day` counts those that a bank refused; `partners_day` how many different cards were seen with
    it (for a card: how many accounts), this purchase's included; `mean_week` is the mean amount. Only the
    newest `MOST` count.
    """

    short: int = 0
    hour: int = 0
    day: int = 0
    week: int = 0
    declines_day: int = 0
    partners_day: int = 0
    mean_week: float = 0.0


NOTHING: Final = Velocity()
Velocities = Mapping[Kind, Velocity]


class Sightings(Protocol):
    """Shared by all nodes. Raises StoreLost when it does not answer."""

    async def see(self, sightings: Sequence[Sighting]) -> list[Velocities]:
        """Write sightings down, and say what was seen of their marks before each: all or nothing.

        Sightings of one batch do not count for each other, nor does one that was written before count twice.
        """
        ...

    async def declined(self, attempts: Sequence[AttemptId]) -> None:
        """Note that a bank refused them."""
        ...

    async def forget(self, before: datetime) -> int:
        """Remove older sightings; how many."""
        ...


def partner_of(mark: Mark, sighting: Sighting) -> Mark | None:
    """Whom a mark is counted with: a card with its account, everything else with its card."""
    wanted = Kind.ACCOUNT if mark.kind is Kind.CARD else Kind.CARD
    return next((other for other in sighting.marks if other.kind is wanted), None)


@dataclass(slots=True)
class _Seen:
    at: datetime
    amount: float
    partner: str
    declined: bool = False


class MemorySightings:
    """Sightings in memory: for tests, and for replaying transactions to train a model."""

    def __init__(self) -> None:
        self._of: dict[Mark, list[_Seen]] = defaultdict(list)
        self._by_attempt: dict[AttemptId, list[_Seen]] = {}

    async def see(self, sightings: Sequence[Sighting]) -> list[Velocities]:
        """As the protocol says."""
        return self.see_now(sightings)

    def see_now(self, sightings: Sequence[Sighting]) -> list[Velocities]:
        """The same for those who do not wait."""
        found: list[Velocities] = [
            {mark.kind: self._velocity(mark, one) for mark in one.marks} for one in sightings
        ]
        for one in sightings:
            if one.attempt not in self._by_attempt:
                self._by_attempt[one.attempt] = [self._write(mark, one) for mark in one.marks]
        return found

    async def declined(self, attempts: Sequence[AttemptId]) -> None:
        """As the protocol says."""
        self.declined_now(attempts)

    def declined_now(self, attempts: Sequence[AttemptId]) -> None:
        """The same for those who do not wait."""
        for attempt in attempts:
            for seen in self._by_attempt.get(attempt, ()):
                seen.declined = True

    async def forget(self, before: datetime) -> int:
        """As the protocol says."""
        old = [name for name, seen in self._by_attempt.items() if not seen or seen[0].at < before]
        for name in old:
            del self._by_attempt[name]
        for several in self._of.values():
            several[:] = [seen for seen in several if seen.at >= before]
        return len(old)

    def _write(self, mark: Mark, sighting: Sighting) -> _Seen:
        partner = partner_of(mark, sighting)
        seen = _Seen(sighting.at, sighting.amount, partner.hash if partner else "")
        insort(self._of[mark], seen, key=lambda one: one.at)
        return seen

    def _velocity(self, mark: Mark, sighting: Sighting) -> Velocity:
        mine = self._by_attempt.get(sighting.attempt, ())
        week = self._within(mark, sighting.at, mine)
        since_short, since_hour, since_day = (sighting.at - window for window in (SHORT, HOUR, DAY))
        day = [one for one in week if one.at > since_day]
        partner = partner_of(mark, sighting)
        partners = {one.partner for one in day} | {partner.hash if partner else ""}
        return Velocity(
            short=sum(one.at > since_short for one in day),
            hour=sum(one.at > since_hour for one in day),
            day=len(day),
            week=len(week),
            declines_day=sum(one.declined for one in day),
            partners_day=len(partners - {""}),
            mean_week=sum(one.amount for one in week) / len(week) if week else 0.0,
        )

    def _within(self, mark: Mark, at: datetime, mine: Sequence[_Seen]) -> list[_Seen]:
        """A week of a mark's sightings, from the newest backwards; there may be years of them."""
        found: list[_Seen] = []
        for one in reversed(self._of[mark]):
            if one.at <= at - WEEK or len(found) == MOST:
                break
            if one.at <= at and not any(one is own for own in mine):
                found.append(one)
        return found
