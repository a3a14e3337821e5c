"""The postman: puts a message into words, hands it to its sender, and writes down what came of it."""

from random import Random

import structlog

from core.clock import Clock
from core.errors import OutOfReach
from messages.kinds import Kind, kind_of
from messages.message import Channel
from messages.post import Due, Outcome, Post, again_s
from messages.sender import Accepted, Senders, TurnedDown
from messages.templates import Templates

log = structlog.stdlib.get_logger(__name__)


class Postman:
    """Delivers what is due, at least once: a node that dies after sending sends again, with the same key."""

    def __init__(
        self,
        post: Post,
        templates: Templates,
        senders: Senders,
        clock: Clock,
        chance: Random,
    ) -> None:
        self._post, self._templates = post, templates
        self._senders = senders
        self._clock, self._chance = clock, chance

    async def deliver(self, job: str) -> None:
        """Do the job of one attempt. Raises StoreLost, and is then asked again."""
        due = await self._post.due(job)
        if due is None:
            return
        kind = kind_of(due.kind)
        answer = await self._attempt(due, kind)
        if isinstance(answer, TurnedDown):
            log.warning("message not sent", message=due.id, attempt=due.attempt, why=answer.why)
        await self._post.note(due, self._outcome(due, kind, answer))

    async def _attempt(self, due: Due, kind: Kind) -> Accepted | TurnedDown:
        if self._too_late(due, kind):
            return TurnedDown("it is of no use any more: its time is over", again=False)
        try:
            if due.channel is Channel.EMAIL:
                mail = self._templates.mail(due.kind, due.language, due.to, due.values)
                return await self._senders.mail.send_mail(mail, key=due.key)
            text = self._templates.text(due.kind, due.language, due.to, due.values)
            return await self._senders.text.send_text(text, key=due.key)
        except OutOfReach as error:
            return TurnedDown(str(error), again=True)

    def _outcome(self, due: Due, kind: Kind, answer: Accepted | TurnedDown) -> Outcome:
        sender = self._senders.mail if due.channel is Channel.EMAIL else self._senders.text
        if isinstance(answer, Accepted):
            return Outcome(sender.name, answer, forget=kind.secret and not sender.keeps)
        wait_s = again_s(due.attempt, self._chance) if answer.again else None
        return Outcome(sender.name, answer, wait_s, forget=wait_s is None and kind.within is not None)

    def _too_late(self, due: Due, kind: Kind) -> bool:
        return kind.within is not None and self._clock.now() > due.at + kind.within
