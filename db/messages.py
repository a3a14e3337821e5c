"""Messages on their way (messages.post), in PostgreSQL: each change with the job that it causes."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Update, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from core.clock import Clock
from core.errors import BadInput
from core.ids import new_id
from core.letter import Letter
from db.audit import append
from db.engine import Work
from db.message_rows import WITH_KEYS, opened, posted_of, sealed_row
from db.message_tables import messages
from db.people import ERASED, People
from db.queue import Queue
from db.storable import storable
from messages.kinds import kind_of
from messages.message import Channel, MessageId, MessageState, channel_of
from messages.post import Due, Outcome, Posted
from messages.sender import Accepted, Report, TurnedDown

SEND: Final = "send_message"
"""The job of one attempt; its subject is the message and the attempt's number."""

_KEPT = messages.c
_FRESH: Final = {
    "state": MessageState.QUEUED.value,
    "attempts": 0,
    "reason": "",
    "refs": [],
    "sent_at": None,
    "done_at": None,
}
_QUEUED = _KEPT.state == MessageState.QUEUED.value
_SENT = _KEPT.state == MessageState.SENT.value


class StoredPost:
    """The Post protocol over PostgreSQL; with `people`, addresses and contents are sealed."""

    def __init__(self, work: Work, queue: Queue, clock: Clock, people: People | None) -> None:
        self._work, self._queue, self._clock, self._people = work, queue, clock, people

    async def put(self, letter: Letter) -> None:
        """Write it down with the job that sends it; one whose key is known already changes nothing."""
        async with self._work.begin() as tx:
            await self.put_in(tx, letter)

    async def put_in(self, tx: AsyncConnection, letter: Letter) -> None:
        """The same, in the transaction of the change that causes it."""
        channel = channel_of(letter.to)
        if channel not in kind_of(letter.kind).channels:
            raise BadInput(f"a {letter.kind} does not go by {channel.value}")
        name = MessageId(new_id("msg"))
        sealed = await sealed_row(tx, self._people, letter, name, channel)
        if sealed is None:
            return
        row = sealed | self._row(letter, name, channel)
        new = insert(messages).values(row).on_conflict_do_nothing().returning(_KEPT.id)
        if (await tx.execute(new)).first() is not None:
            await self._queue.put(tx, SEND, f"{name}/1")

    async def due(self, job: str) -> Due | None:
        """The attempt that a job is for; a message whose person was erased fails here."""
        name, _, number = job.partition("/")
        this = WITH_KEYS.where(_KEPT.id == name, _QUEUED, _KEPT.attempts == int(number) - 1)
        async with self._work.begin() as tx:
            row = (await tx.execute(this)).mappings().first()
            if row is None:
                return None
            to, values = opened(self._people, row)
            if to == ERASED:
                failed = self._failed("the person was erased")
                await tx.execute(update(messages).where(_KEPT.id == name).values(failed))
                return None
        return Due(
            id=MessageId(name),
            attempt=int(number),
            kind=row["kind"],
            channel=Channel(row["channel"]),
            to=to,
            language=row["language"],
            values=values,
            key=row["key"],
            at=row["created_at"],
        )

    async def note(self, due: Due, outcome: Outcome) -> None:
        """Write down what came of an attempt, together with the job of the next one."""
        now = self._clock.now()
        changed = self._changed(due, outcome, now)
        if outcome.forget:
            changed = changed.values(content="", content_sealed=None)
        async with self._work.begin() as tx:
            if (await tx.execute(changed)).rowcount and self._is_tried_again(outcome):
                await self._queue.put(tx, SEND, f"{due.id}/{due.attempt + 1}", outcome.again_s or 0)

    async def report(self, report: Report) -> bool:
        """Note what a provider told; a message of many parts is delivered when its last part is."""
        has = _KEPT.refs.contains(literal([report.ref], ARRAY(Text)))
        this = select(_KEPT.id, _KEPT.refs).where(_KEPT.sender == report.sender, has, _KEPT.refs != [])
        done = {"state": report.state.value, "reason": storable(report.why), "done_at": self._clock.now()}
        async with self._work.begin() as tx:
            row = (await tx.execute(this.order_by(_KEPT.created_at.desc()).limit(1))).first()
            if row is None:
                return False
            if report.state is MessageState.FAILED or row.refs[-1] == report.ref:
                await tx.execute(update(messages).where(_KEPT.id == row.id, _SENT).values(done))
        return True

    async def again(self, message: str) -> None:
        """Send a FAILED message once more, from the first attempt on."""
        async with self._work.begin() as tx:
            locked = select(messages).where(_KEPT.id == message).with_for_update()
            row = (await tx.execute(locked)).mappings().first()
            if row is None:
                raise BadInput(f"there is no message {message!r}: `tellerline messages list` shows them")
            if row["state"] != MessageState.FAILED.value:
                raise BadInput(f"{message} is {row['state']}: what failed can be sent again")
            if row["content_sealed"] is None and not row["content"]:
                raise BadInput(f"{message} cannot be sent again: what it said is forgotten")
            this = update(messages).where(_KEPT.id == message)
            await tx.execute(this.values(_FRESH | {"next_at": self._clock.now()}))
            await self._queue.put(tx, SEND, f"{message}/1")
            await append(tx, self._clock.now(), "message sent again", message, {"kind": row["kind"]})

    async def find(self, message: str) -> Posted | None:
        """One message."""
        async with self._work.single() as tx:
            row = (await tx.execute(WITH_KEYS.where(_KEPT.id == message))).mappings().first()
        return posted_of(self._people, row) if row is not None else None

    def _row(self, letter: Letter, name: MessageId, channel: Channel) -> dict[str, object]:
        now = self._clock.now()
        return {
            "id": name,
            "key": letter.key,
            "kind": letter.kind,
            "channel": channel.value,
            "language": letter.language,
            "account": letter.account or None,
            "about": letter.about,
            "created_at": now,
            "next_at": now,
        }

    def _changed(self, due: Due, outcome: Outcome, now: datetime) -> Update:
        this = update(messages).where(_KEPT.id == due.id, _QUEUED, _KEPT.attempts == due.attempt - 1)
        this = this.values(attempts=due.attempt, sender=outcome.sender, next_at=None)
        match outcome.answer:
            case Accepted(refs):
                return this.values(state=MessageState.SENT.value, reason="", refs=list(refs), sent_at=now)
            case TurnedDown(why) if outcome.again_s is None:
                return this.values(self._failed(why))
            case TurnedDown(why):
                later = now + timedelta(seconds=outcome.again_s or 0)
                return this.values(reason=storable(why), next_at=later)

    def _failed(self, why: str) -> dict[str, object]:
        return {"state": MessageState.FAILED.value, "reason": storable(why), "done_at": self._clock.now()}

    @staticmethod
    def _is_tried_again(outcome: Outcome) -> bool:
        return isinstance(outcome.answer, TurnedDown) and outcome.again_s is not None
