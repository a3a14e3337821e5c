"""Messages kept in memory: a store and a sender for tests and simulations."""

from collections import deque
from dataclasses import replace
from datetime import timedelta

from core.clock import Clock
from core.errors import BadInput
from core.ids import new_id
from core.letter import Letter
from messages.message import Mail, MessageId, MessageState, Text, channel_of
from messages.post import Due, Outcome, Posted
from messages.sender import Accepted, Report, TurnedDown


class MemoryLetters:
    """The Letters protocol: what was handed in, by its key."""

    def __init__(self) -> None:
        self.put_in: dict[str, Letter] = {}

    async def put(self, letter: Letter) -> None:
        """Keep it; a key that is known already changes nothing."""
        channel_of(letter.to)
        self.put_in.setdefault(letter.key, letter)


class MemorySender:
    """Sends nothing, and keeps it by its key; `answers` are what it says next, before it takes all."""

    def __init__(self, name: str = "memory", *, keeps: bool = False) -> None:
        self.name, self.keeps = name, keeps
        self.sent: dict[str, Mail | Text] = {}
        self.answers: deque[Accepted | TurnedDown | Exception] = deque()

    async def send_mail(self, mail: Mail, *, key: str) -> Accepted | TurnedDown:
        """As MailSender says."""
        return self._take(mail, key)

    async def send_text(self, text: Text, *, key: str) -> Accepted | TurnedDown:
        """As TextSender says."""
        return self._take(text, key)

    def _take(self, message: Mail | Text, key: str) -> Accepted | TurnedDown:
        answer = self.answers.popleft() if self.answers else Accepted((f"ref {key}",))
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Accepted):
            self.sent.setdefault(key, message)
        return answer


class MemoryPost:
    """The Post protocol; `jobs` are those that wait, in order."""

    def __init__(self, clock: Clock) -> None:
        self.jobs: list[str] = []
        self._clock = clock
        self._letters: dict[MessageId, tuple[Letter, Posted, tuple[str, ...]]] = {}

    async def put(self, letter: Letter) -> None:
        """As the protocol says."""
        if any(kept.key == letter.key for kept, _, _ in self._letters.values()):
            return
        now, name = self._clock.now(), MessageId(new_id("msg"))
        posted = Posted(
            id=name,
            kind=letter.kind,
            channel=channel_of(letter.to),
            to=letter.to,
            language=letter.language,
            about=letter.about,
            state=MessageState.QUEUED,
            attempts=0,
            sender="",
            reason="",
            created_at=now,
            next_at=now,
            values=dict(letter.values),
        )
        self._letters[name] = (letter, posted, ())
        self.jobs.append(f"{name}/1")

    async def due(self, job: str) -> Due | None:
        """As the protocol says."""
        name, _, attempt = job.partition("/")
        letter, posted, _ = self._letters[MessageId(name)]
        if posted.state is not MessageState.QUEUED or posted.attempts != int(attempt) - 1:
            return None
        return Due(
            id=posted.id,
            attempt=int(attempt),
            kind=posted.kind,
            channel=posted.channel,
            to=posted.to,
            language=posted.language,
            values=posted.values,
            key=letter.key,
            at=posted.created_at,
        )

    async def note(self, due: Due, outcome: Outcome) -> None:
        """As the protocol says."""
        letter, posted, refs = self._letters[due.id]
        if posted.state is not MessageState.QUEUED or posted.attempts != due.attempt - 1:
            return
        now = self._clock.now()
        after = replace(posted, attempts=due.attempt, sender=outcome.sender, next_at=None)
        match outcome.answer:
            case Accepted(refs):
                after = replace(after, state=MessageState.SENT, reason="", sent_at=now)
            case TurnedDown(why) if outcome.again_s is None:
                after = replace(after, state=MessageState.FAILED, reason=why, done_at=now)
            case TurnedDown(why):
                later = now + timedelta(seconds=outcome.again_s or 0)
                after = replace(after, reason=why, next_at=later)
                self.jobs.append(f"{due.id}/{due.attempt + 1}")
        if outcome.forget:
            after = replace(after, values={})
        self._letters[due.id] = (letter, after, refs)

    async def report(self, report: Report) -> bool:
        """As the protocol says."""
        for name, (letter, posted, refs) in self._letters.items():
            if posted.sender == report.sender and report.ref in refs:
                last = report.ref == refs[-1]
                if posted.state is MessageState.SENT and (report.state is MessageState.FAILED or last):
                    now = self._clock.now()
                    after = replace(posted, state=report.state, reason=report.why, done_at=now)
                    self._letters[name] = (letter, after, refs)
                return True
        return False

    async def again(self, message: str) -> None:
        """As the protocol says."""
        name = MessageId(message)
        letter, posted, refs = self._letters.get(name, (None, None, ()))
        if letter is None or posted is None:
            raise BadInput(f"there is no message {message!r}")
        if posted.state is not MessageState.FAILED or not posted.values:
            raise BadInput(f"{message} cannot be sent again: it is {posted.state.value}, or forgotten")
        now = self._clock.now()
        fresh = replace(posted, state=MessageState.QUEUED, attempts=0, done_at=None, next_at=now)
        self._letters[name] = (letter, fresh, refs)
        self.jobs.append(f"{name}/1")

    async def find(self, message: str) -> Posted | None:
        """As the protocol says."""
        found = self._letters.get(MessageId(message))
        return found[1] if found is not None else None
