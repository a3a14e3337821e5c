"""The fraud screen: marks, velocities, limits, lists and model come to one verdict (payments.risk.Fraud)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import anyio
import structlog

from core.clock import Clock
from core.errors import StoreLost
from core.ids import AttemptId
from payments.card import CardEntry
from payments.fraud.features import major, row
from payments.fraud.judgement import Bounds, judged, limits_passed, model_says
from payments.fraud.keys import Mark, Marker
from payments.fraud.lists import Listed, Lists
from payments.fraud.model import Model
from payments.fraud.reviews import Review, Reviews
from payments.fraud.sightings import Sighting, Sightings
from payments.outcome import DeclineCode, Declined
from payments.purchase import Operation, Purchase
from payments.risk import Decision, Verdict
from payments.route import Happened

log = structlog.stdlib.get_logger(__name__)

WATCHING: Final = "watching only; would be: "
"""How the first reason begins while the screen only watches; the decision follows."""

_EVERY_S: Final = 2.0
_FORGET_EVERY_S: Final = 3600.0
_KEEP: Final = timedelta(days=8)  # a week is counted
_MOST_UNWRITTEN: Final = 10_000


@dataclass(frozen=True, slots=True)
class Stores:
    """What is shared with the other nodes."""

    sightings: Sightings
    lists: Lists
    reviews: Reviews


class Screen:
    """Scores purchases. `run` belongs to the node's task group."""

    def __init__(
        self,
        marker: Marker,
        model: Model,
        stores: Stores,
        clock: Clock,
        *,
        bounds: Bounds,
        home: str = "",
        watch: bool = False,
    ) -> None:
        """`home` is the country (ISO 3166) of the line's customers; with `watch` all passes, with a note."""
        self._marker, self._model, self._stores = marker, model, stores
        self._clock, self._bounds, self._home, self._watch = clock, bounds, home, watch
        self._listed = Listed()
        self._declined: list[AttemptId] = []

    def fingerprint(self, card: CardEntry) -> str:
        """The keyed HMAC of a card's number, from the buffer itself."""
        return self._marker.fingerprint(card)

    async def score(self, purchase: Purchase) -> Verdict:
        """Decide about a purchase; it is written down as seen, and for a person's review where it needs one.

        Raises StoreLost.
        """
        marks = self._marker.marks(purchase)
        sighting = Sighting(purchase.attempt, purchase.at, major(purchase.amount), marks)
        (seen,) = await self._stores.sightings.see([sighting])
        numbers = row(purchase, seen, self._home)
        score = self._model.score(numbers)
        verdict = self._listed_verdict(purchase, marks, score) or judged(
            purchase,
            [
                *limits_passed(purchase, seen, self._bounds),
                *model_says(score, self._model.unusual(numbers), self._bounds),
            ],
            score,
            self._model.version,
        )
        if self._watch:
            return _only_noted(verdict)
        if verdict.decision is Decision.REVIEW:
            await self._stores.reviews.add([_review(purchase, verdict, marks)])
        return verdict

    def note(self, happened: Happened) -> None:
        """A bank's refusal counts for the card, the caller and the account; a gateway's trouble does not."""
        if happened.operation is Operation.LINK:
            return  # no bank was asked: the gateway made no page
        match happened.outcome:
            case Declined(code=code) if code is not DeclineCode.PROCESSING_ERROR:
                if len(self._declined) < _MOST_UNWRITTEN:
                    self._declined.append(happened.purchase.attempt)

    async def run(self) -> None:
        """Read the lists again and again, and write down what banks refused, until cancelled."""
        await self._try_share()
        forgotten_s = anyio.current_time()
        while True:
            await anyio.sleep(_EVERY_S)
            await self._try_share()
            if anyio.current_time() - forgotten_s >= _FORGET_EVERY_S:
                forgotten_s = anyio.current_time()
                await self._try_forget()

    async def share(self) -> None:
        """Write the refusals down, and read the lists again."""
        declined, self._declined = self._declined, []
        try:
            await self._stores.sightings.declined(declined)
        except StoreLost:
            self._declined = [*declined, *self._declined]
            raise
        self._listed.replace(await self._stores.lists.all())

    def _listed_verdict(self, purchase: Purchase, marks: Sequence[Mark], score: float) -> Verdict | None:
        entry = self._listed.find(marks, purchase.at)
        if entry is None:
            return None
        decision = Decision.ALLOW if entry.allow else Decision.REFUSE
        which = "allowed" if entry.allow else "denied"
        reason = f"its {entry.mark.kind.value} is {which} by a list: {entry.reason}"
        return Verdict(decision, score, (reason,), self._model.version)

    async def _try_share(self) -> None:
        try:
            await self.share()
        except StoreLost as error:
            log.warning("lists and refusals are not shared for now", error=str(error))

    async def _try_forget(self) -> None:
        try:
            await self._stores.sightings.forget(self._clock.now() - _KEEP)
        except StoreLost as error:
            log.warning("old sightings are not removed for now", error=str(error))


def _only_noted(verdict: Verdict) -> Verdict:
    if verdict.decision is Decision.ALLOW:
        return verdict
    note = f"{WATCHING}{verdict.decision.value}"
    return replace(verdict, decision=Decision.ALLOW, reasons=(note, *verdict.reasons))


def _review(purchase: Purchase, verdict: Verdict, marks: Sequence[Mark]) -> Review:
    return Review(
        purchase.attempt,
        purchase.at,
        purchase.account,
        purchase.call,
        purchase.amount,
        purchase.brand,
        purchase.last4,
        verdict.score,
        verdict.reasons,
        verdict.model,
        tuple(marks),
    )
