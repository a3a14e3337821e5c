"""Answering disputes: evidence, or giving in; written down first, then sent, then settled."""

from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256

from core.clock import Clock
from core.errors import BadInput
from payments.asking import asked
from payments.disputes import Answer, AnswerKind, AnswerState, Dispute, NoSuchDispute
from payments.gateway import CONTEST, Contests, Gateway
from payments.limits import Limits
from payments.mistakes import CannotDo, UnknownGateway
from payments.notice import DisputeNews, Stage
from payments.orders import EvidenceOrder
from payments.outcome import Approved, Declined, NotAttempted, Outcome, Pending, RequiresAction, Unknown
from payments.stores import Stores

LONGEST_TEXT = 500
"""Characters of evidence: what the strictest gateway takes (Square)."""

_OVER = frozenset({AnswerState.DONE, AnswerState.REFUSED})


class Contesting:
    """Answers disputes. The same key again is the same answer, sent again where it may not have arrived."""

    def __init__(self, stores: Stores, gateways: Mapping[str, Gateway], clock: Clock, limits: Limits) -> None:
        self._disputes, self._gateways = stores.disputes, gateways
        self._clock, self._limits = clock, limits

    async def contest(self, gateway: str, ref: str, text: str, key: str) -> Dispute:
        """Hand evidence in; the dispute with its answer DONE, REFUSED with the reason, or UNKNOWN.

        Raises NoSuchDispute, KeyReused, CannotDo, UnknownGateway, BadInput for a text too long, StoreLost.
        """
        if not 0 < len(text) <= LONGEST_TEXT:
            raise BadInput(f"evidence has {len(text)} characters: write between 1 and {LONGEST_TEXT}")
        order = EvidenceOrder(ref, text, key)
        return await self._say(
            gateway, ref, self._new(AnswerKind.EVIDENCE, key, text), lambda by: by.contest(order)
        )

    async def concede(self, gateway: str, ref: str, key: str) -> Dispute:
        """Give in: the dispute is then lost, and the ledger says so. Raises as `contest` does."""
        answer = self._new(AnswerKind.ACCEPTED, key, "")
        said = await self._say(gateway, ref, answer, lambda by: by.concede(ref, key))
        if said.answer is None or said.answer.state is not AnswerState.DONE or said.stage is not Stage.OPENED:
            return said
        await self._disputes.note(said.payment, _lost(said))
        return await self._disputes.find(gateway, ref) or said

    def _new(self, kind: AnswerKind, key: str, text: str) -> Answer:
        return Answer(kind, key, sha256(text.encode()).hexdigest()[:16], self._clock.now())

    async def _say(
        self, gateway: str, ref: str, answer: Answer, send: Callable[[Contests], Awaitable[Outcome]]
    ) -> Dispute:
        if await self._disputes.find(gateway, ref) is None:
            raise NoSuchDispute(gateway, ref)
        contests = self._able(gateway, ref)
        kept = await self._disputes.answer(gateway, ref, answer)
        if kept.answer is not None and kept.answer.state in _OVER:
            return kept
        outcome = await asked(contests, lambda: send(contests), self._limits.purchase_s)
        state, reason = _came_to(outcome)
        return await self._disputes.answered(gateway, ref, answer.key, state, reason)

    def _able(self, gateway: str, ref: str) -> Contests:
        known = self._gateways.get(gateway)
        if known is None:
            raise UnknownGateway(gateway)
        contests = CONTEST.of(known)
        if contests is None:
            raise CannotDo(f"{gateway} takes no answers to disputes from here: answer {ref} on its own pages")
        return contests


def _came_to(outcome: Outcome) -> tuple[AnswerState, str]:
    match outcome:
        case Approved():
            return AnswerState.DONE, ""
        case Declined(_, gateway_code, _):
            return AnswerState.REFUSED, gateway_code
        case NotAttempted(why):
            return AnswerState.REFUSED, why
        case Unknown(why):
            return AnswerState.UNKNOWN, why
        case RequiresAction() | Pending():
            return AnswerState.UNKNOWN, "the gateway will say later"


def _lost(dispute: Dispute) -> DisputeNews:
    return DisputeNews("", dispute.ref, Stage.LOST, dispute.amount, dispute.reason, dispute.due_by)
